#!/usr/bin/env bash
# plain_flags.sh [--long] SAME_BITS: compiles the library as Arduino, PlatformIO, ESP-IDF and a bare `g++ -O2
# -march=native` do, without CMake and without -ffp-contract=off, and compares what the program same_bits prints with what
# SAME_BITS, a build of the host, does. Modes that change results must be refused by GCC; clang does not tell of all of
# them, so there they must be refused, leave the bits as they are, or be found by mote_selftest. The long form has more
# compilers, flags and dialects.
# plain_flags.sh --check-itself SAME_BITS: shows that other bits are found where the sources do not defend themselves.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0 skipped=0
# xsimd alone: the folder that it is installed in may have headers for the host.
mkdir "$scratch/include"
xsimd=$(echo '#include <xsimd/xsimd.hpp>' | g++ -x c++ -M - | tr ' ' '\n' | sed -n 's|/xsimd\.hpp$||p' | head -n 1)
ln -s "$xsimd" "$scratch/include/xsimd"
# shellcheck source=tests/same_bits/plain_build.sh
. "$root/tests/same_bits/plain_build.sh"

# build FOLDER TARGET ISA TREE FLAG …: the program, with the library of TREE compiled by these flags.
build() {
    local folder=$1 target=$2 isa=$3 tree=$4 includes
    find_target "$target"
    program_objects "$target"
    mkdir -p "$folder"
    mapfile -t includes < <(find "$tree/lib" "$tree/platform/cpu" -type d -printf '-I%p\n')
    { find "$tree/lib" -name '*.cpp' && echo "$tree/platform/cpu/kernels_$isa.cpp"; } | (cd "$folder" && xargs -P "$(nproc)" \
        -n 4 "$cxx" "${cpu[@]}" "${@:5}" -fno-exceptions -fno-rtti -fno-threadsafe-statics -ffunction-sections \
        "-DMOTE_SINGLE_ISA=$isa" "${includes[@]}" -isystem "$scratch/include" -c) &&
        "$cc" "${cpu[@]}" "$folder"/*.o "$scratch/program-$target"/*.o "${link[@]}" -o "$folder/same_bits.elf"
}

# same TARGET ISA FLAG …: the same bits.
same() {
    local why folder=$scratch/build-$RANDOM$RANDOM name="$1, $2: ${*:3}"
    why=$(lacking "$1")
    if [ -n "$why" ]; then
        verdict SKIP "$name: $why"
    elif ! build "$folder" "$1" "$2" "$root" "${@:3}" >"$scratch/log" 2>&1; then
        verdict FAIL "$name: does not build"
        tail -n 20 "$scratch/log"
    elif run "$folder"; then
        verdict ok "$name: the same bits"
    else
        verdict FAIL "$name: other bits"
    fi
    rm -rf "$folder"
}

# refused FLAG …: GCC does not compile a source of the library in this mode.
refused() {
    if g++ -std=gnu++17 "$@" "-I$root/platform/cpu" -fsyntax-only -x c++ "$root/platform/cpu/port.h" 2>"$scratch/log" ||
        ! grep -q '#error "mote: ' "$scratch/log"; then
        verdict FAIL "g++ $*: not refused"
    else
        verdict ok "g++ $*: refused"
    fi
}

# harmless TARGET ISA FLAG …: refused, the same bits, or found by mote_selftest, which the program calls in its cases.
harmless() {
    local why folder=$scratch/build-$RANDOM$RANDOM name="$1, $2: ${*:3}"
    why=$(lacking "$1")
    if [ -n "$why" ]; then
        verdict SKIP "$name: $why"
    elif ! build "$folder" "$1" "$2" "$root" "${@:3}" >"$scratch/log" 2>&1; then
        if grep -q 'error: "mote: ' "$scratch/log"; then
            verdict ok "$name: refused"
        else
            verdict FAIL "$name: does not build"
            tail -n 20 "$scratch/log"
        fi
    elif run "$folder"; then
        verdict ok "$name: the same bits"
    elif grep -q 'MOTE_ERR_SELFTEST' "$folder/output"; then
        verdict ok "$name: found by mote_selftest"
    else
        verdict FAIL "$name: other bits, and mote_selftest does not find it"
    fi
    rm -rf "$folder"
}

changing=(-ffast-math -ffinite-math-only '-fassociative-math -fno-signed-zeros -fno-trapping-math' -freciprocal-math
    -fno-signed-zeros)

# refused_target WORD FLAG …: what the compiler says of a processor is refused, in the first line, by a message with the
# word.
refused_target() {
    if g++ -w "${@:2}" "-I$root/platform/cpu" -fsyntax-only -x c++ "$root/platform/cpu/port.h" 2>"$scratch/log" ||
        ! grep -m 1 'error:' "$scratch/log" | grep -q "#error \"mote: .*$1"; then
        verdict FAIL "g++ ${*:2}: not refused"
    else
        verdict ok "g++ ${*:2}: refused"
    fi
}

check_short() {
    local modes
    refused_target little-endian -U__BYTE_ORDER__ -D__BYTE_ORDER__=__ORDER_BIG_ENDIAN__
    refused_target '16 bits' -U__SIZEOF_INT__ -D__SIZEOF_INT__=2
    refused_target 'GCC or clang' -U__GNUC__
    for modes in "${changing[@]}"; do
        # shellcheck disable=SC2086 # several flags
        refused $modes
    done
    same x86_64 avx2 -std=gnu++17 -O2
    same aarch64 scalar -std=gnu++17 -O2
    same cortex-m4 vfp -std=gnu++17 -Os
}

check_long() {
    local modes
    same x86_64 scalar -std=gnu++17 -O3
    same x86_64 scalar -std=gnu++20 -Os
    same x86_64 scalar -std=gnu++17 -Og
    same x86_64 scalar -std=gnu++17 -O2 -ffp-contract=fast
    same x86_64 sse2 -std=gnu++20 -O2
    same x86_64 avx2 -std=gnu++20 -Os
    same clang.x86_64 avx2 -std=gnu++17 -O2
    same aarch64 scalar -std=gnu++20 -O3
    same aarch64 scalar -std=gnu++17 -Og
    same aarch64 neon -std=gnu++17 -O2
    same clang.aarch64 scalar -std=gnu++17 -O2
    same cortex-m4 vfp -std=gnu++20 -O2
    same cortex-m4 vfp -std=gnu++17 -Og
    same cortex-m4 scalar -std=gnu++17 -Os
    for modes in -ffp-contract=fast "${changing[@]}"; do
        # shellcheck disable=SC2086 # several flags
        harmless clang.x86_64 scalar -std=gnu++17 -O2 $modes
        # shellcheck disable=SC2086
        harmless clang.aarch64 scalar -std=gnu++17 -O2 $modes
        # shellcheck disable=SC2086
        harmless clang.aarch64 neon -std=gnu++17 -O2 $modes
    done
}

# The same sources without the pragmas of port.h, and without the self-test that would end the program's cases.
check_itself() {
    local tree=$scratch/undefended why
    why=$(lacking x86_64)
    [ -z "$why" ] || { echo "SKIP: $why"; exit 77; }
    mkdir -p "$tree/platform"
    cp -r "$root/lib" "$tree/lib"
    cp -r "$root/platform/cpu" "$tree/platform/cpu"
    sed -i '/^#pragma/d' "$tree/platform/cpu/port.h"
    build "$scratch/defended" x86_64 scalar "$root" -std=gnu++17 -O2
    run "$scratch/defended" || { echo "the sources as they are have other bits"; exit 1; }
    build "$scratch/open" x86_64 scalar "$tree" -std=gnu++17 -O2
    if run "$scratch/open"; then
        echo "without the pragmas the bits are the same: nothing is shown"
        exit 1
    fi
    grep -q MOTE_ERR_SELFTEST "$scratch/open/output" || { echo "mote_selftest does not find it"; exit 1; }
    echo "found: other bits without the pragmas, and mote_selftest says so"
    sed -i 's/!cpu::arithmetic_is_exact()/false/' "$tree/lib/run/selftest.cpp"
    build "$scratch/silent" x86_64 scalar "$tree" -std=gnu++17 -O2
    if run "$scratch/silent" || grep -q MOTE_ERR_SELFTEST "$scratch/silent/output"; then
        echo "without the check of the arithmetic: nothing is shown"
        exit 1
    fi
    echo "found: other bits that the comparison alone tells of"
}

long=0 itself=0
while [ $# -gt 0 ]; do
    case $1 in
    --long) long=1 ;;
    --check-itself) itself=1 ;;
    *) break ;;
    esac
    shift
done
if [ $# -ne 1 ] || [ ! -x "$1" ]; then
    echo "plain_flags.sh: usage: plain_flags.sh [--long | --check-itself] SAME_BITS" >&2
    exit 2
fi
"$1" --tiny | only_cases >"$scratch/wanted"
if [ $itself -eq 1 ]; then
    check_itself
    exit
fi
check_short
[ $long -eq 0 ] || check_long
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
