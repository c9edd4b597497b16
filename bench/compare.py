#!/usr/bin/python3
"""compare.py PROGRAMS [options], called by compare.sh: mote beside its competitors. PROGRAMS is the folder of the
compiled adapters. The protocol is that of competitors/adapter.h.

All adapters begin with the same weights and batches, and the losses of the first steps must agree. They then take
turns of a fraction of a second within one run, in an order that moves on from round to round, each with one thread on
the same core, and are timed by the CPU time of their process. A ratio is the median over rounds of that round's ratio,
so that a machine that is slower for a while is slower for both."""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

import chart
import kernels_used

HERE = os.path.dirname(os.path.abspath(__file__))
COMPETITORS = os.path.join(HERE, "competitors")

# Losses of float32 runs whose roundings differ: each update carries the difference on. Seen over all workloads and
# adapters at 20 steps: at most 4e-6 of the loss. A rate that is 1% off changes it by 4e-5 (T5) to 5e-3 (T2a), AdamW
# without its decay by 4e-5 (T5), T2a without its clipping by 6e-5.
TOLERANCE = 1e-5
CHECK_STEPS = 20
# A product's sums, all of whose terms are positive, grow longer with each step, and their rounding errors with them.
PRODUCT_STEPS = 2

# One thread, whatever a library thinks of.
THREADS = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_THREAD_LIMIT")}


class Lost(Exception):
    """An adapter that does not answer."""


