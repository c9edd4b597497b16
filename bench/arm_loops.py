#!/usr/bin/python3
"""Finds the inner loops of a disassembly by objdump, whatever compiler made them, and what a turn of one does.

A loop is what lies between the target of a branch backwards and that branch; it is an inner one where no other loop
lies inside. `arm_loops.py --check-itself` shows that the finder finds what it should in examples."""
import re
import sys
from dataclasses import dataclass, field

FUNCTION = re.compile(r"^[0-9a-f]+ <(.*)>:$")
LINE = re.compile(r"^ *([0-9a-f]+):\t(\S+)(?:\t(.*))?$")
BRANCH = re.compile(r"^(b|b\.?(eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|al)(\.[nw])?|cbn?z|tbn?z|le|letp)$")
TARGET = re.compile(r"(?:^|[ ,])([0-9a-f]+) <")
FUSED = re.compile(r"^(fmla|fmls|fn?madd|fn?msub|vfn?m[as]s?)(\.f32)?$")
MULTIPLE_LOAD = re.compile(r"^(vldm|ldm)")


@dataclass
class Instruction:
    address: int
    name: str
    operands: str

    def target(self):
        """Where a branch goes, or None."""
        found = BRANCH.match(self.name) and TARGET.search(self.operands)
        return int(found.group(1), 16) if found else None

    def multiply_adds(self):
        """How many of single precision, fused, it does."""
        if not FUSED.match(self.name):
            return 0
        first = self.operands.split(",")[0]
        arranged = re.search(r"\.(\d)s", first)
        return int(arranged.group(1)) if arranged else {"q": 4, "d": 2}.get(first[0], 1)

    def bytes_loaded(self):
        if not re.match(r"v?ld(?!a)", self.name):
            return 0
        if re.match(r"ld\d?r|vldrw|vld1|ld1", self.name) and "{" in self.operands:
            return self._bytes_listed()
        if MULTIPLE_LOAD.match(self.name):
            return len(listed(self.operands)) * WIDTH[listed(self.operands)[0][0]]
        registers = self.operands.split("[")[0].split(",")[: 2 if self.name in ("ldp", "ldrd") else 1]
        return sum(WIDTH.get(register.strip()[0], 4) for register in registers if register.strip())

    def _bytes_listed(self):
        if self.name == "ld1r" or "[]" in self.operands:
            return 4
        registers = listed(self.operands)
        return len(registers) * (8 if registers[0][0] == "d" else 16)


WIDTH = {"q": 16, "d": 8, "s": 4, "x": 8, "w": 4, "r": 4, "v": 16}


def listed(operands):
    """The registers of a list in braces, ranges written out."""
    registers = []
    for part in re.search(r"\{(.*?)\}", operands).group(1).split(","):
        names = [re.match(r"[a-z]+\d*", name.strip()).group(0) for name in part.split("-")]
        first, last = (int(re.search(r"\d+$", name).group(0)) for name in (names[0], names[-1]))
        registers += [names[0][0] + str(number) for number in range(first, last + 1)]
    return registers


@dataclass
class Loop:
    function: str
    body: list = field(default_factory=list)

    def multiply_adds(self):
        return sum(one.multiply_adds() for one in self.body)

    def bytes_loaded(self):
        return sum(one.bytes_loaded() for one in self.body)

    def accumulators(self):
        return len({one.operands.split(",")[0] for one in self.body if one.multiply_adds()})

    def spills(self):
        """Vectors that a turn writes to the stack."""
        return sum(one.name[:4] in ("str", "stp", "vstr", "vst1") and "[sp" in one.operands for one in self.body)

    def a_weight_each(self):
        """Whether each multiply-add has a number of its own from memory, as in the product of a single row."""
        return self.bytes_loaded() >= 4 * self.multiply_adds()


def functions(disassembly):
    """(name, instructions) of each function."""
    name, body = None, []
    for line in disassembly.splitlines():
        if head := FUNCTION.match(line):
            if name:
                yield name, body
            name, body = head.group(1), []
        elif name and (found := LINE.match(line)):
            operands = re.sub(r"\s*(//|;|@).*", "", found.group(3) or "")
            body.append(Instruction(int(found.group(1), 16), found.group(2), operands))
    if name:
        yield name, body


