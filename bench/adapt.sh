#!/usr/bin/env bash
# adapt.sh [NAME …]: what learning only a part of a model takes on a Cortex-M4F, and what it gains, for
# lib/train/ADAPTERS.md. NAME: device, the RAM and instructions of an emulated board and the code of programs; initial,
# length: a base that learned one part of the built-in names adapts to the other (adapt.py). Without one, all of them.
# --check-itself: shows what it finds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=build/adapt

# build FLAGS NAME TARGET …: firmware for the Cortex-M4F.
build() {
    local log=$folder/$2.log
    mkdir -p "$folder"
    if ! { cmake --preset cortex-m4 -B "$folder/$2" -DMOTE_BUILD_BENCH=ON -DMOTE_BUILD_TESTS=OFF \
        -DCMAKE_C_FLAGS_RELEASE="$1 -DNDEBUG" -DCMAKE_CXX_FLAGS_RELEASE="$1 -DNDEBUG" &&
        cmake --build "$folder/$2" --target "${@:3}"; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        exit 1
    fi
}

# From what a board printed: instructions of a step, and bytes of RAM.
steps_and_ram() {
    awk '
        $1 == "clock" { tick = $2 / $3; next }
        $1 ~ /^ram-/ { sub(/ram-/, "", $1); printf "%-12s %8d bytes of RAM\n", $1, $3; next }
        NF == 3 { printf "%-12s %8d instructions a step\n", $1, $3 * tick / $2; next }
        $1 != "MOTE_OK" { print "adapt.sh: the program failed: " $0 >"/dev/stderr"; exit 1 }'
}

# From what size printed of programs: bytes of code beside those of the first, which does nothing.
code() {
    awk '
        NR == 2 { nothing = $1 }
        NR > 2 {
            sub(/.*[\/]/, "", $6)
            printf "%-20s %6d bytes of code\n", $6, $1 - nothing
        }'
}

check_itself() {
    local wanted
    wanted=$(printf '%-12s %8d %s\n' output 50 'instructions a step' output 44544 'bytes of RAM')
    [ "$(printf 'clock 2 1\noutput 4 100\nram-output 0 44544\nMOTE_OK\n' | steps_and_ram)" = "$wanted" ]
    if printf 'clock 2 1\nMOTE_ERR_NUMERIC\n' | steps_and_ram 2>/dev/null; then exit 1; fi
    wanted=$(printf '%-20s %6d bytes of code' adapted.elf 250)
    [ "$(printf 'text data bss dec hex filename\n100 0 0 0 0 a/nothing.elf\n350 0 0 0 0 a/adapted.elf\n' | code)" = "$wanted" ]
    echo "finds: a program that failed, what it takes beside one that does nothing"
    python3 bench/adapt.py --check-itself
}

# Instructions of a step, and bytes of RAM and code.
device() {
    build -O2 fast adapter
    MOTE_EMULATE_OPTIONS="-icount shift=0" \
        platform/boards/mps2-an386/run "$folder/fast/bench/microcontroller/adapter.elf" | steps_and_ram
    build -Os small make_blob weighed_nothing weighed_rnn_sgd adapted_biases adapted_output adapted_both adapted_run
    local programs=$folder/small/bench/microcontroller part
    platform/boards/mps2-an386/run "$programs/make_blob.elf" rnn "$folder/rnn.mote"
    for part in biases output both; do
        platform/boards/mps2-an386/run "$programs/adapted_$part.elf" "$folder/rnn.mote" >"$folder/output.txt" || {
            echo "adapt.sh: the program that learns $part does not work: $(cat "$folder/output.txt")" >&2
            exit 1
        }
    done
    arm-none-eabi-size "$programs"/{weighed_nothing,adapted_run,adapted_biases,adapted_output,adapted_both,weighed_rnn_sgd}.elf |
        code
}

[ $# -gt 0 ] || set -- device initial length
for name; do
    case $name in
    --check-itself) check_itself ;;
    device) device ;;
    initial | length)
        cmake --preset release >/dev/null
        cmake --build --preset release --target mote_cli >/dev/null
        python3 bench/adapt.py "$name"
        ;;
    *)
        echo "adapt.sh: there is no $name, but device initial length" >&2
        exit 2
        ;;
    esac
done
