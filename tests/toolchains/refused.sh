#!/usr/bin/env bash
# refused.sh: what mote cannot be compiled for is refused by an #error that says why, before anything else goes wrong: by the
# preprocessor of clang, which has targets of every kind. Status 77: there is no clang++.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
passed=0 failed=0
command -v clang++ >/dev/null || { echo "SKIP: there is no clang++"; exit 77; }

# first NAME MESSAGE FLAG …: the first error; an empty message is none.
first() {
    local said
    said=$(clang++ -std=c++17 "${@:3}" -fsyntax-only -x c++ "$root/platform/cpu/port.h" 2>&1 | grep -m 1 'error:')
    if [[ -z $2 && -z $said ]] || [[ -n $2 && $said == *"error: \"mote: "*"$2"* ]]; then
        passed=$((passed + 1))
        echo "ok $1"
    else
        failed=$((failed + 1))
        echo "FAIL $1: wanted '$2', got '$said'"
    fi
}

first 'a host' ''
first 'a big-endian Arm' 'little-endian' --target=aarch64_be-none-elf
first 'a big-endian MIPS' 'little-endian' --target=mips-linux-gnu
first 'PowerPC' 'little-endian' --target=powerpc64-linux-gnu
first 'an int of 16 bits: AVR' '16 bits' --target=avr
first 'an int of 16 bits: MSP430' '16 bits' --target=msp430
first 'a compiler like that of Microsoft' 'GCC or clang' --target=x86_64-pc-windows-msvc -fmsc-version=1930 -U__GNUC__
first 'a compiler that tells of nothing' 'GCC or clang' -U__GNUC__
first '-ffast-math' '-ffast-math' -ffast-math
first '-ffinite-math-only' 'finite' -ffinite-math-only
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
