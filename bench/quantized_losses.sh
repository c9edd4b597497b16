#!/usr/bin/env bash
# quantized_losses.sh [--bits 8|4] [--seeds N] [--models FOLDER] [RECIPE …]: what weights of integers cost: trains
# recipes, or the given ones, over N seeds (5), and prints the loss of float32 and the mean and the largest difference to
# it of the model quantized on the text that it learned from, and of one that has learned a fifth more steps with such
# weights. The bound is that of the first with 8 bits, which are the usual ones, and that of the second with 4.
# --models keeps the trained models, or takes those that are there, NAME-SEED.mote and .checkpoint. Exit status 1 where a
# difference is above its bound, or a model cannot be measured.
#
# The losses are those of the whole dev part; charlm has none, so it is measured on its own text. The texts are not part
# of the project: MOTE_DATA is the folder that holds them (default: ../shared/data beside it). MOTE is the program
# (default: build/release/mote).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
data=${MOTE_DATA:-../shared/data}
mote=${MOTE:-build/release/mote}
seeds=5
bits=8
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
models=$scratch

die() {
    echo "quantized_losses: $1" >&2
    exit 2
}

# Name, text, recipe, what it is measured on, the bounds of 8 and of 4 bits in nats a character.
systems='
charlm           quotes.txt          -   0.01  0.01
names-best       names.txt           dev 0.002 0.01
names-gru        names.txt           dev 0.002 0.01
bengio-mlp-wide  names.txt           dev 0.002 0.01
shakespeare-best tinyshakespeare.txt dev 0.002 0.01
shakespeare-gru  tinyshakespeare.txt dev 0.002 0.01
'

wanted=()
while [ $# -gt 0 ]; do
    case $1 in
    --bits)
        [[ ${2-} =~ ^[48]$ ]] || die "--bits: must be 8 or 4"
        bits=$2
        shift
        ;;
    --seeds)
        [[ ${2-} =~ ^[1-9][0-9]*$ ]] || die "--seeds: must be a number"
        seeds=$2
        shift
        ;;
    --models)
        [ -n "${2-}" ] || die "--models: must be a folder"
        models=$2
        shift
        ;;
    -*) die "unknown option \"$1\"; usage: quantized_losses.sh [--bits 8|4] [--seeds N] [--models FOLDER] [RECIPE …]" ;;
    *)
        grep -q "^$1 " <<<"$systems" || die "there is no \"$1\" here"
        wanted+=("$1")
        ;;
    esac
    shift
done
[ -x "$mote" ] || die "there is no $mote; build it, or say where it is in MOTE"

is_wanted() {
    [ ${#wanted[@]} -gt 0 ] || return 0
    for one in "${wanted[@]}"; do [ "$one" != "$1" ] || return 0; done
    return 1
}

# loss MODEL TEXT [--split PART]
loss() {
    "$mote" eval "$1" "$data/$2" "${@:3}" --json >"$scratch/log" || return 1
    grep -o '"loss":[0-9.e-]*' "$scratch/log" | cut -d: -f2
}

# trained MODEL NAME TEXT SEED: makes MODEL.mote and its checkpoint, where they are not there.
trained() {
    if [ -f "$1.mote" ] && [ -f "$1.checkpoint" ]; then return 0; fi
    "$mote" train "$data/$3" --recipe "$2" --seed "$4" -o "$1.mote" --checkpoint "$1.checkpoint" --quiet >"$scratch/log"
}

# learned MODEL TEXT: makes $scratch/learned.mote of the checkpoint, after a fifth more steps.
learned() {
    local steps
    steps=$("$mote" inspect "$1.mote" --json | grep -o '"steps":[0-9]*' | head -n 1 | cut -d: -f2) || return 1
    "$mote" train "$data/$2" --resume "$1.checkpoint" --steps $((steps + steps / 5)) --quantize "$bits" \
        -o "$scratch/learned.mote" --quiet >"$scratch/log"
}

# losses NAME TEXT PART SEED: of float32, of the quantized model, and of the one that has learned so, on a line. Fails
# where a command does.
losses() {
    local model=$models/$1-$4 part=() floats quantized learned
    [ "$3" = - ] || part=(--split "$3")
    rm -f "$scratch/quantized.mote" "$scratch/learned.mote"
    trained "$model" "$1" "$2" "$4" || return 1
    "$mote" quantize "$model.mote" -o "$scratch/quantized.mote" --bits "$bits" --corpus "$data/$2" --json \
        >"$scratch/log" || return 1
    learned "$model" "$2" || return 1
    floats=$(loss "$model.mote" "$2" "${part[@]}") &&
        quantized=$(loss "$scratch/quantized.mote" "$2" "${part[@]}") &&
        learned=$(loss "$scratch/learned.mote" "$2" "${part[@]}") || return 1
    echo "$floats $quantized $learned"
}

missed=0
printf '%-17s %5s %9s %10s %8s %10s %8s %6s\n' system seeds float32 quantized largest learned largest bound
while read -r name text part bound8 bound4; do
    if [ -z "$name" ] || ! is_wanted "$name"; then continue; fi
    [ -f "$data/$text" ] || die "there is no $data/$text; MOTE_DATA says where it is"
    bound=$bound8
    [ "$bits" = 8 ] || bound=$bound4
    rows=
    for ((seed = 1; seed <= seeds; seed++)); do
        if ! row=$(losses "$name" "$text" "$part" "$seed"); then
            echo "quantized_losses: $name with seed $seed cannot be measured" >&2
            exit 1
        fi
        rows+=$row$'\n'
    done
    awk -v name="$name" -v bound="$bound" -v bits="$bits" '
        {
            floats += $1; plain += $2 - $1; learned += $3 - $1
            if (NR == 1 || $2 - $1 > most) most = $2 - $1
            if (NR == 1 || $3 - $1 > most_learned) most_learned = $3 - $1
        }
        END {
            bounded = bits == 8 ? most : most_learned
            printf "%-17s %5d %9.4f %+10.4f %+8.4f %+10.4f %+8.4f %6s  %s\n", name, NR, floats / NR, plain / NR, most,
                learned / NR, most_learned, bound, bounded <= bound ? "ok" : "MISSED"
            exit bounded > bound
        }' <<<"${rows%$'\n'}" || missed=$((missed + 1))
done <<<"$systems"
[ $missed -eq 0 ]
