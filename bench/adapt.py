#!/usr/bin/env python3
"""adapt.py SPLIT [MOTE]: a base that learned one part of the built-in names adapts to the other, as on a device: the
biases, the output layer, both, or all weights, by one pass over 1,000 names, one row of 16 characters a step. Prints
the losses of 1,500 further names of that part, in nats a character, and which share of what all weights win the parts
win. SPLIT: initial (the base's names begin with a to m) or length (they have 6 letters or fewer).

Learning rates are searched with seed 0, for each optimizer and part the one with the lowest loss of the further names;
the table is of seeds 1 to 5, which were not searched with. A seed is that of the base's training and of the shuffle by
which the other part is cut."""
import json
import pathlib
import random
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SPLITS = {"initial": lambda name: name[0] < "n", "length": lambda name: len(name) <= 6}
PARTS = ("biases", "output", "both", "all")
RATES = {"sgd": (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2), "adagrad": (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2)}
SEEDS = range(1, 6)
ADAPT, FURTHER = 1000, 1500


class Setup:
    """The base of a seed, and the names that it adapts to and is measured on."""

    def __init__(self, program, folder, split, seed):
        self.program, self.folder = program, folder
        names = (ROOT / "tools/corpora/names.txt").read_text().split()
        other = [name for name in names if not SPLITS[split](name)]
        random.Random(seed).shuffle(other)
        self.write("first.txt", [name for name in names if SPLITS[split](name)])
        self.write("adapt.txt", other[:ADAPT])
        self.write("further.txt", other[ADAPT:ADAPT + FURTHER])
        self.mote("train first.txt --lines --hidden 64 --steps 4000 --schedule cosine --quiet -o base.mote --seed", seed)
        self.base_loss = self.loss("base.mote")

    def write(self, name, lines):
        (self.folder / name).write_text("\n".join(lines) + "\n")

    def mote(self, words, *more):
        command = [self.program, *words.split(), *map(str, more), "--json"]
        ran = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            sys.exit("adapt.py: " + ran.stderr.strip())
        return json.loads(ran.stdout.splitlines()[-1])

    def loss(self, model, *adapter):
        return self.mote("eval", model, "further.txt", "--rows", 1, *adapter)["loss"]

    def adapted(self, optimizer, part, rate):
        self.mote("train adapt.txt --base base.mote --batch 1 --time 16 --epochs 1 --clip-norm 5 --quiet -o learned",
                  "--learn", part, "--optimizer", optimizer, "--lr", rate)
        return self.loss("learned") if part == "all" else self.loss("base.mote", "--adapter", "learned")


def search(setup):
    """The learning rate of each optimizer and part."""
    return {(optimizer, part): min(rates, key=lambda rate: setup.adapted(optimizer, part, rate))
            for optimizer, rates in RATES.items() for part in PARTS}


def mean(numbers):
    return sum(numbers) / len(numbers)


def shares_of(bases, found, full):
    """Of what all weights win over the base, what a part wins, for each seed."""
    return [(base - loss) / (base - best) for base, loss, best in zip(bases, found, full)]


def table(bases, losses, rates):
    print(f"{'':8} {'part':7} {'rate':>6} {'loss of each seed':^34} {'mean':>7}  share of what all weights win")
    print(f"{'base':23} {' '.join(f'{loss:.4f}' for loss in bases):34} {mean(bases):7.4f}")
    for (optimizer, part), found in losses.items():
        shares = shares_of(bases, found, losses[optimizer, "all"])
        print(f"{optimizer:8} {part:7} {rates[optimizer, part]:6} {' '.join(f'{loss:.4f}' for loss in found)} "
              f"{mean(found):7.4f}  {100 * mean(shares):.1f}% ({100 * min(shares):.1f} to {100 * max(shares):.1f})")


class Known:
    """A setup whose losses are known: the lowest is at a rate of 0.1."""

    @staticmethod
    def adapted(_optimizer, _part, rate):
        return abs(rate - 0.1)


def check_itself():
    """Ends with AssertionError where names of both parts were one, or another rate or share came out."""
    for split, first, other in (("initial", "mia", "nia"), ("length", "joanna", "johanna")):
        assert SPLITS[split](first) and not SPLITS[split](other)
    assert set(search(Known()).values()) == {0.1} and len(search(Known())) == len(RATES) * len(PARTS)
    assert shares_of([3, 4], [2.5, 2], [2, 2]) == [0.5, 1]
    print("finds: the part of a name, the best rate, the share of what is won")


def main():
    if sys.argv[1:] == ["--check-itself"]:
        check_itself()
        return
    if len(sys.argv) < 2 or sys.argv[1] not in SPLITS:
        sys.exit("adapt.py: takes initial or length")
    program = sys.argv[2] if len(sys.argv) > 2 else str(ROOT / "build/release/mote")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        rates = search(Setup(program, folder, sys.argv[1], 0))
        losses = {key: [] for key in rates}
        bases = []
        for seed in SEEDS:
            setup = Setup(program, folder, sys.argv[1], seed)
            bases.append(setup.base_loss)
            for (optimizer, part), found in losses.items():
                found.append(setup.adapted(optimizer, part, rates[optimizer, part]))
    print(f"base: names split by {sys.argv[1]}; adapts to {ADAPT} names, measured on {FURTHER} others")
    table(bases, losses, rates)


main()
