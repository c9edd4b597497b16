#!/usr/bin/env bash
# instructions.sh ARCHIVE OBJDUMP: reads the machine code of an x86-64 archive. Fails where an object uses instructions
# that a CPU may lack on which it runs, and where an instruction set's object does not use its own. Everything but
# kernels_avx2*, kernels_avx512* runs on any x86-64.
# instructions.sh --check-itself CXX AR OBJDUMP: shows that it detects violations.
set -u

# report OBJECT: reads a disassembly; a name that begins with v is a VEX or EVEX encoding, hence AVX at the least.
report() {
    awk -v object="$1" '
        BEGIN { FS = "\t" }
        NF >= 3 {
            code = $3
            if (code ~ /^v/ && code !~ /^verw?/) avx = code
            if (code ~ /%zmm|%k[0-7]|%[xy]mm(1[6-9]|2[0-9]|3[01])/) avx512 = code
            if (code ~ /^vfm.*%ymm/) fma256++
            if (code ~ /^vfm.*%zmm/) fma512++
            if (code ~ /vpdpbusd/) vnni++
        }
        END {
            if (object ~ /^kernels_avx512/) {
                if (!fma512) wrong = "no fused multiply-add of 512 bits"
            } else if (object ~ /^kernels_avx2/) {
                if (avx512 != "") wrong = "AVX-512: " avx512
                else if (!fma256) wrong = "no fused multiply-add of 256 bits"
            } else if (avx != "") wrong = "AVX: " avx
            if (object ~ /^kernels_[^.]*vnni/) {
                if (!vnni) wrong = "no dot product of bytes"
            } else if (vnni) wrong = "VNNI"
            if (wrong != "") { print "    " object ": " wrong; exit 1 }
        }'
}

# check ARCHIVE OBJDUMP
check() {
    local object objects wrong=""
    objects=$("$2" -a "$1" | sed -n 's/^\(.*\): *file format elf64-x86-64$/\1/p')
    if [ -z "$objects" ]; then
        echo "$1 has no object for x86-64"
        return 1
    fi
    folder=$(mktemp -d)
    (cd "$folder" && ar x "$1")
    for object in $objects; do
        wrong+=$("$2" -d --no-show-raw-insn "$folder/$object" | awk '{ sub(/^ *[0-9a-f]+:\t/, "\t\t"); print }' | report "$object")
    done
    rm -r "$folder"
    if [ -n "$wrong" ]; then
        printf '%s:\n%s\n' "$1" "$wrong"
        return 1
    fi
    echo "$1: $(wc -w <<<"$objects") objects, each with the instructions that it may use"
}

# expect MESSAGE OBJECT FLAGS SOURCE
expect() {
    printf '%s\n' "$4" >"$scratch/$2.cpp"
    # shellcheck disable=SC2086 # several flags
    "$cxx" -O2 $3 -c "$scratch/$2.cpp" -o "$scratch/$2.o" || exit 2
    rm -f "$scratch/all.a"
    "$ar" rcs "$scratch/all.a" "$scratch/$2.o" || exit 2
    check "$scratch/all.a" "$objdump" >"$scratch/output"
    if ! grep -q "$1" "$scratch/output"; then
        echo "$2 with $3: wanted '$1', got:"
        cat "$scratch/output"
        exit 1
    fi
    echo "$2 with '$3': $1"
}

check_itself() {
    cxx=$1 ar=$2 objdump=$3
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    local body='typedef float V __attribute__((vector_size(SIZE))); V f(V a, V b, V c) { return a * b + c; }'
    expect 'each with the instructions' model '' 'float f(float a, float b) { return a * b; }'
    expect 'model.o: AVX: v' model '-mavx' 'float f(float a, float b) { return a * b; }'
    expect 'each with the instructions' kernels_avx2 '-mavx2 -mfma -ffp-contract=fast' "${body/SIZE/32}"
    expect 'kernels_avx2.o: no fused' kernels_avx2 '-mavx2 -mfma -ffp-contract=off' "${body/SIZE/32}"
    expect 'kernels_avx2.o: AVX-512: v' kernels_avx2 '-mavx512f -mfma -ffp-contract=fast' "${body/SIZE/64}"
    expect 'each with the instructions' kernels_avx512 '-mavx512f -ffp-contract=fast' "${body/SIZE/64}"
    expect 'kernels_avx512.o: no fused' kernels_avx512 '-mavx2 -mfma -ffp-contract=fast' "${body/SIZE/32}"
    local dot='#include <immintrin.h>
        __m256 f(__m256 a, __m256i b) { return a * a + _mm256_castsi256_ps(_mm256_dpbusd_avx_epi32(b, b, b)); }'
    expect 'each with the instructions' kernels_avx2vnni '-mavx2 -mfma -mavxvnni -ffp-contract=fast' "$dot"
    expect 'kernels_avx2.o: VNNI' kernels_avx2 '-mavx2 -mfma -mavxvnni -ffp-contract=fast' "$dot"
    expect 'kernels_avx2vnni.o: no dot' kernels_avx2vnni '-mavx2 -mfma -ffp-contract=fast' "${body/SIZE/32}"
    expect 'kernels_sse2.o: AVX: v' kernels_sse2 '-mavx2 -mfma -ffp-contract=fast' "${body/SIZE/32}"
}

usage() {
    echo "instructions.sh: needs ARCHIVE OBJDUMP, or --check-itself CXX AR OBJDUMP" >&2
    exit 2
}

case ${1:-} in
--check-itself)
    [ $# -eq 4 ] || usage
    check_itself "$2" "$3" "$4"
    ;;
*)
    if [ $# -ne 2 ] || [ ! -r "$1" ]; then usage; fi
    check "$(realpath "$1")" "$2"
    ;;
esac
