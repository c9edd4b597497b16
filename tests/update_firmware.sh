#!/usr/bin/env bash
# update_firmware.sh BUILD: the example update on an emulated Cortex-M4, whose flash is a file that outlives each run, as
# flash does. A blob in a slot runs; another one comes over the UART into the other slot and runs after a reset, too. What
# is damaged, cut short, too large or unknown is refused, and the model before goes on; so it does when the power is cut
# at any half of a sector or page that an update erases or programs; and a slot whose bits have changed is not used.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mote=${1:?usage: update_firmware.sh BUILD}/mote
example=platform/boards/examples/update
firmware=build/firmware/cortex-m4/$example/update.elf
slot_bytes=$((256 * 1024)) flash_bytes=$((16 * 1024 * 1024))
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

if ! { cmake --preset cortex-m4 -B build/firmware/cortex-m4 -DMOTE_BUILD_TESTS=OFF &&
    cmake --build build/firmware/cortex-m4 --target update; } >"$scratch/log" 2>&1; then
    cat "$scratch/log"
    exit 1
fi

# emulate CHARDEV [HALVES]: until the firmware ends; what it prints goes to `console`.
emulate() {
    local flash=memory-backend-file,id=flash,size=$flash_bytes,mem-path=$scratch/flash,share=on
    local options="-object $flash -machine memory-backend=flash -pidfile $scratch/pid"
    MOTE_EMULATE_OPTIONS="$options -chardev $1,path=$scratch/uart -serial chardev:uart" \
        timeout 600 platform/boards/mps2-an386/run "$firmware" "${@:2}" >"$scratch/console"
}

# run LINES [HALVES]: it reads the lines, then the character that ends it; its answers go to `answers`.
run() {
    local status=0
    { cat "$1" && printf '\004'; } >"$scratch/sent"
    timeout 600 dd status=none of="$scratch/uart.in" if="$scratch/sent" 2>"$scratch/log" &
    timeout 600 cat "$scratch/uart.out" >"$scratch/answers" &
    emulate pipe,id=uart "${@:2}" || status=$?
    wait
    return $status
}

lines_of() { python3 "$example/send_update.py" "$1" --print; }
send() { lines_of "$1" >"$scratch/lines" && run "$scratch/lines"; }
hash_of() { "$mote" inspect "$1" | sed -n 's/^weights hash *//p'; }
into_slot() { dd status=none conv=notrunc bs=$slot_bytes seek="$1" if="$2" of="$scratch/flash"; }
flip_bit_in_slot() {
    local at=$((slot_bytes * $1 + 1000))
    python3 - "$scratch/flash" $at <<'PYTHON'
import sys
with open(sys.argv[1], "r+b") as flash:
    flash.seek(int(sys.argv[2]))
    byte = flash.read(1)[0]
    flash.seek(int(sys.argv[2]))
    flash.write(bytes([byte ^ 4]))
PYTHON
}

# changed FROM TO BYTE: one byte of the blob is another, and the checksum that of the new one.
changed() {
    python3 - "$@" <<'PYTHON'
import sys, zlib
blob = bytearray(open(sys.argv[1], "rb").read())
blob[int(sys.argv[3])] ^= 2
blob[12:16] = bytes(4)
blob[12:16] = zlib.crc32(blob).to_bytes(4, "little")
open(sys.argv[2], "wb").write(blob)
PYTHON
}

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

# has FILE LINE NAME
has() { check "$3" grep -qxF -e "$2" "$scratch/$1"; }
starts_with() { run /dev/null && has console "$1" "$2"; }

# rnn NAME OPTION …: of int8
rnn() {
    "$mote" train names --lines --model rnn --steps 20 --quiet "${@:2}" -o "$scratch/float.mote" >"$scratch/log"
    "$mote" quantize "$scratch/float.mote" -o "$scratch/$1.mote" >"$scratch/log"
}
rnn wide --hidden 16 --embed 4 --layers 6
rnn new --hidden 16 --embed 4
rnn small --hidden 4 --embed 2
rnn old --hidden 8 --embed 4
mv "$scratch/float.mote" "$scratch/old.mote"
"$mote" train names --lines --model gru --hidden 4 --embed 2 --steps 20 --quiet -o "$scratch/gated.mote" >"$scratch/log"
size=$(stat -c %s "$scratch/new.mote")
changed "$scratch/new.mote" "$scratch/later.mote" 4
changed "$scratch/new.mote" "$scratch/other-bits.mote" $((size - 200))
head -c 1024 "$scratch/new.mote" >"$scratch/half.mote"
head -c 300032 /dev/zero >"$scratch/large.mote"
sed 's/a/b/' "$scratch/old.mote" >"$scratch/damaged.mote"
old=$(hash_of "$scratch/old.mote") new=$(hash_of "$scratch/new.mote") small=$(hash_of "$scratch/small.mote")
mkfifo "$scratch/uart.in" "$scratch/uart.out"
head -c $flash_bytes /dev/zero | tr '\0' '\377' >"$scratch/flash"

