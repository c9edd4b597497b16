#!/usr/bin/env bash
# readme.sh BUILD: builds the C programs in README.md against the library of a build of the host, runs them, and holds
# what they print against what README.md says of them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readme=$here/../README.md
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

die() {
    echo "readme.sh: $1" >&2
    exit 1
}

[ -x "${1-}/mote" ] || die "needs a build directory with the program mote in it"
build=$1

# Writes the blocks marked as C to program-1.c, program-2.c …
awk -v folder="$scratch" '
    /^```c$/ { file = folder "/program-" ++count ".c"; next }
    /^```/ { file = "" }
    file != "" { print > file }' "$readme"
programs=("$scratch"/program-*.c)
[ -f "${programs[0]}" ] || die "README.md has no C program"

"$build/mote" train names --recipe demo-names --steps 300 -o "$scratch/names.mote" --quiet
"$build/mote" export "$scratch/names.mote" -o "$scratch/names.h" 2>"$scratch/log"

talks=0 recites=0
for program in "${programs[@]}"; do
    name=$(basename "$program" .c)
    cc -std=c99 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror "-I$here/../lib" "-I$scratch" "$program" \
        "$build/lib/libmote.a" -o "$scratch/$name"
    "$scratch/$name" >"$scratch/$name.txt" || die "$name fails: $(cat "$scratch/$name.txt")"
    if grep -q '"names.h"' "$program"; then
        options=$(sed -n "s/^It prints what \`mote sample names.mote \(.*\)\` prints.*/\1/p" "$readme")
        read -ra options <<<"$options"
        "$build/mote" sample "$scratch/names.mote" "${options[@]}" >"$scratch/wanted.txt"
        cmp "$scratch/wanted.txt" "$scratch/$name.txt" || die "$name says something else than mote sample"
        talks=$((talks + 1))
    else
        line=$(sed -n 's/^static const char line\[\] = "\(.*\)";$/\1/p' "$program")
        [ -n "$line" ] || die "$name: nothing is known of what it should print"
        grep -qxF "$line" "$scratch/$name.txt" || die "$name does not recite its line: $(cat "$scratch/$name.txt")"
        recites=$((recites + 1))
    fi
    echo "$name: $(tail -n 1 "$scratch/$name.txt")"
done
# The sizes of the example, by the macros that it speaks of.
cat >"$scratch/sizes.c" <<'SIZES'
#include <mote.h>
#include <stdio.h>
int main(void) {
    const uint64_t learn = MOTE_RNN_MODEL_BYTES(65, 0, 64, 1) +
                           MOTE_RNN_TRAINER_BYTES(65, 0, 64, 1, 1, 16, MOTE_ADAGRAD, MOTE_WORKSPACE_NONE);
    printf("%u %u %u\n", (unsigned)MOTE_RNN_BLOB_BYTES(65, 0, 64, 1),
           (unsigned)(MOTE_OPEN_BYTES + MOTE_RNN_STATE_BYTES(65, 0, 64, 1)), (unsigned)learn);
    return 0;
}
SIZES
cc -std=c99 "-I$here/../lib" "$scratch/sizes.c" -o "$scratch/sizes"
read -r flash run learn <<<"$("$scratch/sizes" | sed -E 's/([0-9])([0-9]{3})\b/\1,\2/g')"
tr '\n' ' ' <"$readme" | grep -qF "lies in $flash bytes of flash, runs in $run bytes of RAM, and learns in $learn," ||
    die "the sizes of the example are $flash, $run and $learn"
echo "sizes: $flash, $run, $learn"

[ $((talks * recites)) -gt 0 ] || die "README.md lacks a program that runs a model, or one that learns"
echo "$((talks + recites + 1)) passed, 0 failed, 0 skipped"
