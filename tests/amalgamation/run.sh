#!/usr/bin/env bash
# run.sh [--long] BUILD: the library as two files, by tools/amalgamate, beside BUILD, a build of the host. GCC and clang
# take them in the oldest dialect, gnu++11, without a flag of the library's own; the program same_bits prints what the
# build's does, on each instruction set of this CPU and on an emulated Cortex-M4; the library needs and keeps nothing
# beyond the contract; firmware with it is at most 2% larger than with the library's many files. As a part of a program's
# source (MOTE_STATIC) it does the same, and firmware for one model is within 5,000 and 10,000 bytes.
# The long form has every compiler that is here, and more processors, dialects (that of the library, too), flags and
# programs.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0 skipped=0
# shellcheck source=tests/same_bits/plain_build.sh
. "$root/tests/same_bits/plain_build.sh"
dist=$scratch/dist

# attempt NAME COMMAND …: a verdict on whether the command works.
attempt() {
    if "${@:2}" >"$scratch/log" 2>&1; then
        verdict ok "$1"
    else
        verdict FAIL "$1"
        grep -m 5 'error\|rror:' "$scratch/log" || tail -n 10 "$scratch/log"
    fi
}

# The compilers of this machine: those without a number, and in the long form others beside them.
compilers() {
    local name names=(g++ clang++)
    [ $long -eq 0 ] || names+=(g++-{11,12,13,14,15} clang++-{14,15,16,17,18,19,20})
    for name in "${names[@]}"; do
        ! command -v "$name" >/dev/null || echo "$name"
    done
}

# accepted COMPILER DIALECT FLAG …: nothing is generated.
accepted() { attempt "$1 -std=$2 ${*:3}" "$1" "-std=$2" "${@:3}" -fsyntax-only "$dist/mote.cpp"; }

check_dialects() {
    local compiler dialect
    for compiler in $(compilers); do
        for dialect in "$@"; do
            if "$compiler" "-std=$dialect" -E -x c++ /dev/null >/dev/null 2>&1; then
                accepted "$compiler" "$dialect"
            else
                verdict SKIP "$compiler has no $dialect"
            fi
        done
    done
}

# The header as strict programs include it, in the oldest and the newest dialect of C and C++.
check_header() {
    local dialect strict=(-Wall -Wextra -Wpedantic -Wconversion -Wcast-align -Wshadow -Werror "-I$dist" -fsyntax-only)
    # Without what is about older standards and layout (tests/header/macros.sh).
    local everything=(-Weverything -Wno-unknown-warning-option -Wno-c++98-compat -Wno-c++98-compat-pedantic -Wno-padded
        -Wno-pre-c2x-compat -Wno-pre-c11-compat -Wno-unused-macros)
    echo '#include <mote.h>' >"$scratch/use.h"
    for dialect in c99 c2x; do attempt "mote.h in $dialect" gcc "-std=$dialect" "${strict[@]}" -x c "$scratch/use.h"; done
    for dialect in c++11 c++2b; do
        attempt "mote.h in $dialect" g++ "-std=$dialect" "${strict[@]}" -Wold-style-cast -x c++ "$scratch/use.h"
    done
    command -v clang >/dev/null || { verdict SKIP "mote.h by clang -Weverything: there is no clang"; return; }
    attempt "mote.h by clang -Weverything" clang -std=c99 "${strict[@]}" "${everything[@]}" -x c "$scratch/use.h"
    attempt "mote.h by clang++ -Weverything" clang++ -std=c++11 "${strict[@]}" "${everything[@]}" -x c++ "$scratch/use.h"
}

