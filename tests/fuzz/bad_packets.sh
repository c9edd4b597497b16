#!/usr/bin/env bash
# bad_packets.sh [--long] PROGRAM: many packets that nobody made, or that were damaged, through a build with sanitizers:
# no access is outside its room, no message longer than allowed, and the answers are those of PROGRAM, which is bad_packets
# of a build without. The model of messages in the repository reads 2,000 packets, and a model of 8 units 200,000; with
# --long 10^6 and 10^8, which takes 4 and 12 minutes of one core.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
sets=("platform/boards/examples/messages.mote 2000" "tiny 200000")
if [ "${1-}" = --long ]; then
    sets=("platform/boards/examples/messages.mote 1000000" "tiny 100000000")
    shift
fi
plain=${1:?usage: bad_packets.sh [--long] PROGRAM}
checked=build/fuzz/tests/same_bits/bad_packets
if ! command -v clang++ >/dev/null; then
    echo "there is no clang++"
    exit 77
fi
mkdir -p build
{ cmake --preset fuzz && cmake --build --preset fuzz --target bad_packets; } >build/fuzz-packets.log 2>&1 || {
    cat build/fuzz-packets.log
    exit 1
}
for set in "${sets[@]}"; do
    read -r model count <<<"$set"
    got=$("$checked" "$model" 0 "$count") || { echo "FAIL ${model##*/}: $got" && exit 1; }
    wanted=$("$plain" "$model" 0 "$count")
    echo "$got"
    [ "$got" = "$wanted" ] || { echo "FAIL ${model##*/}: without sanitizers: $wanted" && exit 1; }
done
echo "${#sets[@]} passed, 0 failed, 0 skipped"
