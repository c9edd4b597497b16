#!/usr/bin/env bash
# shared_symbols.sh ARCHIVE NM: fails on a function or variable that the object of an instruction set, kernels_*.o, and
# another object of the archive define. The linker would keep one copy of it, and might take the one compiled for an
# instruction set that the CPU lacks.
# shared_symbols.sh --builds FOLDER LEVEL: builds the library for this machine in FOLDER, at -O0 or -O2, with gcc and clang,
# and puts each to this test and those of undefined_symbols.sh and instructions.sh. A compiler that is not there is skipped.
# shared_symbols.sh --check-itself CXX AR NM: shows that it detects violations.
set -u
here=$(cd "$(dirname "$0")" && pwd)

# check ARCHIVE NM: prints what is wrong; fails where something is. A capital letter is a symbol that other objects
# see, as are weak ones and those of inline variables.
check() {
    local symbols shared objects
    symbols=$("$2" --print-file-name --defined-only --format=posix "$1" | sed 's/^[^ ]*\[\(.*\)\]:/\1/')
    shared=$(awk '
        $3 ~ /^[A-TV-Zuvw]$/ && !(($1, $2) in seen) {
            seen[$1, $2] = 1
            objects[$2] = objects[$2] " " $1
            count[$2]++
        }
        END { for (name in count) if (count[name] > 1 && objects[name] ~ / kernels_/) print "    " name " in" objects[name] }
    ' <<<"$symbols" | sort)
    objects=$(awk '$1 ~ /^kernels_/ { print $1 }' <<<"$symbols" | sort -u | wc -l)
    if [ -n "$shared" ]; then
        printf '%s: instruction sets share\n%s\n' "$1" "$shared"
        return 1
    fi
    if [ "$objects" -eq 0 ]; then
        echo "$1 has no object of an instruction set"
        return 1
    fi
    echo "$1: $objects objects of instruction sets, and nothing of them in another"
}

# build_and_check FOLDER COMPILER LEVEL
build_and_check() {
    local folder=$1 compiler=$2 level=$3 cc=gcc
    [ "$compiler" = g++ ] || cc=clang
    if ! { cmake -G Ninja -S "$here/../.." -B "$folder" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_C_COMPILER=$cc \
        -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS="$level" -DMOTE_BUILD_TESTS=OFF -DMOTE_BUILD_TOOLS=OFF \
        -DMOTE_INSTALL=OFF && cmake --build "$folder" --target mote; } >"$folder.log" 2>&1; then
        tail -n 20 "$folder.log"
        return 1
    fi
    check "$folder/lib/libmote.a" nm && "$here/undefined_symbols.sh" "$folder/lib/libmote.a" nm || return 1
    [ "$(uname -m)" != x86_64 ] || "$here/instructions.sh" "$folder/lib/libmote.a" objdump
}

check_builds() {
    local compiler passed=0 failed=0 skipped=0
    mkdir -p "$1" || return 2
    for compiler in g++ clang++; do
        if ! command -v "$compiler" >/dev/null; then
            echo "SKIP: there is no $compiler"
            skipped=$((skipped + 1))
        elif build_and_check "$1/$compiler$2" "$compiler" "$2"; then
            passed=$((passed + 1))
        else
            echo "FAIL $compiler $2"
            failed=$((failed + 1))
        fi
    done
    echo "$passed passed, $failed failed, $skipped skipped"
    [ $failed -eq 0 ] && [ $passed -gt 0 ]
}

# expect NAME MESSAGE SOURCE SOURCE: the check of two objects says MESSAGE.
expect() {
    local name=$1 message=$2 i=0
    shift 2
    for source; do
        i=$((i + 1))
        printf '%s\n' "$source" >"$scratch/kernels_$name$i.cpp"
        "$cxx" -O0 -std=c++17 -c "$scratch/kernels_$name$i.cpp" -o "$scratch/kernels_$name$i.o" || exit 2
    done
    "$ar" rcs "$scratch/$name.a" "$scratch/kernels_$name"?.o || exit 2
    check "$scratch/$name.a" "$nm" >"$scratch/output"
    if ! grep -q "$message" "$scratch/output"; then
        echo "$name: wanted '$message', got:"
        cat "$scratch/output"
        exit 1
    fi
    echo "$name: $message"
}

check_itself() {
    cxx=$1 ar=$2 nm=$3
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    local body='inline int twice(int x) { return 2 * x; }'
    expect inline_function '_Z5twicei in .*1\.o.*2\.o' "$body int a(int x) { return twice(x); }" "$body int b(int x) { return twice(x); }"
    expect inline_variable 'kept in' 'inline int kept = 1; int *a() { return &kept; }' 'inline int kept = 1; int *b() { return &kept; }'
    expect own_namespaces 'nothing of them in another' "namespace n1 { $body } int a(int x) { return n1::twice(x); }" \
        "namespace n2 { $body } int b(int x) { return n2::twice(x); }"
    expect internal 'nothing of them in another' "static $body int a(int x) { return twice(x); }" \
        "static $body int b(int x) { return twice(x); }"
}

usage() {
    echo "shared_symbols.sh: needs ARCHIVE NM, --builds FOLDER LEVEL, or --check-itself CXX AR NM" >&2
    exit 2
}

case ${1:-} in
--check-itself)
    [ $# -eq 4 ] || usage
    check_itself "$2" "$3" "$4"
    ;;
--builds)
    [ $# -eq 3 ] || usage
    check_builds "$2" "$3"
    ;;
*)
    if [ $# -ne 2 ] || [ ! -r "$1" ]; then usage; fi
    check "$1" "$2"
    ;;
esac
