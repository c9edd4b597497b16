#!/usr/bin/env bash
# resume_across_targets.sh: a training run whose checkpoint changes target every 50 steps, AVX-512 -> Cortex-M4F ->
# 64-bit NEON -> SSE2 -> 32-bit NEON, ends with the bits of a run that stays on one target. A CPU without AVX-512 begins
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

# run TARGET FROM TO STEPS [ISA]: prints what resume_training prints.
run() {
    find_runner "$1"
    "${runner[@]}" "$(program_of "$1" resume_training)" "${@:2}"
}

best=$("$(program_of x86_64 same_bits)" --list | head -n 1)
stages=("x86_64 $best" "cortex-m4 vfp" "aarch64 neon" "x86_64 sse2" "armv7 neon")
run x86_64 - "$scratch/single" $((steps * ${#stages[@]})) "$best" >"$scratch/wanted"
printf '%-11s %s\n' 'one target' "$(cat "$scratch/wanted")"

from=-
for stage in "${stages[@]}"; do
    read -r target isa <<<"$stage"
    # A board's firmware has one instruction set, and takes no choice.
    choice=("$isa")
    [ "$target" != cortex-m4 ] || choice=()
    run "$target" "$from" "$scratch/moved" $steps ${choice[@]+"${choice[@]}"} >"$scratch/printed"
    if ! grep -q "^resume_training isa=$isa " "$scratch/printed"; then
        echo "$target did not run on $isa: $(cat "$scratch/printed")"
        exit 1
    fi
    printf '%-11s %s\n' "$target" "$(cat "$scratch/printed")"
    mv "$scratch/moved" "$scratch/from"
    from=$scratch/from
done
without_isa() { sed 's/isa=[^ ]*//' "$1"; }
if [ "$(without_isa "$scratch/printed")" != "$(without_isa "$scratch/wanted")" ] ||
    ! cmp "$from" "$scratch/single"; then
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi
echo "the checkpoint that changed target is that of the run on one target, byte for byte"
echo "1 passed, 0 failed, 0 skipped"
