#!/usr/bin/python3
"""scaling.py PROGRAM [options], called by scaling.sh: what a multiply-add of a step costs as one size changes.

A cost is seconds over multiply-adds. The sizes of a series take turns within one run, and a factor between two of them
is the median over rounds of that round's factor, so that a machine that is slower for a while is slower for both.
Costs are compared with what padding adds left out: outputs count in whole panels of 16 columns.

A cliff is a size whose cost is more than CLIFF times that of the costlier of its two neighbours in the series; a series
where one is found is measured AGAIN times as long before it is told, since a moment's noise can look like one. A rise is
one whose cost is more than CLIFF times that of the next smaller size, and no cliff, since the next larger size
costs as much: a cache that is left behind makes one. Beside it stands how much slower the machine reads there."""
import argparse
import json
import os
import statistics
import subprocess
import sys

import chart

CLIFF = 1.3
AGAIN = 3


def arguments():
    parser = argparse.ArgumentParser(prog="scaling.sh", description="what a multiply-add costs along each size")
    parser.add_argument("program", help=argparse.SUPPRESS)
    parser.add_argument("--check", action="store_true", help="exit status 1 where there is a cliff")
    parser.add_argument("--check-itself", action="store_true", help="show that a cliff is found")
    parser.add_argument("--isa", nargs="+", metavar="NAME", help="instruction sets (the best; with AVX-512 also avx2)")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each size (7)")
    parser.add_argument("--seconds", type=float, default=0.01, help="that a turn takes at least (0.01)")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)), help="where it runs (the last)")
    parser.add_argument("--json", action="store_true", help="results as JSON, the last line")
    parser.add_argument("--chart", metavar="FILE.svg", help="costs, drawn by gnuplot")
    options = parser.parse_args()
    if options.rounds < 1 or not options.seconds > 0:
        parser.error("--rounds and --seconds must be above 0")
    return options


def run(options, isa, rounds, *only):
    """The name of the instruction set, and its series, as the program tells them."""
    command = [options.program, f"--rounds={rounds}", f"--seconds={options.seconds}", *only]
    done = subprocess.run(command + ([f"--isa={isa}"] if isa else []), stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.returncode)
    name, series = "", []
    for line in done.stdout.splitlines():
        key, _, rest = line.partition(" ")
        if key == "isa":
            name = rest
        elif key == "series":
            axis, _, work = rest.partition(" ")
            series.append({"axis": axis, "work": work, "points": []})
        elif key == "size":
            size, useful, padded = rest.split()
            series[-1]["points"].append({"size": int(size), "useful": float(useful), "padded": float(padded)})
        else:
            owner = series[-1] if key == "peak" else series[-1]["points"][-1]
            owner[key] = [float(value) for value in rest.split()]
    return name, series


def factor(point, other, what="seconds"):
    """How many times the other's cost a point's is, round by round."""
    pairs = zip(point[what], other[what])
    return [mine / point["padded"] / (theirs / other["padded"]) for mine, theirs in pairs]


def judged(series):
    """What is told of each size. Those at the ends have but one neighbour, and are not judged."""
    points, results = series["points"], []
    for place, point in enumerate(points):
        seconds, peaks = point["seconds"], series["peak"]
        one = {
            "size": point["size"],
            "seconds": statistics.median(seconds),
            "picoseconds": 1e12 * statistics.median(seconds) / point["useful"],
            "peak_percent": 100 * statistics.median(point["useful"] / p / s for p, s in zip(peaks, seconds)),
        }
        if 0 < place < len(points) - 1:
            smaller, larger = points[place - 1], points[place + 1]
            below, above = factor(point, smaller), factor(point, larger)
            one["of_neighbours"] = statistics.median(map(min, below, above))
            one["of_smaller"] = statistics.median(below)
            one["reading_of_smaller"] = statistics.median(factor(point, smaller, "reading"))
        results.append(one)
    return {"axis": series["axis"], "work": series["work"], "sizes": results}


def is_judged(one):
    return "of_neighbours" in one


def is_cliff(one):
    return is_judged(one) and one["of_neighbours"] > CLIFF


