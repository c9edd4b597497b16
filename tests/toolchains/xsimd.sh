#!/usr/bin/env bash
# xsimd.sh INCLUDE …: the library and its tests with other versions of xsimd, each INCLUDE a folder that holds
# xsimd/xsimd.hpp, as usr/include of an unpacked package libxsimd-dev. The unit tests on every instruction set of this CPU,
# and the bits of every case beside those of the build `release`.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0
reference=$root/build/release/tests/same_bits/same_bits

[ $# -gt 0 ] || { echo "xsimd.sh: usage: xsimd.sh INCLUDE …" >&2; exit 2; }
[ -x "$reference" ] || { echo "xsimd.sh: there is no $reference; build the preset release" >&2; exit 2; }

# verdict NAME COMMAND …
verdict() {
    if "${@:2}" >"$scratch/log" 2>&1; then
        passed=$((passed + 1))
        echo "ok $1"
    else
        failed=$((failed + 1))
        echo "FAIL $1"
        tail -n 10 "$scratch/log"
    fi
}

bits() { "$@" --small | grep -v '^isa \|^ftz '; }
same() { cmp <(bits "$reference") <(bits "$build/tests/same_bits/same_bits" --isa "$1"); }

for include; do
    config=$include/xsimd/config/xsimd_config.hpp
    version=$(sed -n 's/^#define XSIMD_VERSION_[A-Z]* \([0-9]*\)$/\1/p' "$config" | paste -sd .)
    build=$scratch/$version
    if ! { cmake -S "$root" -B "$build" -G Ninja -DMOTE_xsimd_INCLUDE="$include" -DMOTE_BUILD_TOOLS=OFF &&
        cmake --build "$build" -j "$(nproc)" --target mote_tests same_bits; } >"$scratch/log" 2>&1; then
        failed=$((failed + 1))
        echo "FAIL xsimd $version does not build"
        grep -m 5 'error' "$scratch/log"
        continue
    fi
    for isa in $("$build/tests/same_bits/same_bits" --list); do
        verdict "xsimd $version: the unit tests, $isa" env MOTE_TEST_ISA="$isa" "$build/tests/mote_tests"
        verdict "xsimd $version: the same bits, $isa" same "$isa"
    done
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
