#!/usr/bin/env bash
# readme.sh BUILD: builds the C programs of README.md and of the READMEs in the folders against the library of a build
# of the host, runs them, and compares what they print with what the page says of them. Compares the memory in the READMEs
# and in MICROCONTROLLERS.md with the size macros, code and instructions in the READMEs with MICROCONTROLLERS.md, and the
# dump of a blob in FORMAT.md with a real one.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/..
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

die() {
    echo "readme.sh: $1" >&2
    exit 1
}

[ -x "${1-}/mote" ] || die "needs a build directory with the program mote in it"
build=$1

# Writes the blocks of all READMEs that are marked as C and have a main() to program-1.c, program-2.c …
mapfile -t pages < <(git -C "$root" ls-files -co --exclude-standard '*README.md' | sed "s|^|$root/|")
awk -v folder="$scratch" '
    FNR == 1 { text = ""; on = 0 }
    /^ *```c$/ { on = 1; text = ""; next }
    on && /^ *```/ {
        on = 0
        if (text ~ /int main\(/) printf "%s", text > (folder "/program-" ++count ".c")
    }
    on { text = text $0 "\n" }' "${pages[@]}"
programs=("$scratch"/program-*.c)
[ -f "${programs[0]}" ] || die "the READMEs have no C program"

"$build/mote" train names --recipe demo-names --steps 300 -o "$scratch/names.mote" --quiet
"$build/mote" export "$scratch/names.mote" -o "$scratch/names.h" 2>"$scratch/log"

samples=0 recitations=0 others=0
for program in "${programs[@]}"; do
    name=$(basename "$program" .c)
    cc -std=c99 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror "-I$root/lib" "-I$scratch" "$program" \
        "$build/lib/libmote.a" -o "$scratch/$name"
    "$scratch/$name" >"$scratch/$name.txt" || die "$name fails: $(cat "$scratch/$name.txt")"
    line=$(sed -n 's/^static const char line\[\] = "\(.*\)";$/\1/p' "$program")
    if grep -q '"names.h"' "$program"; then
        options=$(sed -n "s/^It prints what \`mote sample names.mote \(.*\)\` prints.*/\1/p" "$root/README.md")
        read -ra options <<<"$options"
        "$build/mote" sample "$scratch/names.mote" "${options[@]}" >"$scratch/wanted.txt"
        cmp "$scratch/wanted.txt" "$scratch/$name.txt" || die "$name prints something else than mote sample"
        samples=$((samples + 1))
    elif [ -n "$line" ]; then
        grep -qxF "$line" "$scratch/$name.txt" || die "$name does not recite its line: $(cat "$scratch/$name.txt")"
        recitations=$((recitations + 1))
    else
        [ ! -s "$scratch/$name.txt" ] || die "$name: nothing is known of what it should print"
        others=$((others + 1))
    fi
    echo "$name: $(tail -n 1 "$scratch/$name.txt")"
done
[ $((samples * recitations)) -gt 0 ] || die "the READMEs lack a program that runs a model, or one that learns"

# The sizes in the text, by the macros: bytes of the blob, to run, and to learn with each optimizer.
cat >"$scratch/sizes.c" <<'SIZES'
#include <mote.h>
#include <stdio.h>
#define LEARN(optimizer, ...) \
    (unsigned)(MOTE_MODEL_BYTES(__VA_ARGS__) + MOTE_TRAINER_BYTES(__VA_ARGS__, 1, 16, optimizer, 0))
#define PRINT(name, shape)                                                                    \
    printf("%s %u %u %u %u %u %u\n", name, (unsigned)MOTE_BLOB_BYTES(shape),                  \
           (unsigned)(MOTE_OPEN_BYTES + MOTE_STATE_BYTES(shape)), LEARN(MOTE_SGD, shape),     \
           LEARN(MOTE_MOMENTUM, shape), LEARN(MOTE_ADAGRAD, shape), LEARN(MOTE_ADAMW, shape))
int main(void) {
    PRINT("RNN", MOTE_SHAPE_RNN(65, 0, 64, 1));
    PRINT("GRU", MOTE_SHAPE_GRU(65, 0, 64, 1));
    PRINT("MLP", MOTE_SHAPE_MLP(27, 3, 10, 64, 1));
    PRINT("bigram", MOTE_SHAPE_BIGRAM(65));
    printf("handle %u\n", (unsigned)MOTE_OPEN_BYTES);
    printf("codec %u\n", (unsigned)(MOTE_OPEN_BYTES + MOTE_CODEC_BYTES(MOTE_SHAPE_INT8(MOTE_SHAPE_GRU(224, 16, 88, 1)))));
    printf("completer %u\n", (unsigned)MOTE_COMPLETER_BYTES(MOTE_SHAPE_RNN(65, 0, 64, 1), 8, 32, 3));
    printf("names %u\n", (unsigned)(MOTE_BLOB_BYTES(MOTE_SHAPE_RNN(27, 6, 40, 1)) + MOTE_SECTION_BYTES(128)));
    return 0;
}
SIZES
cc -std=c99 "-I$root/lib" "$scratch/sizes.c" -o "$scratch/sizes"
"$scratch/sizes" >"$scratch/sizes.txt"

commas() { sed -E ':a; s/([0-9])([0-9]{3})(,|$)/\1,\2\3/; ta'; }
# size_of NAME FIELD: a number that the macros gave, with commas.
size_of() { awk -v name="$1" -v field="$2" '$1 == name { print $field }' "$scratch/sizes.txt" | commas; }

# measured LABEL COLUMN [TABLE]: a figure of MICROCONTROLLERS.md with commas, the first line with that label, behind the
# head of that table. Columns: M0 is 5 before the last one, M4F 3.
measured() {
    awk -v label="$1" -v before_last="$2" -v table="${3-}" '
        index($0, table) { on = 1 }
        on && index($0, label) {
            sub(/ +(met|missed)$/, "")
            print $(NF - before_last)
            exit
        }' "$root/MICROCONTROLLERS.md" | commas
}

# states PAGE TEXT: fails where the page, its lines joined, does not have the text.
states() { tr '\n' ' ' <"$root/$1" | grep -qF "$2" || die "$1 should have: $2"; }

# The rows of README.md's table.
readonly m0=5 m4f=3
for model in RNN GRU MLP bigram; do
    instructions='a table look-up and a draw'
    case $model in
    RNN) label="M1 RNN" ;;
    GRU) label="GRU, a character and" ;;
    MLP) label="M3 MLP" ;;
    *) label="" ;;
    esac
    [ -z "$label" ] || instructions="$(measured "$label" $m4f) (M0: $(measured "$label" $m0))"
    kind=${model,,} blob=$(size_of $model 2) run=$(size_of $model 3) learn=$(size_of $model 4)
    code=$(measured " $kind, inference" $m4f) training=$(measured " $kind, training, sgd" $m4f)
    row="| $blob | $code | $run | $instructions | $training | $learn |"
    grep -F "| $model, " "$root/README.md" | grep -qF "$row" || die "README.md's row of the $model should end: $row"
    echo "$model: $row"
