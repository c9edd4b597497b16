#!/usr/bin/env bash
# same-bits.sh [--long] [TARGET …]: builds one corpus of cases (every model, learning, running, sampling, random numbers,
# counting, checkpoints, numbers that are none) for every target that can be built and run here, or for those named,
# runs it on each of their instruction sets, and prints what differs and a table of cases and targets. All of them then
# read the same bad packets, and without names a training run moves from target to target.
# --long: all cases where a target can hold them, and each target also built with other compilers and flags. --list: the
# targets, and what is lacking for them here.
# Exit status: 0 when no bit differs, 1 when one does or a build fails; 2 for arguments that cannot be used. What is
# skipped is listed and counted.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=tests/same_bits/targets.sh
. tests/same_bits/targets.sh
logs=build/same-bits
wanted=() long=() move=1 status=0

usage() {
    echo "same-bits.sh: $1; usage: same-bits.sh [--long] [--list] [TARGET …]; targets: ${targets[*]} ${long_targets[*]}" >&2
    exit 2
}

list_targets() {
    local target why
    for target in "${targets[@]}" "${long_targets[@]}"; do
        why=$(lacking "$target")
        printf '%-20s %s\n' "$target" "${why:-can be built and run}"
    done
}

# build_target TARGET: its programs; the log is shown where that fails.
build_target() {
    local folder options log
    folder=$(build_of "$1")
    log=$logs/$1.log
    find_options "$1"
    echo "building $1 in $folder"
    if ! { cmake --preset "$(preset_of "$1")" -B "$folder" -DMOTE_BUILD_TESTS=ON "${options[@]}" &&
        cmake --build "$folder" -j "$(nproc)" --target same_bits sizes resume_training bad_packets; } >"$log" 2>&1; then
        tail -n 20 "$log"
        echo "FAIL: $1 does not build; $log"
        return 1
    fi
}

for argument; do
    case $argument in
    --long) long=(--long) ;;
    --list)
        list_targets
        exit
        ;;
    *)
        printf '%s\n' "${targets[@]}" "${long_targets[@]}" | grep -qxF -- "$argument" || usage "no target '$argument'"
        wanted+=("$argument") move=0
        ;;
    esac
done
if [ ${#wanted[@]} -eq 0 ]; then
    wanted=("${targets[@]}")
    [ ${#long[@]} -eq 0 ] || wanted+=("${long_targets[@]}")
elif [[ " ${wanted[*]} " != *' x86_64 '* ]] && [ -z "$(lacking x86_64)" ]; then
    wanted=(x86_64 "${wanted[@]}") # to be held against
fi

move_training() {
    tests/same_bits/resume_across_targets.sh || { [ $? -eq 77 ] && echo "0 passed, 0 failed, 1 skipped"; }
}

# Each build once, one for each processor at a time: a configuration runs on one.
build_all() {
    local target folder running=0 failed=0
    local -A begun=()
    for target in "${wanted[@]}"; do
        folder=$(build_of "$target")
        if [ -n "$(lacking "$target")" ] || [ -n "${begun[$folder]-}" ]; then continue; fi
        begun[$folder]=1
        if [ $running -ge "$(nproc)" ]; then
            wait -n || failed=1
            running=$((running - 1))
        fi
        build_target "$target" &
        running=$((running + 1))
    done
    while [ $running -gt 0 ]; do
        wait -n || failed=1
        running=$((running - 1))
    done
    return $failed
}

mkdir -p "$logs"
build_all || exit 1
# What runs one program after the other does so beside the comparison.
tests/same_bits/bad_packets.sh "${wanted[@]}" >"$logs/bad_packets.txt" 2>&1 &
bad_packets=$!
[ $move -eq 0 ] || move_training >"$logs/resume.txt" 2>&1 &
moved=$!
echo
tests/same_bits/compare.sh "${long[@]}" "${wanted[@]}" || status=1
echo
wait $bad_packets || status=1
cat "$logs/bad_packets.txt"
if [ $move -eq 1 ]; then
    echo
    wait $moved || status=1
    cat "$logs/resume.txt"
fi
exit $status
