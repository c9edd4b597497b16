#!/usr/bin/python3
"""grid.py PROGRAMS [options], called by grid.sh. PROGRAMS is the folder of the compiled adapters, which are started and
asked as those of compare.py are."""
import argparse
import csv
import itertools
import os
import re
import statistics
import sys
import time

import compare
import kernels_used

HIDDEN = (16, 32, 64, 128, 256, 512, 1024)
VOCAB = (16, 64, 256, 1024, 4096)
BATCH = (1, 2, 3, 5, 7, 8, 16, 32, 64)
MODES = ("train", "run")
MODELS = ("mlp", "rnn")
# A batch or two from each corner, and the sizes that most models have.
QUICK = "^(mlp|rnn)-(train|run)-h(16|128)-v(16|64)-b(1|3|8)$"

ABOUT = """mote beside Eigen in a grid: hidden {hidden} x vocabulary {vocab} x batch {batch} x train and run x two models.

  mlp  a window of 8 characters, embeddings of 16, one hidden layer of tanh; train: a step of SGD on B windows
  rnn  one-hot, one recurrent layer of tanh; train: a step of SGD on B rows of 8 characters, hidden state carried
  run  one character of each of B texts side by side, and the surprise of the next one; in mote mote_score for one text,
       mote_scorer_read with one time step for more

Both begin with the same weights and batches, and their losses must agree. Eigen is measured in all idioms: weights by
columns or by rows; a batch as one product of matrices or as a product by a vector for each row (up to 8); the fastest
of a cell counts. Gradients are kept in arrays, as mote's are; --in-place adds idioms that do not keep them. Each has one
thread and is timed by the CPU time of its process. A cell is Eigen's time over mote's, the median of interleaved pairs;
cells below 1 are measured once more, and the pairs of both times count.""".format(
    hidden=" ".join(map(str, HIDDEN)), vocab=" ".join(map(str, VOCAB)), batch=" ".join(map(str, BATCH))
)

# float32 losses after a few updates whose roundings differ. A rate that is 1% off changes most cells by 4e-5 to 2e-3; with
# a vocabulary of 1024, where a gradient is the least, some by less than this.
TOLERANCE = 1e-5
CHECK_STEPS = 6
MOST_VECTORS = 8  # rows of a batch for which a product by a vector each is tried


class Cell:
    def __init__(self, model, mode, hidden, vocab, batch):
        self.model, self.mode, self.hidden, self.vocab, self.batch = model, mode, hidden, vocab, batch
        self.name = f"{model}-{mode}-h{hidden}-v{vocab}-b{batch}"
        self.work = "grid-" + self.name
        self.idiom, self.times, self.ratios = "", {"mote": [], "Eigen": []}, []

    @property
    def ratio(self):
        return statistics.median(self.ratios)

    def row(self):
        low, high = compare.quartiles(self.ratios)["low"], compare.quartiles(self.ratios)["high"]
        ours, theirs = (1e6 * statistics.median(self.times[side]) for side in ("mote", "Eigen"))
        sizes = [self.model, self.mode, self.hidden, self.vocab, self.batch]
        return sizes + [self.idiom] + [f"{x:.4g}" for x in (ours, theirs, self.ratio, low, high)] + [len(self.ratios)]


COLUMNS = "model mode hidden vocab batch idiom mote_us eigen_us ratio low high pairs".split()


def idioms(in_place):
    """Names of the idioms, as the adapter takes them."""
    kept = [f"{order} {batch}" for batch in ("product", "vectors") for order in ("columns", "rows")]
    return kept + [f"{one} in-place" for one in kept if in_place]


def may_be_best(idiom, cell):
    if "vectors" in idiom and not 1 < cell.batch <= MOST_VECTORS:
        return False  # of one row the two are the same
    return "in-place" not in idiom or cell.mode == "train"


def forget(adapters, cell):
    for one in adapters:
        one.ask(f"forget {cell.work}", "forgotten")