done

# What else the READMEs say of memory and code.
states lib/README.md "lies in $(size_of RNN 2) bytes of flash, runs in $(size_of RNN 3) bytes of RAM, and learns in \
$(size_of RNN 6), one row of 16 characters a step, with Adagrad"
states README.md "$(size_of handle 2) bytes of RAM for its handle"
states lib/README.md "a one-hot RNN of 65 characters and 64 units takes $(size_of completer 2) bytes to complete"
states platform/README.md "\`names.h\` is the model, $(size_of names 2) bytes for the flash"
sgd=' rnn, training, sgd' inference=' rnn, inference' lto='-Os and -flto'
states lib/README.md "takes $(measured "$inference" $m4f) bytes of code to open and draw from, $(measured "$sgd" $m4f) to \
learn by SGD as well; with \`-flto\` $(measured "$inference" $m4f "$lto") and $(measured "$sgd" $m4f "$lto")"

# What messages cost.
of_messages=' messages, int8'
while IFS= read -r cost; do states platform/MESSAGES.md "$cost |"; done <<COSTS
| flash for the model | $(measured "$of_messages " $m4f) bytes
| flash for the code, to decompress | $(measured "$of_messages, decompressing" $m4f) bytes (\`-Os\`)
| to compress as well | $(measured "$of_messages, compressing, too" $m4f) bytes
the codec and its state | $(size_of codec 2) bytes, beside room for a message and a packet
| stack | $(measured "$of_messages, compressing" $m4f 'bytes of stack') bytes
| instructions, a character to a packet | $(measured "$of_messages, a character to" $m4f) (a Cortex-M0: $(measured \
    "$of_messages, a character to" $m0))
| instructions, a character of a message again | $(measured "$of_messages, a character of" $m4f) (a Cortex-M0: $(measured \
    "$of_messages, a character of" $m0))
COSTS

# The RAM that MICROCONTROLLERS.md found in its programs, on every processor. They learn from a blob in flash: open it,
# copy the model, train and run it.
rows=0
for model in RNN GRU MLP bigram; do
    read -r _ _ run sizes < <(grep "^$model " "$scratch/sizes.txt")
    read -r sgd momentum adagrad adamw <<<"$sizes"
    for row in inference:0 sgd:$sgd momentum:$momentum adagrad:$adagrad adamw:$adamw; do
        label=" ${model,,}, ${row%:*}"
        [ "${row%:*}" = inference ] || label=" ${model,,}, training, ${row%:*}"
        for column in 5 4 3 2 1 0; do
            got=$(measured "$label" $column 'bytes of RAM') wanted=$(commas <<<$((run + ${row#*:})))
            [ "$got" = "$wanted" ] || die "MICROCONTROLLERS.md, RAM,$label: $got bytes, but the macros give $wanted"
        done
        rows=$((rows + 1))
    done
done
[ "$(measured 'M8 of M2' $m4f)" = "$(size_of RNN 4)" ] || die "MICROCONTROLLERS.md, RAM: M8 is $(size_of RNN 4) bytes"
echo "MICROCONTROLLERS.md: $rows rows of RAM are those of the macros"

# The beginning of a blob in FORMAT.md, by the commands that stand above it.
sed -n '/^## A worked example/,$p' "$root/lib/format/FORMAT.md" >"$scratch/example.md"
awk '/^```sh$/ { on = 1; next } /^```/ { on = 0 } on' "$scratch/example.md" >"$scratch/commands.sh"
grep -E '^([0-9]{7} |\*$)' "$scratch/example.md" >"$scratch/dump.txt"
[ -s "$scratch/dump.txt" ] || die "FORMAT.md has no dump of a blob"
program_folder=$(cd "$build" && pwd)
(cd "$scratch" && PATH=$program_folder:$PATH bash -e commands.sh) >"$scratch/printed.txt" 2>"$scratch/log"
head -n "$(wc -l <"$scratch/dump.txt")" "$scratch/printed.txt" >"$scratch/wanted.txt"
diff "$scratch/dump.txt" "$scratch/wanted.txt" || die "FORMAT.md shows other bytes than its commands print"
echo "FORMAT.md: $(wc -l <"$scratch/dump.txt") lines of a blob"

echo "$((samples + recitations + others + 11)) passed, 0 failed, 0 skipped"
