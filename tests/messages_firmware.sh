#!/usr/bin/env bash
# messages_firmware.sh BUILD: the example echo_messages, with the model of messages that the repository holds, on the
# host, on a Cortex-M4 and on a Cortex-M0: packets that mote compress made come in over the emulated UART, the messages
# stand on the console, and what goes back is messages again by mote decompress. Packets that are cut short, changed or
# none get the same answers everywhere.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mote=${1:?usage: messages_firmware.sh BUILD}/mote
blob=platform/boards/examples/messages.mote
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

# build PRESET OPTION …: the example in $program.
build() {
    local folder=build/firmware/$1
    if ! { cmake --preset "$1" -B "$folder" -DMOTE_BUILD_TESTS=OFF "-DMOTE_MESSAGES_HEADER=$scratch/messages.h" "${@:2}" &&
        cmake --build "$folder" --target echo_messages; } >"$scratch/log" 2>&1; then
        cat "$scratch/log"
        exit 1
    fi
    program=$folder/platform/boards/examples/echo_messages
}

# emulate BOARD NAME LINES: the example on a board, which reads the file over its UART; what it sends goes to NAME.uart,
# what it prints to NAME.console. The character that ends it follows the lines.
emulate() {
    local pipe=$scratch/$2-pipe
    mkfifo "$pipe.in" "$pipe.out"
    { cat "$3" && printf '\004'; } >"$scratch/$2.sent"
    timeout 600 dd status=none of="$pipe.in" if="$scratch/$2.sent" &
    timeout 600 cat "$pipe.out" >"$scratch/$2.uart" &
    MOTE_EMULATE_OPTIONS="-chardev pipe,id=uart,path=$pipe -serial chardev:uart" \
        timeout 600 "platform/boards/$1/run" "$program.elf" >"$scratch/$2.console"
    wait
}

same() {
    if [ -s "$1" ] && cmp "$1" "$2"; then
        echo "PASS $3"
        passed=$((passed + 1))
    else
        echo "FAIL $3"
        failed=$((failed + 1))
    fi
}

# Of the lines of standard input some that are damaged: cut short, with a character changed, with more behind them.
damage() {
    awk '{
        middle = int(length($0) / 2)
        print substr($0, 1, middle)
        print substr($0, 1, middle - 1) (NR % 2 ? "Q" : "w") substr($0, middle + 1)
        print $0 "_-A"
    }'
    printf '%s\n' 'not base64!' AAAA _____w 8A
    printf '%0400d\n' 0
}

"$mote" export "$blob" -o "$scratch/messages.h" 2>"$scratch/log"
"$mote" compress --model "$blob" messages --lines --split dev --check 8 >"$scratch/packets"
"$mote" decompress --model "$blob" --lines --check 8 <"$scratch/packets" >"$scratch/messages"
{ cat "$scratch/packets" && damage <"$scratch/packets"; } >"$scratch/lines"
head -n 50 "$scratch/packets" >"$scratch/few"

build release
"$program" <"$scratch/packets" 2>"$scratch/good.uart" >"$scratch/good.console"
"$mote" decompress --model "$blob" --lines --check 8 <"$scratch/good.uart" >"$scratch/answers"
sed 's/^/> /' "$scratch/messages" >"$scratch/wanted"
same "$scratch/wanted" "$scratch/answers" "the host answers each message"
same "$scratch/messages" "$scratch/good.console" "the host prints each message"
"$program" <"$scratch/lines" 2>"$scratch/host.uart" >"$scratch/host.console"
"$program" <"$scratch/few" 2>"$scratch/host-few.uart" >"$scratch/host-few.console"

build cortex-m4
emulate mps2-an386 m4 "$scratch/lines"
same "$scratch/host.uart" "$scratch/m4.uart" "the Cortex-M4 answers the same, to packets that are none, too"
same "$scratch/host.console" "$scratch/m4.console" "the Cortex-M4 prints the same"
build cortex-m0
emulate mps2-an385 m0 "$scratch/few"
same "$scratch/host-few.uart" "$scratch/m0.uart" "the Cortex-M0 answers the same to fifty packets"
same "$scratch/host-few.console" "$scratch/m0.console" "the Cortex-M0 prints the same"
for status in CHECKSUM FORMAT CAPACITY; do
    grep -q "^!MOTE_ERR_$status\$" "$scratch/host.uart" || { echo "FAIL no packet was told: MOTE_ERR_$status"; failed=$((failed + 1)); }
done
echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
