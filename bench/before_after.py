#!/usr/bin/python3
"""before_after.py OLD NEW [--isa NAME] [--pairs N] [--seconds S] [--works REGEX]: see before_after.sh."""
import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys

import kernels_used

RESAMPLES = 2000
WORKS = "^(T|I)[0-9][a-z0-9-]*$"  # the workloads of workloads.cpp that are not bare products


def nanoseconds(program, work, options):
    """CPU time of a step, by Google Benchmark."""
    command = [program, f"--benchmark_filter=^{work}$", f"--benchmark_min_time={options.seconds}"]
    command += ["--benchmark_format=json"] + ([f"--isa={options.isa}"] if options.isa else [])
    environment = {**os.environ, **kernels_used.LARGE_PAGES}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"before_after.py: {program} failed: {done.stderr.strip()}")
    found = json.loads(done.stdout)["benchmarks"][0]
    return found["cpu_time"] * {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}[found["time_unit"]]


def interval(ratios):
    """95% of the medians of samples drawn again, with replacement, from the pairs."""
    rng = random.Random(1)
    medians = sorted(statistics.median(rng.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES))
    return medians[RESAMPLES * 25 // 1000], medians[RESAMPLES * 975 // 1000]


def compare(work, programs, options):
    """Nanoseconds of both, and the ratio of each pair; which one goes first changes from pair to pair."""
    times = {"old": [], "new": []}
    for pair in range(options.pairs):
        for side in ("old", "new") if pair % 2 == 0 else ("new", "old"):
            times[side].append(nanoseconds(programs[side], work, options))
    return times, [new / old for old, new in zip(times["old"], times["new"])]


def main():
    parser = argparse.ArgumentParser(prog="before_after.sh", description="two builds' mote_bench, in interleaved pairs")
    parser.add_argument("old", help="the build directory of before")
    parser.add_argument("new", help="the build directory of after")
    parser.add_argument("--isa", help="instruction set to force in both")
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=0.1, help="least time of a measurement (0.1)")
    parser.add_argument("--works", default=WORKS, help="regular expression of their names")
    parser.add_argument("--limit", type=float, default=3, help="percent that a work may be slower (3)")
    options = parser.parse_args()
    programs = {side: os.path.join(getattr(options, side), "mote_bench") for side in ("old", "new")}
    for program in programs.values():
        if not os.path.isfile(program):
            parser.error(f"there is no {program}: build the preset bench there")
    listed = subprocess.run([programs["new"], "--benchmark_list_tests"], capture_output=True, text=True, check=True)
    works = [name for name in listed.stdout.split() if re.search(options.works, name)]
    if not works:
        parser.error("no work has such a name")
    slower = []
    print(f"{'':10} {'before ns':>12} {'after ns':>12} {'after/before':>12}  95% interval")
    for work in works:
        times, ratios = compare(work, programs, options)
        ratio = statistics.median(ratios)
        low, high = interval(ratios)
        old, new = (statistics.median(times[side]) for side in ("old", "new"))
        print(f"{work:10} {old:12.1f} {new:12.1f} {ratio:12.3f}  {low:.3f} … {high:.3f}", flush=True)
        if ratio > 1 + options.limit / 100:
            slower.append(work)
    if slower:
        print(f"more than {options.limit:g}% slower: {', '.join(slower)}")
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
