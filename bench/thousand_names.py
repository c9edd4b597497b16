#!/usr/bin/python3
"""thousand_names.py NAMES.txt: what a model of at most 4,192 parameters learns from a thousand names on a microcontroller.

For each seed, 10% of the names, drawn by it, are held out, and a thousand of the others are learned from, each once. A
GRU of 23 units learns them by AdamW on the host and on an emulated Cortex-M4F, which must end with the same weights. A
transformer with as many parameters learns the same names, and both are measured on all names held out. Memory is that
of model, trainer and state; the stack comes on top. Prints a table in Markdown."""
import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
LESSON = 1000


def arguments():
    parser = argparse.ArgumentParser(prog="thousand_names.py", description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("names", metavar="NAMES.txt", help="a name of the letters a to z on each line")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--check-itself", action="store_true", help="show that what it refuses is refused")
    return parser.parse_args()


def read_names(path):
    with open(path, encoding="utf-8") as file:
        names = file.read().split()
    for name in names:
        if not all("a" <= c <= "z" for c in name):
            sys.exit(f"thousand_names.py: {path}: \"{name}\" has other characters than a to z; take such names out")
    if len(names) - len(names) // 10 < LESSON:
        sys.exit(f"thousand_names.py: {path}: {len(names)} names; at least {LESSON * 10 // 9 + 1} are needed")
    return names


def split(names, seed):
    """The lesson, and what is held out."""
    drawn = list(names)
    random.Random(seed).shuffle(drawn)
    held_out = len(drawn) // 10
    return drawn[held_out:held_out + LESSON], drawn[:held_out]


def as_array(name, names):
    """Of bytes: C99 promises no string literal of this length."""
    lines = "\n".join("    " + "".join(f"{ord(c)}, " for c in line + "\n") for line in names)
    return f"static const char {name}[] = {{\n{lines}\n}};\n"


def write_lesson(path, lesson, held_out, seed):
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"#define SEED {seed}\n")
        file.write(as_array("lesson", lesson) + as_array("held_out", held_out))


def build(preset, scratch):
    """The program for a preset, with the lesson in the folder."""
    folder = os.path.join(ROOT, "build/thousand_names", preset)
    for command in (["cmake", "--preset", preset, "-B", folder, "-DMOTE_BUILD_TESTS=OFF", "-DMOTE_BUILD_BENCH=ON",
                     f"-DMOTE_LESSON_FOLDER={scratch}"], ["cmake", "--build", folder, "--target", "thousand_names"]):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"thousand_names.py: {' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return os.path.join(folder, "bench/thousand_names/thousand_names")


def rows_of(*command, **environment):
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    if done.returncode != 0 or lines[-1:] != ["MOTE_OK"]:
        sys.exit(f"thousand_names.py: {command[-1]} failed: {done.stdout}{done.stderr}")
    return {line.split()[0]: line.split()[1:] for line in lines[:-1]}


def instructions(rows):
    """Of a step, and of the whole lesson."""
    clock, step = [[int(number) for number in rows[key]] for key in ("clock", "step")]
    whole = step[1] * clock[0] / clock[1]
    return whole / step[0], whole


def check_same(host, board, seed):
    if host["weights"] != board["weights"] or host["loss"] != board["loss"]:
        sys.exit(f"thousand_names.py: seed {seed}: the Cortex-M4F learned other weights than the host")


def measure(names, seed, scratch):
    lesson, held_out = split(names, seed)
    write_lesson(os.path.join(scratch, "lesson.h"), lesson, held_out, seed)
    host = rows_of(build("release", scratch))
    board = rows_of(os.path.join(ROOT, "platform/boards/mps2-an386/run"), build("cortex-m4", scratch) + ".elf",
                    MOTE_EMULATE_OPTIONS="-icount shift=0")
    check_same(host, board, seed)
    sys.path.insert(0, os.path.join(HERE, "thousand_names"))
    from transformer import learn  # pylint: disable=import-outside-toplevel
    return board, learn(lesson, held_out, seed)


def refused(function, *values):
    try:
        function(*values)
    except SystemExit as reason:
        return str(reason.code)
    return None


def check_itself():
    """Ends with AssertionError where wrong names, names learned that are held out, or other weights would pass."""
    names = [a + b + c for a in "abcdefghijkl" for b in "abcdefghij" for c in "abcdefghij"]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "names.txt")
        for text, reason in (("\n".join(names), None), ("\n".join(names[:1000]), "1000 names"),
                             ("\n".join(names + ["o'hara"]), "o'hara")):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            found = refused(read_names, path)
            assert found is None if reason is None else found and reason in found, (reason, found)
    lesson, held_out = split(names, 1)
    assert len(lesson) == LESSON and len(held_out) == len(names) // 10 and not set(lesson) & set(held_out)
    assert split(names, 1) == (lesson, held_out) != split(names, 2)
    assert bytes(int(number) for number in as_array("x", ["ab", "c"]).split("{")[1].split(",")[:-1]) == b"ab\nc\n"
    assert instructions({"clock": ["2", "1"], "step": ["10", "50"]}) == (10, 100)
    host = {"weights": ["1"], "loss": ["2.5"]}
    assert refused(check_same, host, dict(host), 1) is None
    assert refused(check_same, host, {**host, "weights": ["2"]}, 1) and refused(check_same, host, {**host, "loss": ["2"]}, 1)
    print("finds: other characters, too few names, other weights than the host's")


def main():
    options = arguments()
    if options.check_itself:
        return check_itself()
    names = read_names(options.names)
    gru, other = [], []
    with tempfile.TemporaryDirectory() as scratch:
        for seed in options.seeds:
            board, transformer = measure(names, seed, scratch)
            gru.append(float(board["loss"][0]))
            other.append(transformer[1])
            print(f"seed {seed}: {gru[-1]:.4f} {other[-1]:.4f}", file=sys.stderr, flush=True)
    step, whole = instructions(board)
    print("| | parameters | memory, bytes | loss of names held out, nats a character: mean | lowest | highest |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, parameters, memory, losses in (
            ("GRU", int(board["parameters"][1]), f"{int(board['memory'][1]):,}", gru),
            ("transformer", transformer[0], "", other)):
        print(f"| {name} | {parameters:,} | {memory} | {statistics.mean(losses):.4f} | {min(losses):.4f} "
              f"| {max(losses):.4f} |")
    print(f"\nCortex-M4F: {step:,.0f} instructions a step of 8 characters, {whole / 1e6:,.0f} million for the thousand names.")


if __name__ == "__main__":
    sys.exit(main())
