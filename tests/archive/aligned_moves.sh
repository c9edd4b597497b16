#!/usr/bin/env bash
# aligned_moves.sh ARCHIVE OBJDUMP: fails where the archive, for Windows, moves a vector of 32 or 64 bytes by an instruction
# that wants it aligned: the stack there is aligned to 16 (GCC bug 54412). --check-itself CXX AR OBJDUMP: shows that it
# finds one.
set -euo pipefail

check() {
    local code moves
    code=$("$2" -d --no-show-raw-insn "$1")
    moves=$(grep -E 'vmov(ap[sd]|dqa(32|64)?|ntdqa?|ntp[sd])[[:space:]].*%[yz]mm' <<<"$code" | grep '(' || true)
    grep -q '%[yz]mm' <<<"$code" || { echo "$1 has no vectors of 32 bytes to look at"; return 1; }
    [ -z "$moves" ] || { echo "$1 wants vectors aligned:" && head -n 5 <<<"$moves"; return 1; }
    echo "$1: no move that wants a vector aligned"
}

if [ "${1-}" = --check-itself ]; then
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    for move in vmovups vmovaps; do
        echo "void f(void) { __asm__(\"$move %%ymm1, (%%rsp)\" ::: \"memory\"); }" >"$scratch/$move.cpp"
        "$2" -O1 -c "$scratch/$move.cpp" -o "$scratch/$move.o"
        "$3" rcs "$scratch/$move.a" "$scratch/$move.o"
    done
    check "$scratch/vmovups.a" "$4"
    if check "$scratch/vmovaps.a" "$4"; then exit 1; fi
    exit 0
fi
check "$1" "$2"
