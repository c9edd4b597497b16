#!/usr/bin/env bash
# report.sh [--other] [options of compare.sh]: writes BENCHMARKS.md, bench/speed.svg and bench/scaling.svg: mote beside its
# competitors, and what a multiply-add costs along each size, with the best instruction set and, where that is AVX-512,
# with AVX2. --other, on a machine of another maker, writes its section "Another processor" alone, without the sizes. To
# be run on a machine that has nothing else to do, for some ten minutes.
set -euo pipefail
other=
if [ "${1-}" = --other ]; then
    other=--other
    shift
fi
[ $# -gt 0 ] || set -- --rounds 9 --seconds 0.1
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

bench/compare.sh "$@" --json --chart "$scratch/speed.svg" >"$scratch/best.json"
runs=("$scratch/best.json")
if grep -q '^mote  *mote, avx512' "$scratch/best.json"; then
    bench/compare.sh "$@" --isa avx2 --json >"$scratch/avx2.json"
    runs+=("$scratch/avx2.json")
fi

# What build/bench was configured with.
compiler() {
    local path
    path=$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' build/bench/CMakeCache.txt)
    "$path" --version | head -n 1
}

machine() {
    echo "Machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, Linux $(uname -r | grep -o '^[0-9]*\.[0-9]*')."
    echo "Compiler: $(compiler). Date: $(date -u +%F). Version: $(git rev-parse --short HEAD)."
    echo "Command: \`bench/report.sh $*\`; load average at its end $(cut -d' ' -f1-3 /proc/loadavg)."
    echo
}

if [ -n "$other" ]; then
    {
        sed '/^## Another processor/,$d; /^## Arm, estimated/,$d' BENCHMARKS.md
        echo "## Another processor"
        echo
        machine --other "$@"
        /usr/bin/python3 bench/report.py "${runs[@]}" | sed 's/^## /### /'
        echo
        sed -n '/^## Arm, estimated/,$p' BENCHMARKS.md # of arm_estimates.sh
    } >"$scratch/BENCHMARKS.md"
    mv "$scratch/BENCHMARKS.md" BENCHMARKS.md
    exit
fi

bench/scaling.sh --json --chart "$scratch/scaling.svg" >"$scratch/scaling.json"
runs+=("$scratch/scaling.json")
{
    cat <<'END'
# Benchmarks

mote beside what else does the same work: the same initial weights and batches, losses that agree, one thread each,
taking turns on one core within one run, timed by CPU time. `bench/workloads.cpp` defines the workloads,
`bench/competitors` holds an adapter for each competitor. A ratio is the median of the rounds' ratios; a limit is
measured in the same round: useful multiply-adds at the peak, for T1 with a root and a division a weight, for T4a (a
batch of one row) weights read three times, forward, backward and to be updated, and for inference weights read once, at
the speed of a buffer of their size. The goals for ratios were set beside the best competitors known for each workload,
of which some are not in this list: a best competitor here may be a stronger one. Inference is a character a call, with
its log-softmax. Arrays lie in large pages where the kernel has some, of mote and of the others
(`GLIBC_TUNABLES=glibc.malloc.hugetlb=1`). A bare product adds to what is there, as a recurrence does. FANN does I2a alone: it has no ReLU, no
recurrence and no gradients of inputs, from which an embedding would learn. Products of int8 (Q1 to Q5) are
exact sums, the same as oneDNN's; PyTorch rounds its own to 8 bits, so that they cannot be compared. Not measured: KANN,
RTNeural and RNNoise, which Debian does not package.

![A competitor's time divided by mote's, for each workload](bench/speed.svg)

END
    machine "$@"
    /usr/bin/python3 bench/report.py "${runs[@]}"
    # What other machines and arm_estimates.sh have written.
    sed -n '/^## \(Another processor\|Arm, estimated\)/,$p' BENCHMARKS.md
} >"$scratch/BENCHMARKS.md"
mv "$scratch/BENCHMARKS.md" BENCHMARKS.md
mv "$scratch/speed.svg" "$scratch/scaling.svg" bench
