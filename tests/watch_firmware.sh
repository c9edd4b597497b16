#!/usr/bin/env bash
# watch_firmware.sh BUILD [RESETS]: the example watch, with a model trained by the program of a build of the host, on the
# host and on an emulated Cortex-M4: it reads a log over the UART, learns, and tells unusual lines. Both end with the
# same weights and give the same answers; so does the Cortex-M4 when it is reset at RESETS random instants, 100 else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mote=${1:?usage: watch_firmware.sh BUILD [RESETS]}/mote
resets=${2:-100}
example=platform/boards/examples/watch/watch
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

# check NAME COMMAND …
check() {
    if "${@:2}"; then
        echo "PASS $1"
        passed=$((passed + 1))
    else
        echo "FAIL $1"
        failed=$((failed + 1))
    fi
}

build() {
    if ! { cmake --preset "$1" -B "build/firmware/$1" -DMOTE_BUILD_TESTS=OFF "-DMOTE_LOG_HEADER=$scratch/log.h" &&
        cmake --build "build/firmware/$1" --target watch; } >"$scratch/build.log" 2>&1; then
        cat "$scratch/build.log"
        exit 1
    fi
}

# on_board RESETS: with flash that is erased.
on_board() {
    head -c $((16 * 1024 * 1024)) /dev/zero | tr '\0' '\377' >"$scratch/flash"
    python3 tests/watch_resets.py "build/firmware/cortex-m4/$example.elf" "$scratch/flash" "$scratch/log" "$1"
}

# A log to begin with, and the log of another node, with faults that neither has had.
python3 bench/console_log.py 3000 1 >"$scratch/before"
python3 bench/console_log.py 400 2 | awk '
    NR == 120 || NR == 310 { print "panic: load of 0x00000014 at pc 0x400d2f81, core 1 halted" }
    { print }' >"$scratch/log"
"$mote" train "$scratch/before" --lines --model rnn --hidden 32 --embed 8 --time 32 --steps 1500 --lr 0.005 --quiet \
    -o "$scratch/log.mote" >"$scratch/train.log"
"$mote" export "$scratch/log.mote" -o "$scratch/log.h" 2>"$scratch/train.log"
build release
build cortex-m4

{ cat "$scratch/log" && printf '\004'; } | WATCH_FLASH=$scratch/host.flash "build/firmware/release/$example" \
    2>"$scratch/host.uart" >"$scratch/host.console"
{ sed 1d "$scratch/host.uart" && cat "$scratch/host.console"; } >"$scratch/host"
check "the host answers each line" [ "$(grep -cE '^[0-9]+ [0-9]+\.[0-9]{2}( !)?$' "$scratch/host")" -eq "$(wc -l <"$scratch/log")" ]
check "lines that no log has had are unusual" [ "$(grep -cE '^(120|311) .* !$' "$scratch/host")" -eq 2 ]
check "few others are" [ "$(grep -c '!$' "$scratch/host")" -le 8 ]
mean() { awk -v from="$1" -v to="$2" 'NR >= from && NR <= to { sum += $2 } END { print sum / (to - from + 1) }' "$scratch/host"; }
check "it learns: the last hundred lines take fewer bits than the first" \
    awk -v first="$(mean 1 100)" -v last="$(mean 301 400)" 'BEGIN { exit !(last < first) }'
printf '\004' | WATCH_FLASH=$scratch/host.flash "build/firmware/release/$example" 2>"$scratch/again" >"$scratch/console"
check "started again, it knows all lines" grep -qx "ready $(wc -l <"$scratch/log")" "$scratch/again"
check "and has the same weights" cmp "$scratch/host.console" "$scratch/console"
check "mote journal reads its flash" grep -q 'the newest' <("$mote" journal "$scratch/host.flash")

on_board 0 >"$scratch/board"
check "the Cortex-M4 gives the same answers and ends with the same weights" cmp "$scratch/host" "$scratch/board"
on_board "$resets" >"$scratch/board"
check "so it does when it is reset $resets times" cmp "$scratch/host" "$scratch/board"
echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
