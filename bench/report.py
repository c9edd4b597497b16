#!/usr/bin/python3
"""report.py RESULTS.json …, called by report.sh: a section of BENCHMARKS.md for each run of compare.sh or scaling.sh."""
import json
import sys

import compare
import scaling


def goal(value, wanted, form):
    if value is None:
        return "–"
    text = form.format(value)
    if not wanted:
        return text
    return text + f" ({form.format(wanted)}{')' if value >= wanted else ', **missed**)'}"


def row(result):
    ours, best = result["mote"], compare.fastest(result)
    torch = compare.fastest(result, "PyTorch")
    share = result.get("limit_percent", {}).get("median")
    cells = [
        result["id"],
        result["what"],
        f"{1e6 * ours['median']:.4g}",
        f"{1e6 * ours['low']:.4g} – {1e6 * ours['high']:.4g}",
        f"{result['characters'] / ours['median']:.3g}",
        goal(share, result["goals"]["limit"], "{:.0f}%"),
        best["name"] if best else "–",
        goal(best and best["ratio"]["median"], result["goals"]["competitor"], "{:.3g}"),
        goal(torch and torch["ratio"]["median"], result["goals"]["pytorch"], "{:.3g}"),
    ]
    return "| " + " | ".join(cells) + " |"


def times(results, names):
    print("\nMicroseconds a step, medians:\n")
    print("| id | mote | " + " | ".join(names) + " |")
    print("| --- |" + " ---: |" * (len(names) + 1))
    for result in results:
        of = {one["name"]: f"{1e6 * one['seconds']['median']:.4g}" for one in result["competitors"]}
        cells = [result["id"], f"{1e6 * result['mote']['median']:.4g}"] + [of.get(name, "–") for name in names]
        print("| " + " | ".join(cells) + " |")


def missed(results):
    """Goals, and how many of them are missed."""
    pairs = []
    for result in results:
        best, torch, goals = compare.fastest(result), compare.fastest(result, "PyTorch"), result["goals"]
        pairs += [(best["ratio"]["median"], goals["competitor"])] if best else []
        pairs += [(torch["ratio"]["median"], goals["pytorch"])] if torch else []
        pairs += [(result["limit_percent"]["median"], goals["limit"])] if "limit_percent" in result else []
    counted = [(value, wanted) for value, wanted in pairs if wanted]
    return len(counted), sum(value < wanted for value, wanted in counted)


def products(results):
    """The bare products: GFLOP/s of each competitor."""
    names = list(dict.fromkeys(one["name"] for result in results for one in result["competitors"]))
    print("\nBare products, m x n x k, GFLOP/s at the medians, b packed beforehand where a competitor can:\n")
    print("| id | work | mote | of the limit | " + " | ".join(names) + " | best competitor | its time over mote's |")
    print("| --- | --- | ---: | ---: |" + " ---: |" * len(names) + " --- | ---: |")
    for result in results:
        rate = lambda seconds, flops=result["flops"]: f"{1e-9 * flops / seconds['median']:.3g}"
        of = {one["name"]: rate(one["seconds"]) for one in result["competitors"]}
        best = compare.fastest(result)
        cells = [result["id"], result["what"], rate(result["mote"]), f"{result['limit_percent']['median']:.0f}%"]
        cells += [of.get(name, "–") for name in names]
        cells += [best["name"], f"{best['ratio']['median']:.3g}"] if best else ["–", "–"]
        print("| " + " | ".join(cells) + " |")


def comparison(report):
    results, adapters = [one for one in report["results"] if not one["product"]], report["adapters"]
    count, below = missed(results)
    print(f"## {adapters['mote'].removeprefix('mote, ')}\n")
    print(f"{report['rounds']} rounds. Of {count} goals {below} are missed.\n")
    print("| id | work | µs a step | quartiles | characters/s | of the limit (goal) | best competitor ", end="")
    print("| its time over mote's (goal) | PyTorch's over mote's (goal) |")
    print("| --- | --- | ---: | ---: | ---: | ---: | --- | ---: | ---: |")
    for result in results:
        print(row(result))
    timed = {one["name"] for result in results for one in result["competitors"]}
    times(results, [name for name in adapters if name in timed])
    if bare := [one for one in report["results"] if one["product"]]:
        products(bare)
    print("\nCompetitors: " + "; ".join(adapters[name] for name in adapters) + ".")
    for name, reason in report["skipped"].items():
        print(f"Skipped: {name}, {reason}.")
    print()


SCALING = """## Scaling

Picoseconds a useful multiply-add of a step through the C API, everything in it, medians of {} rounds: of training where
a column does not say inference. `bench/scaling.cpp` has the rest of each work. A cliff is a size that costs more than
{} times as much as the costlier of its neighbours, padding to 16 columns left out; a rise one that costs more than that
times the next smaller size and is not a cliff.

![Picoseconds a multiply-add along each size](bench/scaling.svg)
"""


def scaling_table(report, axis):
    columns = [(isa, one) for isa in report for one in report[isa] if one["axis"] == axis]
    print(f"\n| {axis} | " + " | ".join(f"{one['work']}, {isa}" for isa, one in columns) + " |")
    print("| ---: |" + " ---: |" * len(columns))
    for row in zip(*(one["sizes"] for _, one in columns)):
        costs = [f"{one['picoseconds']:.3g}" + (" **cliff**" if scaling.is_cliff(one) else "") for one in row]
        print(f"| {row[0]['size']} | " + " | ".join(costs) + " |")


def scaling_section(rounds, report):
    print(SCALING.format(rounds, scaling.CLIFF), end="")
    for axis in dict.fromkeys(one["axis"] for all_series in report.values() for one in all_series):
        scaling_table(report, axis)
    print()
    for sentence in scaling.sentences(report):
        print(f"- {sentence}")
    print()


def section(path):
    with open(path, encoding="utf-8") as file:
        report = json.loads(file.read().splitlines()[-1])
    if "scaling" in report:
        scaling_section(report["rounds"], report["scaling"])
    else:
        comparison(report)


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        section(argument)