def fastest_idiom(competitors, cell, options):
    """Of those that may be best, by a few short measurements each; the others' memory is free again."""
    able = [one for one in competitors if may_be_best(one.name, cell)]
    steps = compare.steps_for(able[0], cell.work, options.seconds / 2)
    taken = {one: [] for one in able}
    for _ in range(3 if len(able) > 1 else 0):
        for one in able:
            taken[one].append(one.seconds(cell.work, steps))
    best = min(able, key=lambda one: min(taken[one], default=0))
    forget([one for one in able if one is not best], cell)
    return best


def check(mote, competitors, cell):
    """The names of idioms whose losses are not mote's."""
    right = mote.losses(cell.work, CHECK_STEPS)
    able = [one for one in competitors if may_be_best(one.name, cell)]
    found = {one.name: compare.disagreement(right, one.losses(cell.work, CHECK_STEPS)) for one in able}
    return [f"{name} (by {off:.1g})" for name, off in found.items() if not off <= TOLERANCE]


def measure(mote, competitors, cell, options):
    best = fastest_idiom(competitors, cell, options)
    cell.idiom = best.name
    steps = {one: compare.steps_for(one, cell.work, options.seconds) for one in (mote, best)}
    for pair in range(options.pairs):
        taken = {}
        for one in (mote, best) if pair % 2 == 0 else (best, mote):
            taken[one] = one.seconds(cell.work, steps[one]) / steps[one]
        cell.times["mote"].append(taken[mote])
        cell.times["Eigen"].append(taken[best])
        cell.ratios.append(taken[best] / taken[mote])
    forget([mote, best], cell)
    print(f"{cell.ratio:6.3f}  {cell.name}", file=sys.stderr, flush=True)


def table(cells, options):
    """A ratio for each cell: a table for each model and mode, a row for each hidden width and vocabulary."""
    of = {(c.model, c.mode, c.hidden, c.vocab, c.batch): c.ratio for c in cells}
    for model, mode in itertools.product(options.model, options.mode):
        print(f"\n{model}, {mode}: Eigen's time over mote's\n")
        print("hidden  vocab " + "".join(f"{f'b{batch}':>7}" for batch in options.batch))
        for hidden, vocab in itertools.product(options.hidden, options.vocab):
            row = [of.get((model, mode, hidden, vocab, batch)) for batch in options.batch]
            if any(row):
                print(f"{hidden:6} {vocab:6} " + "".join(f"{one:7.2f}" if one else "      -" for one in row))


def below(cells):
    behind = sorted((one for one in cells if one.ratio < 1), key=lambda one: one.ratio)
    print(f"\n{len(behind)} of {len(cells)} cells below 1{':' if behind else '.'}")
    for one in behind:
        low, high = (compare.quartiles(one.ratios)[key] for key in ("low", "high"))
        print(f"{one.ratio:6.3f}  ({low:.3f} … {high:.3f})  {one.name}, Eigen by {one.idiom}")
    if cells:
        worst = min(cells, key=lambda one: one.ratio)
        print(f"The worst is {worst.name} at {worst.ratio:.3f}.")


