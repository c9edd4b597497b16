#!/usr/bin/env bash
# bad_packets.sh TARGET …: the same packets that nobody made, or that were damaged, by the same two models on every target
# and on every instruction set of an x86_64: each gives the same message or status everywhere, and none leaves its room.
# TARGET is one of those in targets.sh. Exit status: 0 when no answer differs, else 1. What cannot run here is listed and
# counted as skipped.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=tests/same_bits/targets.sh
. "$here/targets.sh"
[ $# -gt 0 ] || { echo "bad_packets.sh: needs a target: ${targets[*]} ${long_targets[*]}" >&2 && exit 2; }
# A model, and how many packets: few enough for an emulated Cortex-M0.
sets=("$root/platform/boards/examples/messages.mote 100" "tiny 2000")
passed=0 failed=0 skipped=0
declare -A wanted

# check TARGET ISA MODEL COUNT: without an ISA, the target's choice.
check() {
    local model=$3 got
    if ! got=$("${runner[@]}" "$program" "$model" 0 "$4" ${2:+"$2"}) || [[ $got != bad_packets\ model=* ]]; then
        echo "FAIL $1 $2 $got"
        failed=$((failed + 1))
    elif [ "${wanted[$model]-$got}" != "$got" ]; then
        printf 'FAIL %s %s\n    wanted %s\n    got    %s\n' "$1" "$2" "${wanted[$model]}" "$got"
        failed=$((failed + 1))
    else
        [ -n "${wanted[$model]-}" ] || echo "$got"
        wanted[$model]=$got
        echo "PASS $1${2:+ $2}: the same answers of ${model##*/} to $4 packets"
        passed=$((passed + 1))
    fi
}

for target; do
    why=$(lacking "$target")
    if [ -n "$why" ]; then
        echo "SKIP $target: $why"
        skipped=$((skipped + 1))
        continue
    fi
    find_runner "$target"
    program=$(program_of "$target" bad_packets)
    isas=("")
    [ "$target" != x86_64 ] || mapfile -t isas < <("$(program_of x86_64 same_bits)" --list)
    for set in "${sets[@]}"; do
        for isa in "${isas[@]}"; do check "$target" "$isa" "${set% *}" "${set##* }"; done
    done
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