starts_with "no model can be used: send one" "empty slots are told"
into_slot 0 "$scratch/old.mote"
before="slot A, update 0: weights $old"
starts_with "$before" "a blob that was programmed apart from the firmware runs, with the hash of mote inspect"

# Which blob is refused, and why.
cat >"$scratch/refused" <<'REASONS'
damaged the blob is damaged
half the blob is damaged
later the blob is of another format than this firmware reads
other-bits the model computes other bits here than where it was saved
wide the model needs more RAM than this firmware has for it
gated this firmware has no code for such a model
REASONS
while read -r blob _; do
    lines_of "$scratch/$blob.mote"
done <"$scratch/refused" >"$scratch/lines"
run "$scratch/lines"
sed 's/^[^ ]* /!/' "$scratch/refused" >"$scratch/wanted"
grep -v '^at ' "$scratch/answers" >"$scratch/reasons" || true
check "blobs that cannot be used are refused: $(paste -sd ' ' <(cut -d ' ' -f 1 "$scratch/refused"))" \
    cmp "$scratch/wanted" "$scratch/reasons"
lines_of "$scratch/large.mote" | sed 1q >"$scratch/lines"
run "$scratch/lines"
check "the model before starts, no other is tried" [ "$(sed 1q "$scratch/console")" = "$before" ]
has answers "!a slot does not hold a blob of this size" "too large a blob is refused"

lines_of "$scratch/new.mote" >"$scratch/whole"
sed 9q "$scratch/whole" >"$scratch/lines"
run "$scratch/lines"
sed 9d "$scratch/whole" >"$scratch/lines"
run "$scratch/lines"
has console "$before" "after a transfer that ended early the model before starts"
has answers "!the update is not complete" "a transfer with a piece missing is refused"
# The ninth line with a wrong character, then as it is; the last one twice.
awk 'NR == 9 { print substr($0, 1, 40) (substr($0, 41, 1) == "A" ? "B" : "A") substr($0, 42); print } 1' \
    "$scratch/whole" | sed '$p' >"$scratch/lines"
run "$scratch/lines"
has console "$before" "after that the model before starts, too"
has answers "?" "a damaged line is told"
has answers "runs $new" "after it was repeated the new model runs"
check "the answer to a last line that is repeated is the same" [ "$(grep -cx "runs $new" "$scratch/answers")" -eq 2 ]
starts_with "slot B, update 1: weights $new" "after a reset the new model starts"
has_blob() { cmp -n "$(stat -c %s "$scratch/$2.mote")" -i $((slot_bytes * $1)):0 "$scratch/flash" "$scratch/$2.mote"; }
check "slot A has the bytes of the old blob" has_blob 0 old
check "slot B has the bytes of the new one" has_blob 1 new

flip_bit_in_slot 1
send "$scratch/new.mote"
has console "slot B, update 1: the blob is damaged" "a slot whose bits have changed is told"
has console "$before" "the other slot is used"
has answers "runs $new" "and the damaged one is written again"

# Each run shows at its start what the one before has left, and goes on half a sector or page further.
lines_of "$scratch/small.mote" >"$scratch/whole"
before="slot B, update 1: weights $new"
cuts=0 kept=0
until run "$scratch/whole" $cuts; do
    cuts=$((cuts + 1))
    [ "$(sed -n 1p "$scratch/console")" != "$before" ] || kept=$((kept + 1))
done
check "the power was cut at $cuts places of an update" [ $cuts -gt 20 ]
check "the model before started after each of them" [ $kept -eq $cuts ]
has answers "runs $small" "then the update ran to its end"
starts_with "slot A, update 2: weights $small" "and the slots have changed again"

# A sender that waits for answers, and the power cut when it has the last one.
emulate socket,id=uart,server=on,wait=on 2>"$scratch/log" &
until [ -S "$scratch/uart" ]; do sleep 0.1; done
answer=$(python3 "$example/send_update.py" "$scratch/old.mote" --to "$scratch/uart") || true
kill "$(cat "$scratch/pid")"
wait
check "the sender has the hash of the model that runs" [ "$answer" = "runs $old" ]
starts_with "slot B, update 3: weights $old" "it runs after the power was cut, too"

flip_bit_in_slot 0
flip_bit_in_slot 1
starts_with "no model can be used: send one" "two damaged slots are told"
send "$scratch/new.mote"
starts_with "slot A, update 4: weights $new" "they can be written again"

echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