def inner_loops(name, body):
    """The inner loops of one function."""
    places = {one.address: i for i, one in enumerate(body)}
    spans = {}
    for end, one in enumerate(body):
        target = one.target()
        if target is not None and target <= one.address and target in places:
            spans[places[target], end] = Loop(name, body[places[target] : end + 1])
    inside = lambda a, b: a != b and b[0] <= a[0] and a[1] <= b[1]
    return [loop for span, loop in spans.items() if not any(inside(other, span) for other in spans)]


def find(disassembly, names, row=None):
    """The inner loop with the most multiply-adds at once, and of those with the most in a turn, in functions whose
    names match; row: only loops of a single row, or only others."""
    loops = [
        loop
        for name, body in functions(disassembly)
        if re.search(names, name)
        for loop in inner_loops(name, body)
        if loop.multiply_adds() and (row is None or loop.a_weight_each() == row)
    ]
    return max(loops, key=lambda loop: (loop.accumulators(), loop.multiply_adds()), default=None)


EXAMPLE_64 = """
0000000000000000 <void tile_nn<6u>(Mat)>:
   0:\tldp\tq3, q2, [x1]
   4:\tldr\ts16, [x0, #64]
   8:\tfmla\tv15.4s, v3.4s, v16.s[0]
   c:\tfmla\tv14.4s, v2.4s, v16.s[0]
  10:\tstr\tq15, [sp, #64]
  14:\tb.ne\t4 <void tile_nn<6u>(Mat)+0x4>  // b.any
  18:\tfmla\tv1.4s, v3.4s, v16.s[0]
  1c:\tb.hi\t0 <void tile_nn<6u>(Mat)>  // b.pmore
  20:\tb\t28 <void tile_nn<6u>(Mat)+0x28>
  24:\tfmla\tv1.4s, v3.4s, v16.s[0]
  28:\tret

0000000000000000 <tanh_rows(Mat)>:
   0:\tld1r\t{v7.4s}, [x0]
   4:\tfmadd\ts0, s1, s2, s3
   8:\tcbnz\tx6, 0 <tanh_rows(Mat)>
"""

EXAMPLE_32 = """
00000000 <gemm>:
   0:\tvldmia\tr1!, {s16-s23}
   4:\tvfma.f32\ts0, s24, s16
   8:\tbne.n\t0 <gemm>
   a:\tvld1.32\t{d0-d1}, [r0]!
   e:\tvld1.32\t{d2[]-d3[]}, [r2]!
  12:\tvfma.f32\tq2, q0, q1
  16:\tvfma.f32\td8, d0, d1
  1a:\tle\tlr, a <gemm+0xa>
"""


def check_itself():
    wide = find(EXAMPLE_64, "tile")
    assert [one.address for one in wide.body] == [4, 8, 12, 16, 20], wide
    assert (wide.multiply_adds(), wide.bytes_loaded(), wide.accumulators(), wide.spills()) == (8, 4, 2, 1), wide
    scalar = find(EXAMPLE_64, "tanh")
    assert (scalar.multiply_adds(), scalar.bytes_loaded(), len(scalar.body)) == (1, 4, 3), scalar
    row, tile = find(EXAMPLE_32, "gemm", row=True), find(EXAMPLE_32, "gemm", row=False)
    assert (row.multiply_adds(), row.bytes_loaded()) == (1, 32), row
    assert (tile.multiply_adds(), tile.bytes_loaded(), tile.body[-1].name) == (6, 20, "le"), tile
    assert find(EXAMPLE_64, "softmax") is None
    assert find(EXAMPLE_64.replace("4 <void", "18 <void"), "tile").body[0].address == 0, "a branch forwards is no loop"


if __name__ == "__main__":
    if sys.argv[1:] != ["--check-itself"]:
        sys.exit("arm_loops.py: its one use as a program is arm_loops.py --check-itself")
    check_itself()
