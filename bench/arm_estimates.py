#!/usr/bin/python3
"""arm_estimates.py FOLDER [--loops], called by arm_estimates.sh: what the inner loops of the kernels take on cores of
Arm that are not at hand, by llvm-mca and by counting. FOLDER has a disassembly PRESET.txt for each preset; --loops
prints the loops, too."""
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

import arm_loops
from arm_cores import CORES

TURNS = 200
# What a kernel's functions are called, in the namespace of the instruction set, and whether only the loops of a single
# row count, or only others: a Cortex-M does one row at a time.
PRODUCT = r"(tile_nn|gemm(_few|_blocks|_panel)?\b)"
KERNELS = [
    ("GEMM", PRODUCT, False),
    ("GEMM, a weight's gradient", r"(tile_tn|gemm_tn)", None),
    ("GEMV", PRODUCT, True),
    ("tanh", r"tanh_rows\b", None),
]


def single_loads(one):
    """A load of many as loads of 64 bits, which is what it does; the models take it for a single one."""
    registers = arm_loops.listed(one.operands)
    base = re.match(r"\w+", one.operands).group(0)
    first, count = int(registers[0][1:]), len(registers)
    if registers[0][0] != "s" or first % 2:
        return [f"vldr {register}, [{base}, #{4 * i}]" for i, register in enumerate(registers)]
    pairs = [f"vldr d{first // 2 + i}, [{base}, #{8 * i}]" for i in range(count // 2)]
    return pairs + [f"vldr {registers[-1]}, [{base}, #{4 * (count - 1)}]"] * (count % 2)


def apart(one):
    """A store that moves its pointer on, as two instructions: in the models the pointer waits for what is stored."""
    address, step = one.operands.rsplit("], ", 1)
    pointer = address.split("[")[1]
    return [f"{one.name} {address}]", f"add {pointer}, {pointer}, {step}"]


def assembly(loop):
    """The loop as LLVM's assembler takes it: widths of instructions are its choice, constants have a point."""
    lines = ["turn:"]
    for one in loop.body:
        name = re.sub(r"\.[nw]$", "", one.name)
        if name == "vldmia":
            lines += single_loads(one)
        elif name.startswith("st") and "], " in one.operands:
            lines += apart(one)
        elif name == "le":
            continue  # the end of a loop that takes no time, and has no model
        elif one.target() is not None:
            lines.append(f"{name} " + re.sub(r"[0-9a-f]+ <.*", "turn", one.operands))
        elif name == "vmov.f32":
            lines.append(f"{name} " + re.sub("#.*", "#1.0", one.operands))
        else:
            lines.append(f"{name} {one.operands}")
    return "\n".join(lines) + "\n"


def mca(core, text, program):
    """Cycles a turn, without those of the first, and llvm-mca's report."""
    report = lambda turns: subprocess.run(
        [program, *core.mca, f"-iterations={turns}"], input=text, capture_output=True, text=True, check=False
    )
    short, long = report(TURNS), report(2 * TURNS)
    if long.returncode != 0:
        sys.exit(f"arm_estimates.py: {program} does not take a loop for the {core.name}:\n{long.stderr}{text}")
    cycles = [int(re.search(r"Total Cycles: +(\d+)", one.stdout).group(1)) for one in (short, long)]
    return (cycles[1] - cycles[0]) / TURNS, long.stdout


def busiest(report):
    """The model's name, which its units bear, and its busiest unit, in cycles a turn."""
    units = dict(re.findall(r"^\[([\d.]+)\] +- (\w+)$", report, re.M))
    heads, values = re.search(r"Resource pressure per iteration:\n(.*)\n(.*)\n", report).groups()
    busy = {units[head[1:-1]]: float(value) for head, value in zip(heads.split(), values.split()) if value != "-"}
    unit = max(busy, key=busy.get)
    return re.match(r"(?:Cortex)?([A-Z]\d+)Unit", unit).group(1), unit.split("Unit")[1], busy[unit]


def peak(core, program):
    """Multiply-adds a cycle of a loop of nothing else, with as many accumulators as there are registers for."""
    count = {"s": 28, "v": 28, "q": 7}[core.fused.split()[1][0]]
    cycles = core.cycles * count
    if core.mca:
        cycles, _ = mca(core, "".join(core.fused.format(i) + "\n" for i in range(count)), program)
    return core.lanes * count / cycles


@dataclass
class Estimate:
    core: str
    by: str
    kernel: str
    loop: arm_loops.Loop
    cycles: float
    peak: float
    limit: str


def estimates_of(core, kernel, loop, program):
    most = peak(core, program)
    if core.mca:
        cycles, report = mca(core, assembly(loop), program)
        model, unit, busy = busiest(report)
        limit = f"unit {unit}" if busy >= 0.9 * cycles else "latency, issue"
        yield Estimate(core.name, f"model {model}", kernel, loop, cycles, most, limit)
    if core.table:
        yield Estimate(core.name, "count", kernel, loop, core.count(loop), most, "issue")


def estimates(folder, program):
    for core in CORES:
        with open(f"{folder}/{core.preset}.txt", encoding="utf-8") as file:
            disassembly = file.read()
        found = {kernel: arm_loops.find(disassembly, f"::{core.isa}::{names}", row) for kernel, names, row in KERNELS}
        if not (found["GEMM"] or found["GEMV"]) or not found["tanh"]:
            sys.exit(f"arm_estimates.py: no loop of a product or of tanh in {core.preset}; mend KERNELS in this file")
        if not found["GEMM"]:
            found = {"GEMM and GEMV": found["GEMV"], **found, "GEMV": None}
        for kernel, loop in found.items():
            if loop:
                yield from estimates_of(core, kernel, loop, program)


def table(rows):
    heads = ["core", "by", "kernel", "multiply-adds a turn", "bytes loaded for each", "cycles a turn", "a cycle (peak)"]
    print("| " + " | ".join([*heads, "of the peak", "bound by"]) + " |")
    print("| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |")
    for row in rows:
        work, loop = row.loop.multiply_adds(), row.loop
        cells = [row.core, row.by, row.kernel, str(work), f"{loop.bytes_loaded() / work:.2f}", f"{row.cycles:g}"]
        cells += [f"{work / row.cycles:.2f} ({row.peak:.2g})", f"{100 * work / row.cycles / row.peak:.0f}%"]
        cells.append(row.limit + (", spills" if loop.spills() else ""))
        print("| " + " | ".join(cells) + " |")


def main(folder, *options):
    program = next((name for name in ("llvm-mca-19", "llvm-mca") if shutil.which(name)), None)
    if not program:
        sys.exit("arm_estimates.py: there is no llvm-mca; run tools/setup.sh bench")
    rows = list(estimates(folder, program))
    if "--loops" in options:
        for row in rows:
            print(f"{row.core}, {row.kernel}: {row.loop.function}\n{assembly(row.loop)}")
    table(rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
