#!/usr/bin/env bash
# parse_alone.sh: parses every file of platform/cpu and every header of lib/ alone, as clangd does when an editor opens
# it, with the flags of a file that includes it. A header that lacks an include of its own is found. Status 77: there is
# no clang.
# parse_alone.sh --check-itself: shows that such a header is found.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
command -v clang++ >/dev/null || { echo "SKIP: there is no clang++"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# A folder with xsimd alone: beside it lie the headers of the host's C library, which fit no other target.
mkdir "$scratch/include"
ln -s "$(echo '#include <xsimd/xsimd.hpp>' | clang++ -x c++ -M - | tr ' ' '\n' | sed -n 's|/xsimd\.hpp$||p' | head -n 1)" \
    "$scratch/include/xsimd"
newlib=$(echo '#include <string.h>' | arm-none-eabi-gcc -M -x c - 2>/dev/null | tr ' ' '\n' | sed -n 's|/string\.h$||p' | head -n 1)

# The flags of the least target whose kernels include the file, in the array `flags`; empty where it cannot be parsed
# here.
find_flags() {
    case $1 in
    *avx512vnni*) flags=(-mavx512f -mavx512cd -mavx512bw -mavx512dq -mavx512vl -mavx512vnni -mavx2 -mfma) ;;
    *vnni*) flags=(-mavx2 -mfma -mavxvnni) ;;
    *avx512*) flags=(-mavx512f -mavx512cd -mavx512bw -mavx512dq -mavx512vl -mavx2 -mfma) ;;
    *avx2*) flags=(-mavx2 -mfma) ;;
    *sdot*) flags=(--target=aarch64-linux-gnu -march=armv8.2-a+dotprod) ;;
    *neon* | *smlal*) flags=(--target=aarch64-linux-gnu) ;;
    *vfp*) flags=(--target=arm-none-eabi -mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=hard -isystem "$newlib") ;;
    *scalar* | *soft_float* | */init_rows*) flags=(--target=arm-none-eabi -mcpu=cortex-m0 -mthumb -mfloat-abi=soft -isystem "$newlib") ;;
    *sse2* | *x86* | *fma_double*) flags=(-march=x86-64) ;;
    *) flags=(-O0) ;;
    esac
    [[ ${flags[0]} != --target=arm-none-eabi || -d $newlib ]] || flags=()
    [[ ${flags[0]-} != --target=aarch64* ]] || [ -d /usr/aarch64-linux-gnu/include ] || flags=()
    [[ ! $1 =~ avx|vnni|sse2|x86 || $(uname -m) = x86_64 ]] || flags=()
}

# parse FILE INCLUDE …: -Wno-unused: what only other files use; a body may also call what its list defines elsewhere.
parse() {
    local flags file=$1
    find_flags "$file"
    if [ ${#flags[@]} -eq 0 ]; then
        echo "SKIP: $file: its compiler's headers are not here"
        return
    fi
    if ! clang++ -std=c++17 -fsyntax-only -x c++ -Wall -Wextra -Wconversion -Wshadow -Werror -Wno-unused \
        -Wno-pragma-once-outside-header "${flags[@]}" "${@:2}" -isystem "$scratch/include" "$file"; then
        echo "FAIL $file does not parse alone"
        return 1
    fi
}

# check_tree TREE
check_tree() {
    local files includes
    mapfile -t files < <(find "$1/platform/cpu" -name '*.h' -o -name '*.cpp' | sort && find "$1/lib" -name '*.h' | sort)
    mapfile -t includes < <(find "$1/lib" "$1/platform/cpu" -type d -printf '-I%p\n')
    export -f parse find_flags
    export scratch newlib
    [ ${#files[@]} -gt 0 ] || { echo "no file found"; return 1; }
    # shellcheck disable=SC2016 # expanded by the shell that xargs starts
    printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -I '{}' bash -c 'parse "$@"' - '{}' "${includes[@]}" || return 1
    echo "${#files[@]} files parse alone"
}

check_itself() {
    mkdir -p "$scratch"/tree/{lib,platform/cpu}
    echo 'inline unsigned size() { return sizeof(int); }' >"$scratch/tree/lib/whole.h"
    check_tree "$scratch/tree" >"$scratch/output" 2>&1 || { cat "$scratch/output"; exit 1; }
    echo 'inline Mat panel(Mat m) { return m; }' >"$scratch/tree/platform/cpu/lacks.inl.h"
    if check_tree "$scratch/tree" >"$scratch/output" 2>&1 || ! grep -q 'FAIL .*lacks.inl.h' "$scratch/output"; then
        echo "a header that lacks an include was not found:"
        cat "$scratch/output"
        exit 1
    fi
    echo "found: a header that lacks an include"
}

case ${1-} in
'') check_tree "$root" ;;
--check-itself) check_itself ;;
*)
    echo "parse_alone.sh: usage: parse_alone.sh [--check-itself]" >&2
    exit 2
    ;;
esac
