#!/usr/bin/env bash
# arm_estimates.sh [--write] [--loops]: an estimate of what the inner loops of products and of tanh take on cores of Arm
# that are not at hand. Builds the library for them, finds the loops in what objdump prints, and gives them to llvm-mca
# or counts their instructions (arm_cores.py). --loops prints the loops, too; --write puts the table into BENCHMARKS.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
write=0 options=()
for argument; do
    case $argument in
    --write) write=1 ;;
    --loops) options=(--loops) ;;
    *)
        echo "arm_estimates.sh: unknown option $argument; usage: arm_estimates.sh [--write] [--loops]" >&2
        exit 2
        ;;
    esac
done

die() {
    echo "arm_estimates.sh: $1" >&2
    exit 1
}

listings=build/arm-estimates
mkdir -p $listings
# PRESET OBJDUMP OPTION …: of an archive, objdump does not see itself that there are vectors.
while read -r preset objdump options_of_objdump; do
    command -v "$objdump" >/dev/null || die "$objdump is not installed; run tools/setup.sh bench"
    folder=$listings/$preset
    if ! { cmake --preset "$preset" -B "$folder" -DMOTE_BUILD_TOOLS=OFF -DMOTE_BUILD_TESTS=OFF &&
        cmake --build "$folder" --target mote; } >"$folder.log" 2>&1; then
        tail -n 20 "$folder.log" >&2
        die "$preset does not build; the whole log is $folder.log"
    fi
    # shellcheck disable=SC2086 # several words
    "$objdump" -d --no-show-raw-insn -C $options_of_objdump "$folder/lib/libmote.a" >"$folder.txt"
done <<'END'
aarch64 aarch64-linux-gnu-objdump
aarch64-pi5 aarch64-linux-gnu-objdump
armv7 arm-linux-gnueabihf-objdump
cortex-m7 arm-none-eabi-objdump
cortex-m55 arm-none-eabi-objdump -m armv8.1-m.main
END

if [ $write -eq 0 ]; then
    python3 bench/arm_estimates.py $listings "${options[@]}"
    exit
fi
title='## Arm, estimated'
text() {
    cat <<'END'
No core of Arm was at hand: this is an **estimate** of what the inner loops take, not a measurement. For each kernel it
takes the loop with the most sums at once from the compiled library, and compares its multiply-adds a cycle with those
of a loop of nothing but independent multiply-adds, the peak.

"model X" is llvm-mca with LLVM's model of X. LLVM has none of the Cortex-A72, which it treats as an A57. It treats a
Cortex-A76 so, too, which has twice the units; the model here is that of the Neoverse N1, whose core is an A76's, and
LLVM 19 the first in Debian 12 to have it. Of the Cortex-A7 LLVM has no model that llvm-mca takes. "count" adds the
cycles in which instructions are issued, by published timings that `bench/arm_cores.py` names.

llvm-mca knows no caches, no memory, no branch prediction, and of rules about which instructions are issued together
only what a model says. It has a core that issues in order finish in order, too, so that a load waits for the
multiply-add before it: too slow for A53 and M7. The count waits for no result: too fast. The count for the A7 assumes
that nothing is done beside a vector instruction.

The goal is 90% of the peak for GEMM. A72, A76 and M55 reach it by their models. What limits the others:

- A53: a load of a vector is not issued beside a multiply-add, and 128 bits take two cycles: 13 of 33 cycles of a step.
- A7: loads, and copies of a number to all lanes, take turns with multiply-adds, which have no form by one lane that is
  fused. 3 rows in place of 2, which fill the 16 registers to the last, would count 76%; GCC spills them.
- M7: a weight is loaded for one multiply-add, by VLDM, which is issued alone and has 64 bits a cycle: 34 of 99 cycles.
  A VLDR for each weight is issued beside a multiply-add and would count 94%, but the code is that of the M4F, too:
  2.1 instructions for a multiply-add in place of 1.17.

A matrix by a single row (GEMV) loads a vector for each multiply-add, which is what bounds it; a Cortex-M does every
product so. A weight's gradient on the M55 has two instructions more for each step, to a number of the next row. tanh
is 9 multiply-adds and, on 64-bit Arm, 24 other vector operations; of these the division takes 7 cycles on an A76 and 34
on an A72.

END
}
{
    sed "/^$title/,\$d" BENCHMARKS.md
    printf '%s\n\n' "$title"
    text
    echo "Compilers: $(aarch64-linux-gnu-g++ --version | head -n 1); $(arm-none-eabi-g++ --version | head -n 1)."
    echo "Command: \`bench/arm_estimates.sh --write\`."
    echo
    python3 bench/arm_estimates.py $listings
} >$listings/BENCHMARKS.md
mv $listings/BENCHMARKS.md BENCHMARKS.md
