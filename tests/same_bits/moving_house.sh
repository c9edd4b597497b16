#!/usr/bin/env bash
# moving_house.sh: a training run that is passed on every 50 steps by its checkpoint, AVX-512 -> Cortex-M4F -> 64-bit
# NEON -> SSE2 -> 32-bit NEON, ends with the bits of a run that stayed at home. A CPU without AVX-512 begins
# with AVX2. Needs the builds of those targets.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=tests/same_bits/targets.sh
. "$here/targets.sh"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
steps=50

for target in x86_64 cortex-m4 aarch64 armv7; do
    why=$(lacking "$target")
    if [ -n "$why" ]; then
        echo "SKIP: $target: $why"
        exit 77
    fi
done

# run TARGET FROM TO STEPS [ISA]: prints what house prints.
run() {
    find_runner "$1"
    "${runner[@]}" "$(program_of "$1" house)" "${@:2}"
}

best=$("$(program_of x86_64 same_bits)" --list | head -n 1)
legs=("x86_64 $best" "cortex-m4 vfp" "aarch64 neon" "x86_64 sse2" "armv7 neon")
run x86_64 - "$scratch/home" $((steps * ${#legs[@]})) "$best" >"$scratch/wanted"
printf '%-11s %s\n' 'at home' "$(cat "$scratch/wanted")"

from=-
for leg in "${legs[@]}"; do
    read -r target isa <<<"$leg"
    # A board's firmware has one instruction set, and takes no choice.
    choice=("$isa")
    [ "$target" != cortex-m4 ] || choice=()
    run "$target" "$from" "$scratch/moved" $steps ${choice[@]+"${choice[@]}"} >"$scratch/said"
    grep -q "^house isa=$isa " "$scratch/said" || { echo "$target did not run on $isa: $(cat "$scratch/said")"; exit 1; }
    printf '%-11s %s\n' "$target" "$(cat "$scratch/said")"
    mv "$scratch/moved" "$scratch/from"
    from=$scratch/from
done
if [ "$(sed 's/isa=[^ ]*//' "$scratch/said")" != "$(sed 's/isa=[^ ]*//' "$scratch/wanted")" ] || ! cmp "$from" "$scratch/home"; then
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi
echo "the checkpoint that moved is the one that stayed, byte for byte"
echo "1 passed, 0 failed, 0 skipped"
