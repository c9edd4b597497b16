"""The cores that arm_estimates.py knows, and what their instructions take where that has to be counted."""
import re
from dataclasses import dataclass, field

# Cycles of the first form that fits an instruction with its operands. Each table is for a core that issues in order: an
# instruction waits for those before it to be issued, never for their results.
#
# Cortex-A53: one vector multiply-add a cycle; no load of a vector is issued with another instruction, and one of 128
# bits takes two cycles; other instructions are issued beside multiply-adds (measured: ncnn, arm-a53-a55-dual-issue.md).
CYCLES_A53 = [
    (r"fdiv v\d+\.4s", 14),
    (r"ld[pr]\S* q\d+, q|stp q", 4),
    (r"(ldr|ldur|str|stur) q", 2),
    (r"ldp [sd]", 2),
    (r"\S+ [vsd]\d+|ld1r", 1),
    (r"", 0),
]
# Cortex-A7: a NEON instruction is issued alone and computes a float a cycle (GCC's cortex-a7.md, by Arm; VFP Benchmark
# measured the second), other operations and loads do 64 bits; a division takes 14 cycles.
CYCLES_A7 = [
    (r"v(fma|fms|mul|add|sub|c[gl][et]|ceq|acg[et])\.f32 q", 4),
    (r"vdiv\.f32", 14),
    (r"v(ld|st)1\.\d+ \{d\d+(\[\])?[-,] ?d\d+(\[\])?\}|v\S+ [qd]", 2),
    (r"", 1),
]
# Cortex-M7: one operation of the FPU a cycle; a load of many has 64 bits a cycle and is issued alone; others are issued
# two by two (LLVM's ARMScheduleM7.td, by Arm); a division takes 14 cycles.
CYCLES_M7 = [
    (r"vdiv\.f32", 14),
    (r"vldr |vldmia\S* \w+!?, \{s\d+\}|[^v]", 0.5),
    (r"vldm", None),
    (r"", 1),
]


@dataclass
class Core:
    name: str
    preset: str
    isa: str  # the namespace of its kernels
    fused: str  # a multiply-add of the widest kind, {} for the accumulator's number
    lanes: int  # multiply-adds in it
    mca: list = field(default_factory=list)  # llvm-mca's options, where LLVM has a model
    table: list = field(default_factory=list)  # what to count by
    cycles: int = 1  # that one of the widest kind takes, where no model says it

    def count(self, loop):
        """Cycles of a turn by the table; a load of many without a number of its own takes half a cycle a float."""
        total = 0
        for one in loop.body:
            text = f"{one.name} {one.operands}"
            cycles = next(cycles for form, cycles in self.table if re.match(form, text))
            total += one.bytes_loaded() / 8 if cycles is None else cycles
        return total


NEON_64, FPU, MVE = "fmla v{}.4s, v30.4s, v31.4s", "vfma.f32 s{}, s30, s31", "vfma.f32 q{}, q7, q7"
CORES = [
    Core("Cortex-A53", "aarch64", "neon", NEON_64, 4, ["-mtriple=aarch64", "-mcpu=cortex-a53"], CYCLES_A53),
    Core("Cortex-A72", "aarch64", "neon", NEON_64, 4, ["-mtriple=aarch64", "-mcpu=cortex-a72"]),
    # LLVM gives a Cortex-A76 the model of an A57; the Neoverse N1 has the A76's pipelines.
    Core("Cortex-A76", "aarch64-pi5", "neon", NEON_64, 4, ["-mtriple=aarch64", "-mcpu=neoverse-n1"]),
    Core("Cortex-A7", "armv7", "neon", "vfma.f32 q{}, q14, q15", 4, [], CYCLES_A7, 4),
    Core("Cortex-M7", "cortex-m7", "vfp", FPU, 1, ["-mtriple=thumbv7em", "-mcpu=cortex-m7"], CYCLES_M7),
    Core("Cortex-M55", "cortex-m55", "vfp", MVE, 4, ["-mtriple=thumbv8.1m.main", "-mcpu=cortex-m55"]),
]
