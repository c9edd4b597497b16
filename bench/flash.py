#!/usr/bin/python3
"""flash.py CORPUS.jsonl [options]: how short packets of held-out messages are by the flash that the model takes.

For each kind of model, bits of a weight and size of flash the widest model is found whose blob fits. It trains with the
recipe `messages` on 90% of the messages, as many steps as its size allows, goes on for a fifth of these with weights of
so many bits, and codes the other messages, each apart. Rows are added to a CSV file as they are measured, and those
that it has already are not measured again; the table and the picture are those of the whole file."""
import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile

import chart

HERE = os.path.dirname(os.path.abspath(__file__))
COLUMNS = ["kind", "bits", "kilobytes", "seed", "hidden", "embed", "vocab", "params", "steps", "bytes", "float32", "coded"]

# Parameters times steps: what trains for a quarter of an hour on two cores, one of them for other work.
BUDGET = 6.9e9
MOST_STEPS = 30000


def arguments():
    parser = argparse.ArgumentParser(prog="flash.py", description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("corpus", metavar="CORPUS.jsonl")
    parser.add_argument("--csv", default="flash.csv", help="where rows are kept (flash.csv)")
    parser.add_argument("--mote", default=os.path.join(HERE, "../build/release/mote"), help="the program")
    parser.add_argument("--kinds", nargs="+", default=["gru", "rnn"], choices=["gru", "rnn"])
    parser.add_argument("--bits", nargs="+", type=int, default=[4, 8], choices=[4, 8])
    parser.add_argument("--kilobytes", nargs="+", type=int, default=[16, 32, 64, 128, 256, 512])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1])
    parser.add_argument("--threads", default="2")
    parser.add_argument("--budget", type=float, default=BUDGET, help="parameters times steps (6.9e9)")
    parser.add_argument("--chart", metavar="FILE.svg", help="the picture, drawn by gnuplot")
    parser.add_argument("--check-itself", action="store_true", help="show that it finds sizes and keeps rows")
    return parser.parse_args()


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


def shape(kilobytes):
    """Vocabulary and embedding: a small model cannot afford as large a table."""
    return (208, 16) if kilobytes < 64 else (256, 24) if kilobytes < 128 else (256, 32)