class Adapter:
    """`family`: adapters of one family are variants, of which the fastest counts."""

    def __init__(self, family, name, command, environment):
        self.family, self.name = family, name
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        self.version = " ".join(self.read("ready"))
        self.kernels = kernels_used.of_version(family, self.version)
        try:
            self.kernels.update(kernels_used.of_process(self.process.pid, environment))
        except subprocess.CalledProcessError as failed:
            raise Lost(f"{name}: its kernels cannot be told: {failed.stderr.strip().splitlines()[-1]}") from failed

    def read(self, word):
        """What follows `word` in the answer; None where the adapter cannot do that work."""
        answer = self.process.stdout.readline().split()
        if answer == ["cannot"]:
            return None
        if not answer or answer[0] != word:
            self.process.kill()
            errors = self.process.stderr.read().strip().splitlines() or ["no word of why"]
            raise Lost(f"{self.name}: {errors[-1]}")
        return answer[1:]

    def ask(self, order, word):
        try:
            self.process.stdin.write(order + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # the missing answer says why
        return self.read(word)

    def losses(self, work, steps):
        answer = self.ask(f"check {work} {steps}", "losses")
        return None if answer is None else [float(one) for one in answer]

    def seconds(self, work, steps):
        return float(self.ask(f"time {work} {steps}", "seconds")[0])

    def limit(self, work):
        return float(self.ask(f"limit {work}", "seconds")[0])

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def candidates(programs, data, isa):
    """Family, name, command and Debian packages of each adapter that could be; mote is the first."""
    build = lambda name: [os.path.join(programs, name)]
    python = lambda name, *rest: ["/usr/bin/python3", os.path.join(COMPETITORS, name), data, *rest]
    arch = "haswell" if isa == "avx2" else "native"
    return [
        ("mote", "mote", build("mote_adapter") + ([f"--isa={isa}"] if isa else []), ""),
        ("numpy", "numpy", python("numpy_adapter.py"), "python3-numpy libopenblas0-pthread"),
        ("PyTorch", "PyTorch module", python("torch_adapter.py", "module"), "python3-torch"),
        ("PyTorch", "PyTorch by hand", python("torch_adapter.py", "loop"), "python3-torch"),
        ("libtorch", "libtorch", build("libtorch_adapter"), "libtorch-dev"),
        ("Eigen", "Eigen", build(f"eigen_{arch}_adapter"), "libeigen3-dev"),
        ("Eigen+OpenBLAS", "Eigen+OpenBLAS", build(f"eigen_blas_{arch}_adapter"), "libopenblas-pthread-dev"),
        ("FANN", "FANN", build("fann_adapter"), "libfann-dev"),
        ("OpenBLAS", "OpenBLAS", build("openblas_adapter"), "libopenblas-pthread-dev"),
        ("oneDNN", "oneDNN", build("onednn_adapter"), "libdnnl-dev"),
        ("libxsmm", "libxsmm", build("libxsmm_adapter"), "libxsmm-dev"),
    ]


def start_all(options, data):
    """Adapters that run, and (name, reason) of those that do not. Ends where mote is one of these."""
    environment = {**kernels_used.environment(options.isa, os.environ), **THREADS}
    running, skipped = [], []
    for family, name, command, packages in candidates(options.programs, data, options.isa):
        if options.competitors and family not in options.competitors and family != "mote":
            continue
        try:
            running.append(Adapter(family, name, command, environment))
        except (Lost, OSError) as reason:
            if family == "mote":
                sys.exit(f"compare: {reason}")
            skipped.append((name, f"does not start (Debian: {packages}): {reason}"))
    return running, skipped


def disagreement(ours, theirs):
    """The largest relative difference of two lists of losses."""
    if len(ours) != len(theirs):
        return float("inf")
    differences = [abs(a - b) / abs(a) for a, b in zip(ours, theirs)]
    return max(d if d == d else float("inf") for d in differences)  # NaN is the largest


def agreeing(adapters, work, steps):
    """Those that can do the work, mote the first, and how far the losses of each are from mote's, None where it gives
    none that could be compared. Names whose losses are wrong."""
    mote, *competitors = adapters
    right = mote.losses(work, steps)
    able, differences, wrong = [mote], {}, []
    for competitor in competitors:
        losses = competitor.losses(work, steps)
        if losses is None:
            continue
        differences[competitor.name] = disagreement(right, losses) if losses else None
        if not losses or differences[competitor.name] <= TOLERANCE:
            able.append(competitor)
        else:
            wrong.append(competitor.name)
    return able, differences, wrong


def steps_for(adapter, work, seconds):
    """Steps that take about so long."""
    steps = 1
    while True:
        taken = adapter.seconds(work, steps)
        if taken > seconds / 4:
            return max(1, round(steps * seconds / taken))
        steps *= 4


def quartiles(values):
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    return {"median": middle, "low": low, "high": high}


def take_turns(adapters, work, options):
    """Seconds a step of each adapter by name, and of the limit, round by round."""
    steps = {one.name: steps_for(one, work, options.seconds) for one in adapters}
    times, limits = {one.name: [] for one in adapters}, []
    for turn in range(options.rounds):
        limits.append(adapters[0].limit(work))
        first = turn % len(adapters)
        for one in adapters[first:] + adapters[:first]:
            times[one.name].append(one.seconds(work, steps[one.name]) / steps[one.name])
    return times, limits


def measured(adapters, work, options):
    times, limits = take_turns(adapters, work, options)
    ours, competitors = times["mote"], []
    for one in adapters[1:]:
        taken = times[one.name]
        ratio = quartiles([theirs / our for theirs, our in zip(taken, ours)])
        competitors.append({"name": one.name, "family": one.family, "seconds": quartiles(taken), "ratio": ratio})
    result = {"mote": quartiles(ours), "competitors": competitors}
    if limits[0] > 0:
        result["limit_percent"] = quartiles([100 * limit / our for limit, our in zip(limits, ours)])
    return result


# PyTorch's multiples were set for AVX-512; with half the width three quarters of them are wanted. A share of the limit is
# one of that instruction set's own.
GOAL_OF_AVX2 = 0.75


def settings_of(data, work, isa):
    with open(os.path.join(data, work + ".txt"), encoding="utf-8") as file:
        pairs = (line.strip().partition(" ") for line in file)
        settings = {key: value for key, _, value in pairs}
    goals = {key: float(settings["goal_" + key]) for key in ("competitor", "pytorch", "limit")}
    if isa == "avx2":
        goals["competitor"] = float(settings["goal_competitor_avx2"])
        goals["pytorch"] *= GOAL_OF_AVX2
    return {
        "id": work,
        "what": settings["what"],
        "goals": goals,
        "characters": int(settings["characters"]),
        "product": settings["product"] == "1",
        "flops": float(settings["flops"]),
    }


def fastest(result, family=None):
    """The competitor that mote is least ahead of; None where there is none."""
    competitors = [one for one in result["competitors"] if family in (None, one["family"])]
    return min(competitors, key=lambda one: one["ratio"]["median"], default=None)


def beside(value, goal, form):
    if value is None:
        return "-"
    text = form.format(value)
    if goal:
        text += f" ({form.format(goal)}{' MISSED' if value < goal else ''})"
    return text


ROW = "{:8} {:37} {:>10} {:>9}   {:>14} {:>10}   {:20} {:20} {}"
HEAD = ROW.format(
    "work", "", "mote us", "spread", "best competitor", "us", "times (goal)", "PyTorch (goal)", "limit % (goal)"
)


def line_of(result):
    ours, best, pytorch = result["mote"], fastest(result), fastest(result, "PyTorch")
    goals, share = result["goals"], result.get("limit_percent", {}).get("median")
    return ROW.format(
        result["id"],
        result["what"],
        f"{1e6 * ours['median']:.4g}",
        f"{100 * (ours['high'] - ours['low']) / ours['median']:.0f}%",
        best["name"] if best else "-",
        f"{1e6 * best['seconds']['median']:.4g}" if best else "-",
        beside(best and best["ratio"]["median"], goals["competitor"], "{:.3g}"),
        beside(pytorch and pytorch["ratio"]["median"], goals["pytorch"], "{:.3g}"),
        beside(share, goals["limit"], "{:.0f}"),
    )


def arguments():
    parser = argparse.ArgumentParser(prog="compare.sh", description="mote beside its competitors")
    parser.add_argument("programs", help=argparse.SUPPRESS)
    parser.add_argument("--check", action="store_true", help="the losses alone, no timing")
    parser.add_argument("--check-itself", action="store_true", help="show that losses that are wrong are found")
    parser.add_argument("--work", nargs="+", metavar="ID", help="these workloads (all)")
    parser.add_argument("--competitors", nargs="+", metavar="NAME", help="these families of competitors (all)")
    parser.add_argument("--isa", help="mote's instruction set; with avx2 the competitors are kept to it as well")
    parser.add_argument("--rounds", type=int, default=15, help="turns of each adapter (15)")
    parser.add_argument("--seconds", type=float, default=0.2, help="that a turn takes (0.2)")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)), help="where all run (the last)")
    parser.add_argument("--json", action="store_true", help="results as JSON, the last line")
    parser.add_argument("--chart", metavar="FILE.svg", help="ratios to each competitor, drawn by gnuplot")
    options = parser.parse_args()
    if options.rounds < 1 or not options.seconds > 0:
        parser.error("--rounds and --seconds must be above 0")
    if options.chart and (options.check or not shutil.which("gnuplot")):
        parser.error("--chart needs times, and gnuplot (Debian: gnuplot-nox)")
    return parser, options


