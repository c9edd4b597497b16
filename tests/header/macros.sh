#!/usr/bin/env bash
# macros.sh: a source that uses every macro of mote.h compiles without a warning in each dialect of C and C++, with gcc
# and clang and with what strict projects turn on. A dialect or a compiler that is not there is skipped.
# macros.sh --check-itself: shows that it finds macros that warn or that are not constant expressions.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
library=$here/../../lib

common=(-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wundef -Wcast-align -Wcast-qual -Werror)
gcc_cxx=(-Wold-style-cast -Wuseless-cast -Wzero-as-null-pointer-constant -Wextra-semi)
# Without what is about older standards and layout, or about the program and not the macros.
clang_all=(-Weverything -Wno-unknown-warning-option -Wno-c++98-compat -Wno-c++98-compat-pedantic -Wno-padded
    -Wno-pre-c2x-compat -Wno-pre-c11-compat -Wno-unused-macros)

# warnings COMPILER: in the array of this name.
warnings() {
    warnings=("${common[@]}")
    case $1 in
    g++) warnings+=("${gcc_cxx[@]}") ;;
    clang*) warnings+=("${clang_all[@]}") ;;
    esac
}

# compile HEADERS COMPILER DIALECT. The shapes of mote_sizes.h are lists of numbers, not numbers.
compile() {
    local language=c
    case $2 in *++) language=c++ ;; esac
    warnings "$2"
    local included
    mapfile -t included < <(sed -n "/mote_sizes/d; s|^#include \"\(mote_.*\)\"|$1/\1|p" "$1/mote.h")
    awk -f "$here/use_macros.awk" "$1/mote.h" "${included[@]}" >"$scratch/use.txt"
    "$2" "-std=$3" "${warnings[@]}" "-I$1" -fsyntax-only -x $language "$scratch/use.txt"
}

check_all() {
    local compiler dialect dialects passed=0 failed=0 skipped=0
    for compiler in gcc g++ clang clang++; do
        if ! command -v "$compiler" >/dev/null; then
            echo "SKIP: there is no $compiler"
            skipped=$((skipped + 1))
            continue
        fi
        case $compiler in
        *++) dialects='c++11 c++14 c++17 c++20 c++2b' ;;
        *) dialects='c99 gnu99 c11 c17 c2x' ;;
        esac
        for dialect in $dialects; do
            if ! "$compiler" "-std=$dialect" -E -x c /dev/null >/dev/null 2>&1 &&
                ! "$compiler" "-std=$dialect" -E -x c++ /dev/null >/dev/null 2>&1; then
                echo "SKIP: this $compiler has no $dialect"
                skipped=$((skipped + 1))
            elif compile "$library" "$compiler" "$dialect" >"$scratch/log" 2>&1; then
                passed=$((passed + 1))
            else
                head -n 10 "$scratch/log"
                echo "FAIL $compiler -std=$dialect"
                failed=$((failed + 1))
            fi
        done
    done
    echo "$passed passed, $failed failed, $skipped skipped"
    [ $failed -eq 0 ] && [ $passed -gt 0 ]
}

# expect MESSAGE COMPILER DIALECT HEADER: a header of this text gives the message; an empty one: no warning.
expect() {
    local status=0 i
    {
        printf '#include <stdint.h>\n#include <stddef.h>\nenum { MOTE_ADAMW = 3 };\n%s\n' "$4"
        for i in 1 2 3 4 5 6 7 8 9; do echo "#define MOTE_NUMBER_$i ${i}u"; done
    } >"$scratch/mote.h"
    compile "$scratch" "$2" "$3" >"$scratch/log" 2>&1 || status=$?
    if { [ -z "$1" ] && [ $status -ne 0 ]; } ||
        { [ -n "$1" ] && { [ $status -eq 0 ] || ! grep -q -e "$1" "$scratch/log"; }; }; then
        echo "$2 -std=$3: wanted '${1:-no warning}', got status $status and:"
        cat "$scratch/log"
        exit 1
    fi
    echo "$2 -std=$3: ${1:-no warning}"
}

check_itself() {
    expect '' gcc c99 '#define MOTE_WIDE(n) ((uint64_t)(n))'
    expect 'old-style-cast' g++ c++17 '#define MOTE_WIDE(n) ((uint64_t)(n))'
    expect 'useless-cast' g++ c++17 '#define MOTE_WIDE(n) static_cast<uint64_t>(n)'
    expect 'sign-conversion' gcc c11 '#define MOTE_WIDE(n) (UINT64_C(1) * (n))'
    expect 'not constant\|variably' gcc c11 'uint64_t f(uint64_t);
#define MOTE_WIDE(n) f((uint64_t)(n))'
    expect 'constant-expression' g++ c++17 'inline uint64_t f(uint64_t n) { return n; }
#define MOTE_SIZE 3u
#define MOTE_WIDE f(MOTE_SIZE)'
    expect 'not the macros' gcc c11 ''
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
case ${1:-} in
'') check_all ;;
--check-itself) check_itself ;;
*)
    echo "macros.sh: takes --check-itself or nothing" >&2
    exit 2
    ;;
esac