def arguments():
    parser = argparse.ArgumentParser(
        prog="grid.sh", description=ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("programs", help=argparse.SUPPRESS)
    for name, sizes in (("hidden", HIDDEN), ("vocab", VOCAB), ("batch", BATCH)):
        parser.add_argument(f"--{name}", nargs="+", type=int, metavar="N", default=sizes, help="these alone")
    parser.add_argument("--mode", nargs="+", choices=MODES, default=MODES, help="one of both")
    parser.add_argument("--model", nargs="+", choices=MODELS, default=MODELS, help="one of both")
    parser.add_argument("--only", metavar="REGEX", help="cells with such names: rnn-train-h64-v256-b3")
    parser.add_argument("--quick", action="store_true", help="a few small cells, some seconds")
    parser.add_argument("--isa", choices=("avx512", "avx2"), help="of both; the best of this CPU")
    parser.add_argument("--in-place", action="store_true", help="Eigen also without arrays for gradients")
    parser.add_argument("--pairs", type=int, default=7, help="of a cell (7)")
    parser.add_argument("--seconds", type=float, default=0.02, help="of a measurement, a step at least (0.02)")
    parser.add_argument("--least", type=float, default=0.97, help="cells below it end with exit status 1 (0.97)")
    parser.add_argument("--check", action="store_true", help="the losses alone, no timing")
    parser.add_argument("--check-itself", action="store_true", help="show that what it finds is found")
    parser.add_argument("--csv", metavar="FILE", help="a line for each cell")
    options = parser.parse_args()
    if options.pairs < 1 or not options.seconds > 0:
        parser.error("--pairs and --seconds must be above 0")
    return parser, options


def chosen(parser, options):
    sizes = itertools.product(options.model, options.mode, options.hidden, options.vocab, options.batch)
    patterns = [one for one in (options.only, QUICK if options.quick else None) if one]
    try:
        cells = [cell for cell in (Cell(*one) for one in sizes) if all(re.search(p, cell.name) for p in patterns)]
    except re.error as wrong:
        parser.error(f"--only: {wrong}")
    if not cells:
        parser.error("no cell has such a name")
    return cells


def start(options):
    """mote and Eigen in each idiom."""
    isa = kernels_used.compared(options.isa) or "native"
    arch = "haswell" if isa == "avx2" else "native"
    environment = {**kernels_used.environment(options.isa, os.environ), **compare.THREADS}
    program = lambda name: os.path.join(options.programs, name)
    try:
        mote = compare.Adapter(
            "mote", "mote", [program("mote_adapter")] + ([f"--isa={options.isa}"] if options.isa else []), environment
        )
        competitors = [
            compare.Adapter("Eigen", name, [program(f"eigen_grid_{arch}_adapter"), *name.split()], environment)
            for name in idioms(options.in_place)
        ]
    except (compare.Lost, OSError) as reason:
        sys.exit(f"grid: {reason}; Eigen is installed by bench/grid.sh --install")
    print(ABOUT)
    print(f"\n{mote.version}; {competitors[0].version}")
    compare.check_kernels([mote, *competitors], options.isa)
    return mote, competitors


def walk(cells, adapters, options):
    """Whether all losses agreed. Measures every cell, and those below 1 once more."""
    mote, competitors = adapters
    agreed = True
    for cell in cells:
        if wrong := check(mote, competitors, cell):
            print(f"{cell.name}: losses DIFFER: {', '.join(wrong)}", flush=True)
            agreed = False
        if options.check:
            forget([mote, *competitors], cell)
        else:
            measure(mote, competitors, cell, options)
    if not options.check:
        for cell in cells:
            if cell.ratio < 1:
                measure(mote, competitors, cell, options)
    return agreed


def passes(cells, options):
    return all(cell.ratio >= options.least for cell in cells)


def check_itself(options):
    """Ends with AssertionError where a cell that is behind would not be found."""
    ahead, behind = Cell("mlp", "train", 16, 64, 3), Cell("rnn", "run", 32, 64, 1)
    ahead.ratios, behind.ratios = [1.2, 0.9, 1.1], [0.98, 1.3, 0.9]
    options.least = 0.99
    assert passes([ahead], options) and not passes([ahead, behind], options)
    assert may_be_best("rows vectors", ahead) and not may_be_best("rows vectors", behind)
    assert re.search(QUICK, Cell("mlp", "run", 16, 16, 1).name) and not re.search(QUICK, ahead.name.replace("b3", "b33"))
    print("finds: a cell below the least ratio")


def main():
    parser, options = arguments()
    if options.check_itself:
        check_itself(options)
        return 0
    cells = chosen(parser, options)
    begun = time.monotonic()
    mote, competitors = start(options)
    agreed = walk(cells, (mote, competitors), options)
    for one in (mote, *competitors):
        one.end()
    if options.check:
        print(f"losses of {len(cells)} cells {'agree' if agreed else 'DIFFER'}")
        return 0 if agreed else 1
    if options.csv:
        with open(options.csv, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *(cell.row() for cell in cells)])
    table(cells, options)
    below(cells)
    print(f"{time.monotonic() - begun:.0f} seconds")
    return 0 if agreed and passes(cells, options) else 1


if __name__ == "__main__":
    sys.exit(main())
