#!/usr/bin/python3
"""ranks.py [options]: what a training step costs that processes of MPI share, and how many are worth it.

A step of `mpirun -n 2 mote train --shards S` is measured beside what it is made of: two processes at once that each
train on half of the batch and know nothing of each other, and one MPI_Allreduce of the gradients' bytes; beside one
process with one thread and with two. All in rounds, one after the other, of which the medians are taken. A model of
time made of such numbers is then checked with 2, 4 and 8 ranks on the same cores, and tells for networks of given
latency and bandwidth with how many ranks a step still takes at most twice its share."""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

import chart

HERE = os.path.dirname(os.path.abspath(__file__))
# Seconds of a message, bytes a second: usual for switched Ethernet with TCP, and not measured.
NETWORKS = {"1 Gbit/s": (50e-6, 117e6), "10 Gbit/s": (25e-6, 1.17e9)}
WORTH = 0.5  # a rank's share of the speed-up that makes it worth it


def arguments():
    parser = argparse.ArgumentParser(prog="ranks.py", description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--mote", default=os.path.join(HERE, "../build/release/mote"), help="the program")
    parser.add_argument("--mpi", default="openmpi", choices=["openmpi", "mpich"])
    parser.add_argument("--hidden", type=int, default=512)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--time", type=int, default=64)
    parser.add_argument("--shards", type=int, nargs="+", default=[2, 8])
    parser.add_argument("--steps", type=int, default=24, help="in each measurement (24)")
    parser.add_argument("--rounds", type=int, default=7, help="(7)")
    parser.add_argument("--model", action="store_true", help="check the model of time, too, and estimate networks")
    parser.add_argument("--chart", metavar="FILE.svg", help="the picture of the estimates, drawn by gnuplot")
    parser.add_argument("--check-itself", action="store_true", help="show that the model of time adds up")
    return parser.parse_args()


def mpirun(options, ranks):
    extra = ["--oversubscribe", "--bind-to", "none"] if options.mpi == "openmpi" else []
    return [f"mpirun.{options.mpi}"] + extra + ["-n", str(ranks)]


def environment():
    return dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder

    def start(self, prefix, batch, extra, number=0):
        """A training, by a command that `prefix` starts."""
        o = self.options
        command = prefix + [o.mote, "train", "names", "--model", "rnn", "--hidden", str(o.hidden)]
        command += ["--batch", str(batch), "--time", str(o.time), "--steps", str(o.steps), "--optimizer", "adamw"]
        command += ["--clip-norm", "1", "--eval-limit", "100", "--quiet", "--json", "-o", f"{self.folder}/m{number}"]
        command += extra
        return subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment())

    def seconds(self, process):
        """Of a step."""
        out = process.communicate()[0]
        if process.returncode != 0:
            raise SystemExit("ranks.py: a training failed; its message stands above")
        return json.loads(out.splitlines()[-1])["seconds"] / self.options.steps

    def alone(self, shards, threads):
        return self.seconds(self.start([], self.options.batch, ["--shards", str(shards), "--threads", str(threads)]))

    def halves(self, shards):
        """Two processes at once, without MPI, each with half of the rows."""
        extra = ["--shards", str(max(1, shards // 2))]
        both = [self.start([], self.options.batch // 2, extra, number) for number in range(2)]
        return max([self.seconds(process) for process in both])

    def ranks(self, count, shards):
        return self.seconds(self.start(mpirun(self.options, count), self.options.batch, ["--shards", str(shards)]))

    def messages(self, ranks, nbytes):
        out = subprocess.run(mpirun(self.options, ranks) + [f"{self.folder}/messages", str(nbytes), "200"], check=True,
                             stdout=subprocess.PIPE, env=environment()).stdout
        return json.loads(out)

    def parameters(self):
        process = self.start([], self.options.batch, [])
        return json.loads(process.communicate()[0].splitlines()[-1])["params"]


def compile_messages(options, folder):
    subprocess.run([f"mpicc.{options.mpi}", "-O2", os.path.join(HERE, "ranks_messages.c"), "-o", f"{folder}/messages"],
                   check=True)


def medians(rows):
    return {key: statistics.median(row[key] for row in rows) for key in rows[0]}


def measure(bench, shards, nbytes):
    rows = []
    for _ in range(bench.options.rounds):
        row = {"one": bench.alone(shards, 1), "threads": bench.alone(shards, 2), "halves": bench.halves(shards),
               "ranks": bench.ranks(2, shards)}
        row.update(bench.messages(2, nbytes))
        rows.append(row)
    return medians(rows)


def print_cost(shards, m):
    wanted = m["halves"] + m["allreduce"]
    times = " | ".join(f"{1e3 * m[key]:.2f}" for key in ("one", "threads", "ranks", "halves", "allreduce"))
    print(f"| {shards} | {times} | {100 * (m['ranks'] / wanted - 1):+.1f}% | {m['one'] / m['ranks'] / 2:.2f} "
          f"| {m['one'] / m['threads'] / 2:.2f} |", flush=True)


def nodes_of_rank(shards, ranks):
    """The most nodes of the tree that a rank has, where each has shards floor(i S / N) to floor((i + 1) S / N) - 1."""
    def nodes(first, end, low, high):
        if first >= high or end <= low:
            return 0
        if low <= first and end <= high:
            return 1
        half = 1
        while 2 * half < end - first:
            half *= 2
        return nodes(first, first + half, low, high) + nodes(first + half, end, low, high)

    return max(nodes(0, shards, i * shards // ranks, (i + 1) * shards // ranks) for i in range(ranks))


def step_time(work, ranks, shards, nbytes, latency, bandwidth, cores=None):
    """Seconds: the rows of the rank with the most shards, on cores that ranks may have to share; then a rank sends the
    sums of its nodes, and its weights, each part to whom it belongs, after the losses, the statuses and the squares."""
    most = max((i + 1) * shards // ranks - i * shards // ranks for i in range(ranks))
    turns = 1 if cores is None else max(1, ranks / cores)
    if ranks == 1:
        return work
    share = (ranks - 1) / ranks
    sent = (nodes_of_rank(shards, ranks) + 1) * nbytes * share
    messages = 6 * (ranks - 1)
    return work * most / shards * turns + messages * latency + sent / bandwidth * turns


def check_model(bench, nbytes):
    print("\n| ranks, on two cores | a step, ms | by the model, ms | |\n| ---: | ---: | ---: | ---: |")
    rows = []
    for _ in range(bench.options.rounds):
        row = {"one": bench.alone(8, 1)}
        row.update(bench.messages(2, nbytes))
        row.update({count: bench.ranks(count, 8) for count in (2, 4, 8)})
        rows.append(row)
    m = medians(rows)
    for count in (2, 4, 8):
        told = step_time(m["one"], count, 8, nbytes, m["latency"], m["bandwidth"], 2)
        print(f"| {count} | {1e3 * m[count]:.2f} | {1e3 * told:.2f} | {100 * (told / m[count] - 1):+.0f}% |", flush=True)


def weights_of(hidden, vocabulary=28):
    return 4 * (hidden * hidden + 2 * vocabulary * hidden + hidden + vocabulary)


def efficiency(work, ranks, nbytes, network):
    return work / step_time(work, ranks, ranks, nbytes, *NETWORKS[network]) / ranks


def worth(work, nbytes, network, rows):
    """The most ranks, a power of two, with at least WORTH of a rank's share."""
    count = 1
    while 2 * count <= rows and efficiency(work, 2 * count, nbytes, network) >= WORTH:
        count *= 2
    return count


def estimate(options, bench):
    """Steps of one process, measured, and what networks make of them."""
    print("\n| hidden | rows of 64 characters | a step by one process, ms | ranks worth it, 1 Gbit/s | 10 Gbit/s |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    lines = []
    for hidden in (128, 256, 512, 1024):
        for batch in (32, 64, 256):
            options.hidden, options.batch, options.time, options.steps = hidden, batch, 64, 4 if hidden > 256 else 16
            work = statistics.median(bench.alone(1, 1) for _ in range(3))
            nbytes = weights_of(hidden)
            print(f"| {hidden} | {batch} | {1e3 * work:.1f} | " +
                  " | ".join(str(worth(work, nbytes, network, batch)) for network in NETWORKS) + " |", flush=True)
            if batch == 64:
                lines += [(hidden, network, work, nbytes) for network in NETWORKS]
    return lines


def draw(lines, path):
    commands = ["set terminal svg size 760,460 font 'sans,13' background '#ffffff'", f"set output '{path}'",
                "set logscale x 2", "set grid lc rgb '#dddddd'", "set border 3", "set tics nomirror out",
                "set xlabel 'ranks, each with a core of its own'", "set ylabel 'share of the speed-up of all ranks'",
                "set yrange [0:1]", "set xrange [1:64]", "set key outside right"]
    plots, blocks = [], []
    for number, (hidden, network, work, nbytes) in enumerate(lines):
        dash = 1 + list(NETWORKS).index(network)
        plots.append(f"'-' with linespoints dt {dash} pt {chart.MARKS[number // 2]} title '{hidden} units, {network}'")
        for count in (1, 2, 4, 8, 16, 32, 64):
            blocks.append(f"{count} {efficiency(work, count, nbytes, network):.4f}")
        blocks.append("e")
    chart.gnuplot(commands + ["plot " + ", ".join(plots)] + blocks)


def check_itself():
    """Ends with AssertionError where the model of time would not add up."""
    assert [nodes_of_rank(8, n) for n in (1, 2, 4, 8)] == [1, 1, 1, 1] and nodes_of_rank(8, 3) == 2
    assert step_time(8.0, 1, 8, 1e6, 1.0, 1.0) == 8.0
    assert abs(step_time(8.0, 2, 8, 100, 0.0, 100.0) - (4 + 1)) < 1e-12  # half of the sums and half of the weights
    assert abs(step_time(8.0, 4, 8, 0, 0.5, 1.0) - (2 + 9)) < 1e-12  # 18 messages
    assert step_time(8.0, 8, 8, 0, 0.0, 1.0, 2) == 4.0  # eight ranks on two cores
    assert worth(1.0, weights_of(512), "10 Gbit/s", 64) > worth(0.01, weights_of(512), "1 Gbit/s", 64) >= 1
    print("the model of time adds up")


def main():
    options = arguments()
    if options.check_itself:
        return check_itself()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, folder)
        compile_messages(options, folder)
        nbytes = 4 * bench.parameters()
        print(f"{options.mpi}, {options.hidden} units, {options.batch} rows of {options.time}, {nbytes:,} bytes\n")
        print("| S | one thread, ms | two threads | two ranks | two halves | allreduce | longer than both | efficiency "
              "of two ranks | of two threads |\n| ---: |" + " ---: |" * 8)
        for shards in options.shards:
            print_cost(shards, measure(bench, shards, nbytes))
        if options.model or options.chart:
            check_model(bench, nbytes)
            lines = estimate(options, bench)
            if options.chart:
                draw(lines, options.chart)
    return 0


if __name__ == "__main__":
    sys.exit(main())
