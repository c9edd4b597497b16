"""How many times a rival's speed mote's is, drawn by gnuplot."""
import subprocess

# Shapes tell rivals apart without colour as well.
MARKS = ["7 lc rgb '#0072b2'", "5 lc rgb '#d55e00'", "9 lc rgb '#009e73'", "13 lc rgb '#cc79a7'", "11 lc rgb '#666666'"]


def draw(results, path):
    families = sorted({one["family"] for result in results for one in result["rivals"]})
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
        "set ylabel \"a rival's time over mote's\"",
        f"set xrange [-0.5:{len(results) - 0.5}]",
    ]
    plots, blocks = ["1 notitle lc rgb '#000000' lw 1"], []
    for number, family in enumerate(families):
        points = []
        for place, result in enumerate(results):
            ratios = [one["ratio"]["median"] for one in result["rivals"] if one["family"] == family]
            points += [f"{place} {min(ratios):.6g}"] if ratios else []
        plots.append(f"'-' with points ps 1.1 pt {MARKS[number % len(MARKS)]} title '{family}'")
        blocks += points + ["e"]
    commands += ["plot " + ", ".join(plots)] + blocks
    subprocess.run(["gnuplot"], input="\n".join(commands) + "\n", text=True, check=True)