class Point:
    """A model of a size of flash."""

    def __init__(self, options, kind, bits, kilobytes, seed):
        self.options, self.kind, self.bits, self.kilobytes, self.seed = options, kind, bits, kilobytes, seed
        self.vocab, self.embed = shape(kilobytes)
        self.folder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def train(self, *rest):
        command = [self.options.mote, "train", self.options.corpus, "--quiet", "--json", "-o", self.path("m.mote"), *rest]
        return json.loads(run(*command).splitlines()[-1])

    def begin(self, hidden, *rest):
        sizes = ["--vocab-size", str(self.vocab), "--embed", str(self.embed), "--hidden", str(hidden)]
        return self.train("--recipe", "messages", "--model", self.kind, *sizes, "--seed", str(self.seed), *rest)

    def fits(self, hidden):
        self.begin(hidden, "--steps", "1", "--warmup", "0", "--quantize", str(self.bits), "--eval-limit", "64")
        return os.path.getsize(self.path("m.mote")) <= 1024 * self.kilobytes

    def widest(self):
        low, high = 4, 8
        while self.fits(high):
            low, high = high, 2 * high
        while high - low > max(1, low // 64):
            middle = (low + high) // 2
            low, high = (middle, high) if self.fits(middle) else (low, middle)
        return low

    def coded(self):
        stats = run(self.options.mote, "compress", "--model", self.path("m.mote"), self.options.corpus, "--split", "dev",
                    "--stats", "--json")
        return json.loads(stats.splitlines()[-1])["bits_per_char"]

    def measure(self):
        hidden = self.widest()
        params = self.begin(hidden, "--steps", "1", "--warmup", "0", "--eval-limit", "64")["params"]
        steps = min(MOST_STEPS, int(self.options.budget / params))
        # What learns the training part by heart needs more of it.
        decay = "0.05" if params < 150e3 else "0.15" if params < 300e3 else "0.3" if params < 600e3 else "0.4"
        threads = ["--threads", self.options.threads]
        checkpoint = self.path("checkpoint")
        self.begin(hidden, "--steps", str(steps), "--decay", decay, "--checkpoint", checkpoint, *threads)
        float32 = self.coded()
        self.train("--resume", checkpoint, "--quantize", str(self.bits), "--steps", str(steps + steps // 5), *threads)
        return [self.kind, self.bits, self.kilobytes, self.seed, hidden, self.embed, self.vocab, params, steps,
                os.path.getsize(self.path("m.mote")), f"{float32:.3f}", f"{self.coded():.3f}"]


def rows_of(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def add_row(path, row):
    new = not os.path.exists(path)
    with open(path, "a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(COLUMNS)
        writer.writerow(row)


def print_table(rows):
    print("| flash | model | units | parameters | steps | blob | bits a character: float32 | in flash |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    order = sorted(rows, key=lambda r: (int(r["kilobytes"]), r["kind"], int(r["bits"]), int(r["seed"])))
    for r in order:
        seed = "" if r["seed"] == "1" else f", seed {r['seed']}"
        print(f"| {r['kilobytes']} KB | {r['kind'].upper()}, {r['bits']} bits{seed} | {r['hidden']} | {int(r['params']):,} "
              f"| {int(r['steps']):,} | {int(r['bytes']):,} | {r['float32']} | {r['coded']} |")


def is_measured(path, kind, bits, kilobytes, seed):
    wanted = [kind, str(bits), str(kilobytes), str(seed)]
    return wanted in [[r["kind"], r["bits"], r["kilobytes"], r["seed"]] for r in rows_of(path)]


def points_of(rows, kind, bits):
    """Kilobytes and bits a character, of seed 1."""
    return sorted((int(r["kilobytes"]), float(r["coded"])) for r in rows
                  if (r["kind"], r["bits"], r["seed"]) == (kind, bits, "1"))


def draw(rows, path):
    commands = [
        "set terminal svg size 760,460 font 'sans,13' background '#ffffff'",
        f"set output '{path}'",
        "set logscale x 2",
        "set grid lc rgb '#dddddd'",
        "set border 3",
        "set tics nomirror out",
        "set xlabel 'flash of the model, KB'",
        "set ylabel 'bits a character, packets of held-out messages'",
        "set xrange [14:600]",
    ]
    plots, blocks = [], []
    for number, (kind, bits) in enumerate(sorted({(r["kind"], r["bits"]) for r in rows})):
        plots.append(f"'-' with linespoints pt {chart.MARKS[number]} title '{kind.upper()}, {bits} bits'")
        blocks += [f"{x} {y}" for x, y in points_of(rows, kind, bits)] + ["e"]
    chart.gnuplot(commands + ["plot " + ", ".join(plots)] + blocks)


class Limited(Point):
    """A point of which models of at most so many units fit."""

    def __init__(self, limit):
        super().__init__(None, "gru", 4, 64, 1)
        self.limit = limit

    def fits(self, hidden):
        return hidden <= self.limit


def check_itself():
    """Ends with AssertionError where a model that does not fit would be taken, or a row be measured twice."""
    for limit in (7, 8, 63, 64, 200, 1000):
        found = Limited(limit).widest()
        assert found <= limit < found + max(1, found // 64) + 1, (limit, found)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "flash.csv")
        assert not is_measured(path, "gru", 4, 64, 1)
        for kilobytes, seed, coded in ((64, 1, "2.100"), (32, 1, "2.300"), (32, 2, "2.400")):
            add_row(path, ["gru", 4, kilobytes, seed, 9, 24, 256, 1000, 100, 900, "2.000", coded])
        rows = rows_of(path)
        assert is_measured(path, "gru", 4, 64, 1) and is_measured(path, "gru", 4, 32, 2) and list(rows[0]) == COLUMNS
        assert not any(is_measured(path, *one) for one in (("rnn", 4, 64, 1), ("gru", 8, 64, 1), ("gru", 4, 64, 2)))
        assert points_of(rows, "gru", "4") == [(32, 2.3), (64, 2.1)] and points_of(rows, "gru", "8") == []
    print("finds: the widest model that fits, and rows that are measured already")


def main():
    options = arguments()
    if options.check_itself:
        return check_itself()
    for kilobytes in options.kilobytes:
        for kind in options.kinds:
            for bits in options.bits:
                for seed in options.seeds:
                    if is_measured(options.csv, kind, bits, kilobytes, seed):
                        continue
                    row = Point(options, kind, bits, kilobytes, seed).measure()
                    add_row(options.csv, row)
                    print(*row, file=sys.stderr, flush=True)
    rows = rows_of(options.csv)
    print_table(rows)
    if options.chart:
        draw(rows, options.chart)


if __name__ == "__main__":
    sys.exit(main())
