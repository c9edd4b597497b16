#!/usr/bin/env bash
# quantized_losses.sh [--seeds N] [--models FOLDER] [RECIPE …]: what weights of int8 cost: trains recipes, or the given
# ones, over N seeds (5), quantizes each model on the text that it learned from, and prints the loss of float32 and the
# mean and the largest difference of int8 to it, beside the bound. --models keeps the trained models, or takes those that
# are there, NAME-SEED.mote. Exit status 1 where a difference is above its bound, or a model cannot be measured.
#
# The losses are those of the whole dev part; charlm has none, so it is measured on its own text. The texts are not part
# of the project: MOTE_DATA is the folder that holds them (default: ../shared/data beside it). MOTE is the program
# (default: build/release/mote).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
data=${MOTE_DATA:-../shared/data}
mote=${MOTE:-build/release/mote}
seeds=5
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
models=$scratch

die() {
    echo "quantized_losses: $1" >&2
    exit 2
}

# Name, text, options of the training, what it is measured on, the bound in nats a character.
systems='
charlm           quotes.txt          --recipe=charlm                   -     0.01
names-best       names.txt           --recipe=names-best               dev   0.002
names-gru        names.txt           --recipe=names-gru                dev   0.002
bengio-mlp-wide  names.txt           --recipe=bengio-mlp-wide          dev   0.002
shakespeare-best tinyshakespeare.txt --recipe=shakespeare-best         dev   0.002
shakespeare-gru  tinyshakespeare.txt --recipe=shakespeare-gru          dev   0.002
'

wanted=()
while [ $# -gt 0 ]; do
    case $1 in
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
    -*) die "unknown option \"$1\"; usage: quantized_losses.sh [--seeds N] [--models FOLDER] [RECIPE …]" ;;
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

# losses NAME TEXT OPTIONS PART SEED: of float32 and of int8, on a line. Fails where a command does.
losses() {
    local model=$models/$1-$5.mote quantized=$scratch/int8.mote arguments part=() before after
    if [ ! -f "$model" ]; then
        IFS=, read -ra arguments <<<"$3"
        "$mote" train "$data/$2" "${arguments[@]}" --seed "$5" -o "$model" --quiet >"$scratch/log" || return 1
    fi
    [ "$4" = - ] || part=(--split "$4")
    rm -f "$quantized"
    "$mote" quantize "$model" -o "$quantized" --corpus "$data/$2" --json >"$scratch/log" || return 1
    before=$(loss "$model" "$2" "${part[@]}") && after=$(loss "$quantized" "$2" "${part[@]}") || return 1
    echo "$before $after"
}

missed=0
printf '%-18s %6s %10s %17s %17s %8s\n' system seeds float32 'int8, mean' 'int8, largest' bound
while read -r name text options part bound; do
    if [ -z "$name" ] || ! is_wanted "$name"; then continue; fi
    [ -f "$data/$text" ] || die "there is no $data/$text; MOTE_DATA says where it is"
    rows=
    for ((seed = 1; seed <= seeds; seed++)); do
        if ! row=$(losses "$name" "$text" "$options" "$part" "$seed"); then
            echo "quantized_losses: $name with seed $seed cannot be measured" >&2
            exit 1
        fi
        rows+=$row$'\n'
    done
    awk -v name="$name" -v bound="$bound" '
        { before += $1; more += $2 - $1; if (NR == 1 || $2 - $1 > most) most = $2 - $1 }
        END {
            printf "%-18s %6d %10.4f %+17.4f %+17.4f %8s  %s\n", name, NR, before / NR, more / NR, most, bound,
                most <= bound ? "ok" : "MISSED"
            exit most > bound
        }' <<<"${rows%$'\n'}" || missed=$((missed + 1))
done <<<"$systems"
[ $missed -eq 0 ]
