#!/usr/bin/env bash
# compare.sh [--small] TARGET=BUILD …: runs same_bits and sizes of several targets on every instruction set, with
# flush-to-zero on and off where there is a choice, and compares what they print, case by case. TARGET is x86_64,
# aarch64 or cortex-m0, m3, m4, m7, m33, m55; BUILD is the build's same_bits (its sizes lies beside it). The first run
# of a set of cases that works is what the others are held against.
#
# A Cortex-M is compared by the set `small`, which fits it and takes seconds, one without an FPU by the set `tiny`, the
# others by all cases. --small: `small` instead of all, and on a Cortex-M other than the M4 `tiny`. An x86_64 runs every
# set that another target does.
# Exit status: 0 when nothing differs, else 1; 2 for arguments that cannot be used. A target that cannot run here is
# listed and counted as skipped.
set -u
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
small=0 passed=0 failed=0 skipped=0

usage() {
    echo "compare.sh: $1; usage: compare.sh [--small] x86_64|aarch64|cortex-m0|m3|m4|m7|m33|m55=PATH/TO/same_bits …" >&2
    exit 2
}

# The instruction sets that a target must show.
isas_of() {
    case $1 in
    x86_64) echo "portable avx2 avx512" ;;
    aarch64) echo "portable neon" ;;
    cortex-m*) echo "portable" ;;
    esac
}

# What flush-to-zero can be: arithmetic in software has no such mode.
modes_of() {
    case $1 in
    cortex-m0 | cortex-m3) echo "off" ;;
    *) echo "off on" ;;
    esac
}

board_of() { sed -n 's/^set(mote_board \(.*\))$/\1/p' "$here/../../platform/toolchains/$1.cmake"; }

set_of() {
    case $1 in
    cortex-m0 | cortex-m3) echo tiny ;;
    cortex-m4) echo small ;;
    cortex-m*) if [ "$small" = 1 ]; then echo tiny; else echo small; fi ;;
    *) if [ "$small" = 1 ]; then echo small; else echo full; fi ;;
    esac
}

# The sets that a target runs.
sets_of() {
    local target
    if [ "$1" = x86_64 ]; then
        for target in "${targets[@]}"; do set_of "${target%%=*}"; done | sort -u
    else
        set_of "$1"
    fi
}

# The command that runs a program of a target, in the array `runner`; fails with the reason in `why`.
find_runner() {
    runner=() why=""
    case $1 in
    x86_64) [ "$(uname -m)" = x86_64 ] || why="needs an x86-64 machine" ;;
    aarch64)
        [ "$(uname -m)" = aarch64 ] && return
        runner=(qemu-aarch64 -L /usr/aarch64-linux-gnu)
        command -v qemu-aarch64 >/dev/null || why="needs qemu-aarch64"
        ;;
    cortex-m*)
        runner=("$here/../../platform/boards/$(board_of "$1")/run")
        command -v qemu-system-arm >/dev/null || why="needs qemu-system-arm"
        ;;
    esac
    [ -z "$why" ]
}

cpu_lacks() {
    local needed flag
    case $1 in
    avx2) needed="avx2 fma" ;;
    avx512) needed="avx2 fma avx512f avx512bw avx512dq avx512vl" ;;
    *) return 1 ;;
    esac
    for flag in $needed; do grep -qw "$flag" /proc/cpuinfo || return 0; done
    return 1
}

row() { printf '%-10s %-9s %-4s %-6s %6s  %7s  %s\n' "$@"; }

skip() {
    skipped=$((skipped + 1))
    row "$1" "$2" "$3" "$4" - - "SKIP: $5"
}

fail() {
    failed=$((failed + 1))
    row "$1" "$2" "$3" "$4" "$5" "$6" "FAIL: $7"
}

# The first line that the two outputs do not share, of the case that it belongs to.
show_difference() {
    diff <(grep -v '^isa \|^ftz ' "$1") <(grep -v '^isa \|^ftz ' "$2") | grep '^[<>]' | awk '
        { sign = $1; name = $2; $1 = "" }
        first == "" { first = name }
        name == first && !(sign in seen) { seen[sign] = 1; print "    " (sign == "<" ? "wanted" : "got   ") $0 }'
}