def check_itself():
    right = [4.0, 3.9, 3.8]
    spoilt = ([4.0, 3.9, 3.8 * 1.0001], [4.0, 3.9], [4.0, 3.9, float("nan")])
    if disagreement(right, right) > TOLERANCE or any(disagreement(right, one) <= TOLERANCE for one in spoilt):
        sys.exit("compare: the check of losses finds nothing, or too much")
    kernels_used.check_itself()
    print("finds: kernels of another instruction set than the one compared")
    print("finds: a loss that is 0.01% off, one that is missing, one that is not a number")


def told_of(kernels):
    return "; kernels: " + ", ".join(f"{one} {name}" for one, name in kernels.items()) if kernels else ""


def check_kernels(adapters, isa):
    """Ends the run where one computes with other instructions than those compared."""
    for one in adapters:
        if wrong := kernels_used.wrong(one.kernels, isa):
            sys.exit(
                f"compare: {one.name} computes with {', '.join(wrong)}, which is not {kernels_used.compared(isa)}; "
                "install it with bench/compare.sh --install, or leave it out"
            )


def compare(adapters, work, options, settings):
    """The result of a workload, printed; and whether all losses agreed."""
    steps, what = (PRODUCT_STEPS, "results") if settings["product"] else (CHECK_STEPS, "losses")
    able, differences, wrong = agreeing(adapters, work, steps)
    for name, difference in differences.items():
        if difference is None:
            if options.check:
                print(f"{work:8} {name:16} {what} of 8 bits, which are not compared")
        elif options.check or name in wrong:
            print(f"{work:8} {name:16} {what} {'DIFFER' if name in wrong else 'agree'}, by at most {difference:.1g}")
    if options.check:
        return {**settings, "loss_differences": differences}, not wrong
    result = {**settings, "loss_differences": differences, **measured(able, work, options)}
    print(line_of(result), flush=True)
    return result, not wrong


def main():
    parser, options = arguments()
    if options.check_itself:
        check_itself()
        return 0
    os.sched_setaffinity(0, {options.core})
    with tempfile.TemporaryDirectory() as data:
        writer = [os.path.join(options.programs, "mote_adapter"), "--write", data]
        known = subprocess.run(writer, check=True, capture_output=True, text=True).stdout.split()
        chosen = options.work or known
        if unknown := [work for work in chosen if work not in known]:
            parser.error(f"no work {unknown[0]}; there are {' '.join(known)}")
        adapters, skipped = start_all(options, data)
        for one in adapters:
            print(f"{one.name:16} {one.version}{told_of(one.kernels)}")
        for name, reason in skipped:
            print(f"{name:16} SKIPPED: {reason}")
        if not options.check:
            check_kernels(adapters, options.isa)
            print(HEAD)
        done = [compare(adapters, work, options, settings_of(data, work, options.isa)) for work in chosen]
        for one in adapters:
            one.end()
    results = [result for result, _ in done]
    if options.chart:
        chart.draw([result for result in results if not result["product"]], options.chart)
    if options.json:
        names = {one.name: one.version + told_of(one.kernels) for one in adapters}
        report = {"adapters": names, "skipped": dict(skipped), "rounds": options.rounds, "results": results}
        print(json.dumps(report))
    return 0 if all(agreed for _, agreed in done) else 1


if __name__ == "__main__":
    sys.exit(main())
