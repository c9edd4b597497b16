#!/usr/bin/env bash
# arduino.sh PACKAGES: compiles the examples of the library's archive for Arduino, which tools/packages.sh has made, by
# arduino-builder as Arduino does it, for boards that QEMU has, and runs them there: Generate prints the names that `mote
# sample` prints, Learn says its line, OwnModel passes its self-test. MOTE_LONG=1 runs more of them on both boards. Where
# gcc-xtensa-lx106 is, the library is also compiled as for an ESP8266. Status 77: there is no arduino-builder.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../..
boards=$root/platform/boards
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

die() {
    echo "arduino.sh: $1" >&2
    exit 1
}

for tool in arduino-builder arm-none-eabi-g++ qemu-system-arm; do
    command -v $tool >/dev/null || { echo "SKIP: there is no $tool"; exit 77; }
done
[ -f "${1-}/names.mote" ] || die "needs the folder that tools/packages.sh has made"
packages=$(cd "$1" && pwd)
version=$("$root/tools/version.sh")

# The core: start-up code and console of platform/boards beside the few functions of Arduino.
cp -r "$here/hardware" "$scratch/hardware"
core=$scratch/hardware/mote/qemu/cores/board
cp "$boards"/{console,semihosting,startup}.[ch] "$boards/startup_cortex_m.c" "$core"
mkdir "$scratch/libraries" "$scratch/tools"
(cd "$scratch" && python3 -m zipfile -e "$packages/mote-$version-microcontrollers.zip" libraries)

# run_sketch EXAMPLE BOARD: compiles and runs it; its output goes to a file of its name.
run_sketch() {
    local build=$scratch/$1-$2
    mkdir -p "$build"
    arduino-builder -compile -hardware "$scratch/hardware" -tools "$scratch/tools" -libraries "$scratch/libraries" \
        -fqbn "mote:qemu:$2" -ide-version 10819 -prefs "build.boards=$boards" -build-path "$build" \
        "$scratch/libraries/mote-$version/examples/$1/$1.ino" >"$scratch/log" 2>&1 ||
        { cat "$scratch/log" >&2; die "$1 does not compile for $2"; }
    "$boards/mps2-$2/run" "$build/$1.ino.elf" | tr -d '\r' >"$scratch/$1.txt" || die "$1 fails on $2"
    echo "$1 on $2: $(tail -n 1 "$scratch/$1.txt")"
}

passed=0
# check_generate BOARD, and so on: the sketch runs and prints what it is to print.
check_generate() {
    run_sketch Generate "$1"
    cmp "$packages/names.txt" "$scratch/Generate.txt" || die "Generate prints other names than mote sample"
    passed=$((passed + 1))
}
check_own_model() {
    run_sketch OwnModel "$1"
    grep -qx 'self-test: MOTE_OK' "$scratch/OwnModel.txt" || die "OwnModel does not pass its self-test"
    passed=$((passed + 1))
}
check_learn() {
    run_sketch Learn "$1"
    grep -qx 'what a mote has learned it says again.' "$scratch/Learn.txt" || die "Learn does not say its line"
    passed=$((passed + 1))
}

check_generate an386
check_own_model an385
check_learn an386
if [ "${MOTE_LONG:-0}" = 1 ]; then
    check_generate an385
    check_own_model an386
fi

skipped=0
if command -v xtensa-lx106-elf-g++ >/dev/null; then
    # Debian's compiler comes without a C library, of which the sources need one header.
    mkdir "$scratch/c"
    printf '#include <stddef.h>\nextern "C" {\nvoid *memcpy(void *, const void *, size_t);\nvoid *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);\n}\n' >"$scratch/c/string.h"
    xtensa-lx106-elf-g++ -c -ffreestanding "-I$scratch/c" -Os -std=gnu++17 -mlongcalls -mtext-section-literals -fno-exceptions -fno-rtti \
        -ffunction-sections -fdata-sections -w "$scratch/libraries/mote-$version/src/mote.cpp" -o "$scratch/esp8266.o" ||
        die "the library does not compile for an ESP8266"
    echo "compiled for an ESP8266"
    passed=$((passed + 1))
else
    echo "SKIP: there is no xtensa-lx106-elf-g++"
    skipped=1
fi
echo "$passed passed, 0 failed, $skipped skipped"