# build_one_file FOLDER TARGET FLAG …: the program same_bits with mote.cpp, by these flags alone and the processor's.
build_one_file() {
    find_target "$2"
    case $2 in *x86_64) cpu=() ;; esac
    program_objects "$2"
    mkdir -p "$1"
    "${compiler:-$cxx}" "${cpu[@]}" "${@:3}" -c "$dist/mote.cpp" -o "$1/mote.o" &&
        "$cc" "${cpu[@]}" "$1/mote.o" "$scratch/program-$2"/*.o "${link[@]}" -o "$1/same_bits.elf"
}

# same TARGET FLAG …: the same bits, on each instruction set.
same() {
    local why isa folder=$scratch/build-$RANDOM$RANDOM name="$1${compiler:+, $compiler} ${*:2}"
    why=$(lacking "$1")
    if [ -n "$why" ]; then
        verdict SKIP "$name: $why"
        return
    fi
    if ! build_one_file "$folder" "$@" >"$scratch/log" 2>&1; then
        verdict FAIL "$name: does not build"
        grep -m 5 'error\|rror:' "$scratch/log" || tail -n 10 "$scratch/log"
        return
    fi
    cp "$folder/mote.o" "$scratch/$1.o"
    for isa in $("${runner[@]}" "$folder/same_bits.elf" --list); do
        attempt "$name: the same bits, $isa" run "$folder" --isa "$isa"
    done
    rm -rf "$folder"
}

# The emulated x86 without AVX: nothing outside of the kernels for a better one may need more.
same_on_nehalem() {
    command -v qemu-x86_64 >/dev/null || { verdict SKIP "an x86 without AVX: there is no qemu-x86_64"; return; }
    build_one_file "$scratch/nehalem" x86_64 -O2
    runner=(qemu-x86_64 -cpu Nehalem)
    attempt "x86_64: the same bits on a processor without AVX" run "$scratch/nehalem"
    runner=()
}

# check_symbols TARGET PREFIX: of the object that same() has compiled.
check_symbols() {
    local archive=$scratch/$1.a
    [ -f "$scratch/$1.o" ] || { verdict SKIP "symbols: there is no object for $1"; return; }
    "$2ar" rcs "$archive" "$scratch/$1.o"
    attempt "$1: $("$2nm" -g --defined-only "$archive" | grep -c ' T mote_') functions, nothing beyond the contract" \
        "$root/tests/archive/undefined_symbols.sh" "$archive" "$2nm"
}

# left_out OBJECT CC CXX [RUNNER]: the programs that leave parts out, with the object and no header but dist's.
left_out() {
    local program header
    mkdir -p "$scratch/headers"
    for header in mote_adapter mote_slices; do echo '#include <mote.h>' >"$scratch/headers/$header.h"; done
    for program in left_out left_out_slices; do
        "$2" -std=c99 "-I$dist" "-I$scratch/headers" -c "$root/tests/archive/$program.c" -o "$scratch/$program.o" &&
            "$3" -static "$scratch/$program.o" "$1" -o "$scratch/$program.exe" && "${@:4}" "$scratch/$program.exe" || return 1
    done
}

left_out_on_windows() {
    x86_64-w64-mingw32-g++ -O2 -c "$dist/mote.cpp" -o "$scratch/windows.o" &&
        left_out "$scratch/windows.o" x86_64-w64-mingw32-gcc x86_64-w64-mingw32-g++ "$root/platform/toolchains/run_by_wine.sh"
}

check_left_out() {
    attempt "x86_64: what a program leaves out is refused, by one header" left_out "$scratch/x86_64.o" gcc g++
    if [ $long -eq 0 ]; then return; fi
    if command -v x86_64-w64-mingw32-g++ >/dev/null && command -v wine >/dev/null; then
        attempt "Windows: what a program leaves out is refused" left_out_on_windows
    else
        verdict SKIP "Windows: there is no x86_64-w64-mingw32-g++ or no wine"
    fi
}

# static_source FILE PROGRAM [INCLUDE …]: a program in C with the library before it.
static_source() {
    {
        printf '#include "mote.h"\nextern "C" {\n'
        grep '^MOTE_WITHOUT' "$2" || true
        printf '}\n#include "mote.cpp"\nextern "C" {\n'
        printf '#include "%s"\n' "${@:3}"
        printf '}\n'
        sed '/^MOTE_WITHOUT/d' "$2"
    } >"$1"
}

# A program whose names are those of the library's own functions, types and variables.
names_of_the_library() {
    cat <<'END'
#include "mote.h"
#include "mote.cpp"
struct Config { int baud; };
struct Batch { int n; };
enum State { idle, commit, finish };
static int step = 2, capacity = 3, largest = 4;
static bool finite(float x) { return x < 1; }
static bool valid(const mote_config &config) { return config.vocab != 0; }
template <typename T> static bool aligned(const T *) { return true; }
#define bytes 10
#define none 1
int main() {
    alignas(64) static float w[64];
    const mote_config config = {MOTE_SHAPE_BIGRAM(29), 0};
    const mote_sgd_params params = {0.1f, 0.9f};
    const Config mine = {9600};
    const Batch batch = {1};
    State state = commit;
    const int all = mine.baud + batch.n + step + capacity + largest + finite(0) + valid(config) + aligned(w) + state;
    return mote_sgd(w, w + 16, w + 36, 16, &params) == MOTE_ERR_ALIGN && all > idle && all > finish ? 0 : 1;
}
END
}

# static_program COMPILER SOURCE: compiles it, without a warning of the library, links it, and looks for functions of the
# API that others could call.
static_program() {
    "$1" -std=c++20 -Wall -Wextra -Wno-missing-field-initializers -Wshadow -Werror -DMOTE_STATIC -DMOTE_SINGLE_ISA=sse2 -O1 \
        -fno-exceptions "-I$dist" "-I$scratch/headers" "-I$boards" -c "$2" -o "$scratch/static.o" &&
        "$1" "$scratch/static.o" "${console[@]}" -o "$scratch/static" &&
        ! nm -g --defined-only "$scratch/static.o" | grep ' [TDBRVW] .*mote'
}

# static_refused MESSAGE COMPILER FLAG …: a program from standard input does not compile, and is told why.
static_refused() {
    ! "$2" -DMOTE_STATIC "-I$dist" -fsyntax-only "${@:3}" - >"$scratch/log" 2>&1 && grep -q "$1" "$scratch/log"
}

static_same() { static_program "$@" && [ "$("$scratch/static" | grep weights_hash)" = "$wanted_hash" ]; }
static_left_out() { static_program "$@" && "$scratch/static"; }
static_too_late() {
    printf '#include "mote.h"\n#include "mote.cpp"\nMOTE_WITHOUT_CELL(gated);\n' |
        static_refused 'MOTE_WITHOUT_...: stands before mote.cpp is included' g++ -x c++
}
static_defined_late() {
    printf '#include "mote.h"\n#define MOTE_STATIC\n#include "mote.cpp"\n' |
        static_refused 'MOTE_STATIC: it has to be defined before mote.h' g++ -UMOTE_STATIC -x c++
}
static_twice() {
    printf '#include "mote.h"\n#include "mote.cpp"\n#include "mote.cpp"\n' |
        static_refused 'mote.cpp: it is included or compiled twice' g++ -x c++ -DMOTE_SINGLE_ISA=scalar
}
static_in_c() { echo '#include "mote.h"' | static_refused 'MOTE_STATIC: the source that includes mote.cpp has to be C++' gcc -x c; }

# In the program's own source: the same bits, nothing for others to call, what is left out is not there.
check_static() {
    local compiler wanted_hash console=("$scratch/console.o" "$scratch/console_host.o")
    gcc -std=c99 -c "$boards/console.c" -o "$scratch/console.o"
    gcc -std=c99 -c "$boards/console_host.c" -o "$scratch/console_host.o"
    wanted_hash=$(consumer gcc)
    static_source "$scratch/consumer.cpp" "$root/tests/consumer/consumer.c" console.h
    for program in left_out left_out_slices; do
        static_source "$scratch/$program.cpp" "$root/tests/archive/$program.c" string.h
    done
    for compiler in $(compilers); do
        attempt "$compiler, MOTE_STATIC: the same bits" static_same "$compiler" "$scratch/consumer.cpp"
        for program in left_out left_out_slices; do
            attempt "$compiler, MOTE_STATIC: what $program leaves out is refused" \
                static_left_out "$compiler" "$scratch/$program.cpp"
        done
    done
    names_of_the_library >"$scratch/names.cpp"
    for compiler in $(compilers); do
        attempt "$compiler, MOTE_STATIC: a program's own names are not the library's" \
            static_left_out "$compiler" "$scratch/names.cpp"
    done
    attempt "MOTE_STATIC: defined too late, it is refused" static_defined_late
    attempt "MOTE_STATIC: included twice, the library is refused" static_twice
    attempt "MOTE_STATIC: a part that is left out too late is refused" static_too_late
    attempt "MOTE_STATIC: a program in C is refused" static_in_c
}

# static_size DEFINITION …: the bytes of firmware for the RNN alone, with the library in its source.
static_size() {
    arm-none-eabi-g++ "${cpu[@]}" -std=c++20 -Os -fno-exceptions -fno-rtti -ffunction-sections -fdata-sections "-I$dist" \
        "-I$scratch/headers" "-I$boards" -DMOTE_STATIC -DMOTE_WITHOUT_RELU -DWITH_RNN -DNETWORK=RNN "$@" \
        '-DMOTE_ONLY_MODEL=MOTE_SHAPE_RNN(65, 0, 64, 1), MOTE_TANH' \
        -c "$root/bench/microcontroller/weighed_static.cpp" -o "$scratch/weighed.o" &&
        arm-none-eabi-gcc "${cpu[@]}" -Os -ffunction-sections "$scratch/weighed.o" "$boards"/{console,startup_cortex_m,startup,semihosting}.c \
            "${link[@]}" -o "$scratch/weighed.elf" && arm-none-eabi-size "$scratch/weighed.elf" | awk 'NR == 2 { print $1 }'
}

# within_size WHAT LIMIT DEFINITION …: what the library adds to a program that only reads a file.
within_size() {
    local nothing bytes
    nothing=$(firmware_size "$scratch/one.a")
    bytes=$(($(static_size "${@:3}") - nothing))
    attempt "Cortex-M4F, MOTE_STATIC, one model, $1: $bytes bytes of code, at most $2" test "$bytes" -le "$2"
}

# firmware_size LIBRARY DEFINITION …: the bytes of a program of bench/microcontroller with it.
firmware_size() {
    arm-none-eabi-gcc "${cpu[@]}" -std=c99 -Os -ffunction-sections -fdata-sections "-I$root/lib" "-I$boards" "${@:2}" \
        "$root/bench/microcontroller/weighed.c" "$boards"/{console,startup_cortex_m,startup,semihosting}.c "$1" \
        "${link[@]}" -o "$scratch/weighed.elf" && arm-none-eabi-size "$scratch/weighed.elf" | awk 'NR == 2 { print $1 }'
}

# Programs that learn and that do not, each with nothing of the library but what it needs.
check_sizes() {
    local includes network optimizer definitions one many flags=(-Os -ffunction-sections -fdata-sections)
    local networks=(GRU) optimizers=("" ADAMW)
    [ $long -eq 0 ] || { networks=(BIGRAM MLP RNN GRU) && optimizers=("" SGD ADAMW); }
    command -v arm-none-eabi-g++ >/dev/null || { verdict SKIP "sizes: there is no arm-none-eabi-g++"; return; }
    find_target cortex-m4
    mkdir "$scratch/many"
    mapfile -t includes < <(find "$root/lib" "$root/platform/cpu" -type d -printf '-I%p\n')
    { find "$root/lib" -name '*.cpp' && echo "$root/platform/cpu/kernels_vfp.cpp"; } | (cd "$scratch/many" && xargs -P "$(nproc)" \
        -n 4 "$cxx" "${cpu[@]}" "${flags[@]}" -std=c++17 -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-math-errno \
        -DMOTE_WITHOUT_THREADS -DMOTE_SINGLE_ISA=vfp "${includes[@]}" -c)
    arm-none-eabi-ar rcs "$scratch/many.a" "$scratch/many"/*.o
    "$cxx" "${cpu[@]}" "${flags[@]}" -c "$dist/mote.cpp" -o "$scratch/one.o"
    arm-none-eabi-ar rcs "$scratch/one.a" "$scratch/one.o"
    for network in "${networks[@]}"; do
        for optimizer in "${optimizers[@]}"; do
            definitions=("-DNETWORK=$network" "-DWITH_$network")
            [ -z "$optimizer" ] || definitions+=("-DOPTIMIZER=$optimizer" "-DWITH_$optimizer")
            many=$(firmware_size "$scratch/many.a" "${definitions[@]}")
            one=$(firmware_size "$scratch/one.a" "${definitions[@]}")
            attempt "Cortex-M4F, $network $optimizer: $one bytes of firmware with one file, $many with many" \
                test $((100 * one)) -le $((102 * many))
        done
    done
    within_size "an RNN that runs" 5000
    within_size "an RNN that learns by SGD" 10000 -DOPTIMIZER=SGD -DWITH_SGD
}

# consumer COMPILER FLAG …: the hash that a C program with the library prints.
consumer() {
    "$@" -std=c99 -O1 "-I$dist" "-I$boards" "$root/tests/consumer/consumer.c" "$boards"/console{,_host}.c \
        "$scratch/x86_64.o" -o "$scratch/consumer" && "$scratch/consumer" | grep weights_hash
}

# Other C and C++ libraries: the object is the one that was compiled by the flags of the host's.
check_other_libraries() {
    local wanted compiler
    wanted=$(consumer gcc)
    if command -v musl-gcc >/dev/null; then
        attempt "C programs with musl, linked statically" test "$(consumer musl-gcc -static)" = "$wanted"
    else
        verdict SKIP "there is no musl-gcc"
    fi
    for compiler in $(compilers) none; do
        ! echo '#include <string.h>' | "$compiler" -stdlib=libc++ -x c++ -fsyntax-only - 2>/dev/null || break
    done
    if [ "$compiler" = none ]; then
        verdict SKIP "there is no clang++ with libc++"
    else
        attempt "$compiler with libc++" "$compiler" -stdlib=libc++ -O1 -c "$dist/mote.cpp" -o "$scratch/x86_64.o"
        attempt "$compiler with libc++: the same bits" test "$(consumer gcc)" = "$wanted"
    fi
    unset compiler
}

long=0
if [ "${1-}" = --long ]; then
    long=1
    shift
fi
if [ $# -ne 1 ] || [ ! -x "$1/tests/same_bits/same_bits" ]; then
    echo "amalgamation/run.sh: usage: run.sh [--long] BUILD, a build of the host with its tests" >&2
    exit 2
fi
"$1/tests/same_bits/same_bits" --tiny | only_cases >"$scratch/wanted"
"$root/tools/amalgamate" "$dist"
check_header
if [ $long -eq 0 ]; then
    check_dialects gnu++11
    same x86_64 -O1
    same cortex-m4 -Os -std=gnu++11
else
    check_dialects gnu++11 gnu++14 c++17 gnu++17 c++20 c++2b
    for compiler in $(compilers); do same x86_64 -O2; done
    unset compiler
    same x86_64 -O0
    same x86_64 -O1
    same x86_64 -Os
    same x86_64 -O2 -std=gnu++11
    same x86_64 -O2 -march=native
    same aarch64 -O2
    same clang.aarch64 -O2
    same cortex-m4 -O2
    same cortex-m4 -Os -std=gnu++11
    same_on_nehalem
fi
check_symbols x86_64 ""
check_symbols cortex-m4 arm-none-eabi-
check_left_out
check_static
[ $long -eq 0 ] || check_other_libraries
check_sizes
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