# compare TARGET ISA FTZ SET OUTPUT REFERENCE SECONDS
compare() {
    local cases differ
    cases=$(grep -vc '^isa \|^ftz \|^end ' "$5")
    if [ ! -s "$6" ]; then
        cp "$5" "$6"
        passed=$((passed + 1))
        row "$1" "$2" "$3" "$4" "$cases" "$7" "the reference"
        return
    fi
    # A case is its whole line, so that one missing, added or changed counts.
    differ=$(diff <(grep -v '^isa \|^ftz ' "$6") <(grep -v '^isa \|^ftz ' "$5") | sed -n 's/^[<>] \([^ ]*\).*/\1/p' | sort -u)
    if [ -z "$differ" ]; then
        passed=$((passed + 1))
        row "$1" "$2" "$3" "$4" "$cases" "$7" "same bits"
    else
        fail "$1" "$2" "$3" "$4" "$cases" "$7" "$(echo "$differ" | wc -l) cases differ, the first: $(echo "$differ" | head -n 1)"
        show_difference "$6" "$5"
    fi
}

# run_bits TARGET PROGRAM ISA FTZ SET
run_bits() {
    local output=$scratch/output status start=$SECONDS options=(--isa "$3" --ftz "$4")
    if [ "$1" = x86_64 ] && cpu_lacks "$3"; then
        skip "$1" "$3" "$4" "$5" "this CPU has no $3"
        return
    fi
    [ "$5" = full ] || options+=("--$5")
    "${runner[@]}" "$2" "${options[@]}" >"$output" 2>"$scratch/errors"
    status=$?
    if [ "$status" -ne 0 ] || ! grep -q '^end failures=0$' "$output"; then
        fail "$1" "$3" "$4" "$5" - $((SECONDS - start)) "exit status $status"
        grep ' failed: \|^same_bits: \|^fault' "$output" | head -n 5 | sed 's/^/    /'
        head -n 5 "$scratch/errors" | sed 's/^/    /'
    elif ! grep -qx "isa $3" "$output" || ! grep -qx "ftz $4" "$output"; then
        fail "$1" "$3" "$4" "$5" - $((SECONDS - start)) "it ran on $(grep -m 2 '^isa \|^ftz ' "$output" | tr '\n' ' ')"
    else
        compare "$1" "$3" "$4" "$5" "$output" "$scratch/reference.$5" $((SECONDS - start))
    fi
}

run_sizes() {
    local program=$2 output=$scratch/sizes start=$SECONDS
    "${runner[@]}" "$program" >"$output" 2>&1
    if ! grep -q '^end failures=0$' "$output"; then
        fail "$1" - - sizes - $((SECONDS - start)) "a macro is not its function"
        grep -m 3 'wrong' "$output"
    else
        compare "$1" - - sizes "$output" "$scratch/reference.sizes" $((SECONDS - start))
    fi
}

run_target() {
    local target=$1 program=$2 isa ftz set
    if ! find_runner "$target"; then
        skip "$target" all "" "" "$why"
        return
    fi
    run_sizes "$target" "${program%same_bits*}sizes${program##*same_bits}"
    for set in $(sets_of "$target"); do
        for isa in $(isas_of "$target"); do
            for ftz in $(modes_of "$target"); do run_bits "$target" "$program" "$isa" "$ftz" "$set"; done
        done
    done
}

targets=()
for argument; do
    case $argument in
    --small) small=1 ;;
    x86_64=* | aarch64=* | cortex-m0=* | cortex-m3=* | cortex-m4=* | cortex-m7=* | cortex-m33=* | cortex-m55=*) targets+=("$argument") ;;
    *) usage "cannot use '$argument'" ;;
    esac
done
[ ${#targets[@]} -gt 0 ] || usage "no target"

row target isa ftz set cases seconds result
for target in "${targets[@]}"; do run_target "${target%%=*}" "${target#*=}"; done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
