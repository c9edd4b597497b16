"""Pictures of the benchmarks, drawn by gnuplot."""
import subprocess

# Shapes tell competitors apart without colour as well.
MARKS = [
    "7 lc rgb '#0072b2'",
    "5 lc rgb '#d55e00'",
    "9 lc rgb '#009e73'",
    "13 lc rgb '#cc79a7'",
    "11 lc rgb '#666666'",
    "1 lc rgb '#e69f00'",
]


def draw(results, path):
    """How many times a competitor's speed mote's is."""
    families = sorted({one["family"] for result in results for one in result["competitors"]})
    if not families:
        raise SystemExit("compare: --chart: nothing was measured")
    places = ", ".join(f"'{result['id']}' {place}" for place, result in enumerate(results))
    commands = [
        "set terminal svg size 900,420 font 'sans,13' background '#ffffff'",
        f"set output '{path}'",
        "set logscale y",
        "set grid ytics lc rgb '#dddddd'",
        "set border 3",
        "set tics nomirror out",
        "set key outside top center horizontal",
        f"set xtics rotate by -45 ({places})",
        "set ylabel \"a competitor's time divided by mote's\"",
        f"set xrange [-0.5:{len(results) - 0.5}]",
    ]
    plots, blocks = ["1 notitle lc rgb '#000000' lw 1"], []
    for number, family in enumerate(families):
        points = []
        for place, result in enumerate(results):
            ratios = [one["ratio"]["median"] for one in result["competitors"] if one["family"] == family]
            points += [f"{place} {min(ratios):.6g}"] if ratios else []
        plots.append(f"'-' with points ps 1.1 pt {MARKS[number % len(MARKS)]} title '{family}'")
        blocks += points + ["e"]
    commands += ["plot " + ", ".join(plots)] + blocks
    gnuplot(commands)


def gnuplot(commands):
    subprocess.run(["gnuplot"], input="\n".join(commands) + "\n", text=True, check=True)


# Of the series of one axis; an instruction set is told by the dashes and by filled or open marks.
LINES = [("#0072b2", 7, 6), ("#d55e00", 5, 4), ("#009e73", 9, 8), ("#cc79a7", 11, 10)]


def scaling_panel(report, axis):
    plots, blocks, sizes = [], [], []
    for dash, (isa, all_series) in enumerate(report.items(), 1):
        series_of_axis = [series for series in all_series if series["axis"] == axis]
        for series, (colour, *marks) in zip(series_of_axis, LINES):
            style = f"lc rgb '{colour}' dt {dash} lw 1.2 pt {marks[dash - 1]} ps 0.5"
            plots.append(f"'-' with linespoints {style} title '{series['work']}, {isa}'")
            blocks += [f"{one['size']} {one['picoseconds']:.6g}" for one in series["sizes"]] + ["e"]
            sizes += [one["size"] for one in series["sizes"]]
    return [f"set xlabel '{axis}'", f"set xrange [{min(sizes)}:{max(sizes)}]", "plot " + ", ".join(plots)] + blocks


def draw_scaling(report, path):
    """What a multiply-add costs along each size."""
    every = [series for all_series in report.values() for series in all_series]
    costs = [one["picoseconds"] for series in every for one in series["sizes"]]
    commands = [
        "set terminal svg size 1000,860 font 'sans,12' background '#ffffff'",
        f"set output '{path}'",
        "set multiplot layout 2,2",
        "set logscale x 2",
        "set logscale y",
        "set grid ytics lc rgb '#dddddd'",
        "set border 3",
        "set tics nomirror out",
        "set key top right samplen 3 spacing 0.9 font ',10'",
        "set ylabel 'picoseconds a useful multiply-add'",
        f"set yrange [{min(costs) / 1.2:.4g}:{max(costs) * 4:.4g}]",
    ]
    for axis in dict.fromkeys(series["axis"] for series in every):
        commands += scaling_panel(report, axis)
    gnuplot(commands + ["unset multiplot"])


BARS = ["#0072b2", "#d55e00", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#f0e442", "#888888", "#cccccc"]


def draw_sizes(results, path):
    """Bits a character of each text, by each way to code it; None leaves a bar out."""
    ways = list(dict.fromkeys(way for figures in results.values() for way in figures))
    places = ", ".join(f"'{text}' {place}" for place, text in enumerate(results))
    width = 0.84 / len(ways)
    commands = [
        "set terminal svg size 900,460 font 'sans,13' background '#ffffff'",
        f"set output '{path}'",
        "set grid ytics lc rgb '#dddddd'",
        "set border 3",
        "set tics nomirror out",
        "set key outside top center horizontal width 2",
        f"set xtics ({places})",
        "set ylabel 'bits a character'",
        "set style fill solid 1.0 noborder",
        f"set boxwidth {0.9 * width:.4g}",
        f"set xrange [-0.5:{len(results) - 0.5}]",
        "set yrange [0:*]",
    ]
    plots, blocks = [], []
    for number, way in enumerate(ways):
        points = []
        for place, figures in enumerate(results.values()):
            bits = figures.get(way)
            points += [] if bits is None else [f"{place - 0.42 + (number + 0.5) * width:.4g} {bits:.6g}"]
        plots.append(f"'-' with boxes lc rgb '{BARS[number % len(BARS)]}' title '{way}'")
        blocks += points + ["e"]
    gnuplot(commands + ["plot " + ", ".join(plots)] + blocks)