def is_rise(one):
    return is_judged(one) and one["of_smaller"] > CLIFF and not is_cliff(one)


def named(report, wanted):
    """(Instruction set, series, size) where `wanted` holds of the size."""
    return [(isa, series, one) for isa in report for series in report[isa] for one in series["sizes"] if wanted(one)]


def sentences(report):
    """What there is to say of rises, cliffs and the worst size."""
    lines = []
    for isa, series, one in named(report, is_rise):
        lines.append(
            f"rise: {isa}, {series['axis']} {one['size']}, {series['work']}: {one['of_smaller']:.2f} times the next "
            f"smaller size; reading its weights: {one['reading_of_smaller']:.2f} times"
        )
    cliffs = named(report, is_cliff)
    for isa, series, one in cliffs:
        lines.append(
            f"cliff: {isa}, {series['axis']} {one['size']}, {series['work']}: {one['of_neighbours']:.2f} times the "
            "costlier neighbour"
        )
    worst = max(one["of_neighbours"] for _, _, one in named(report, is_judged))
    return lines + [f"{len(cliffs)} cliffs; the worst size costs {worst:.2f} times its costlier neighbour"]


def measured(options, isa):
    """The name of the instruction set, and what is told of its series."""
    name, series = run(options, isa, options.rounds)
    results = []
    for number, one in enumerate(series):
        result = judged(one)
        if any(is_cliff(size) for size in result["sizes"]):
            _, again = run(options, isa, AGAIN * options.rounds, f"--series={number}")
            result = judged(again[0])
        results.append(result)
        show(name, result)
    return name, results


ROW = "{:>6} {:>11} {:>18} {:>10} {:>22}"


def show(isa, series):
    print(f"\n{isa}, {series['axis']}: {series['work']}")
    print(ROW.format("size", "us a step", "ps a multiply-add", "peak %", "times its neighbours"))
    for one in series["sizes"]:
        print(
            ROW.format(
                one["size"],
                f"{1e6 * one['seconds']:.4g}",
                f"{one['picoseconds']:.3g}",
                f"{one['peak_percent']:.0f}",
                f"{one['of_neighbours']:.2f}" + (" CLIFF" if is_cliff(one) else "") if is_judged(one) else "",
            )
        )


def check_itself():
    """A size that is slow is a cliff; one from which on all are slow is a rise; what only padding costs is neither."""

    def wanted(cliffs, rises, *points):
        made = [
            {"size": size, "useful": size, "padded": padded, "seconds": [seconds] * 3, "reading": [1.0] * 3}
            for size, padded, seconds in points
        ]
        sizes = judged({"axis": "", "work": "", "peak": [1.0] * 3, "points": made})["sizes"]
        found = [one["size"] for one in sizes if is_cliff(one)], [one["size"] for one in sizes if is_rise(one)]
        if found != (cliffs, rises):
            sys.exit(f"scaling: the check of cliffs wanted {cliffs}, {rises} and found {found}")

    wanted([32], [], (16, 16, 16), (32, 32, 44), (48, 48, 48))
    wanted([], [32], (16, 16, 16), (32, 32, 44), (48, 48, 66))
    wanted([], [], (16, 16, 16), (17, 32, 32), (32, 32, 32))
    print("finds: a size that costs 1.38 times its neighbours, one from which on all do, and nothing in mere padding")


def main():
    options = arguments()
    if options.check_itself:
        check_itself()
        return 0
    os.sched_setaffinity(0, {options.core})
    report = {}
    for isa in options.isa or [None, "avx2"]:
        if isa == "avx2" and not options.isa and not any(one.startswith("avx512") for one in report):
            continue
        name, results = measured(options, isa)
        report[name] = results
    print("\n" + "\n".join(sentences(report)))
    if options.chart:
        chart.draw_scaling(report, options.chart)
    if options.json:
        print(json.dumps({"rounds": options.rounds, "scaling": report}))
    return 1 if options.check and named(report, is_cliff) else 0


if __name__ == "__main__":
    sys.exit(main())
