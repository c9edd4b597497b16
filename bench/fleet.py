#!/usr/bin/env python3
"""fleet.py table|short: a simulated fleet of devices learns names. Each has a part of the built-in names and learns it
once a round, going on from the model that all share; the next model is the average of theirs, weighted by their
characters (mote average). Some of the devices are other machines, under emulation; what one of them reports is learned
again on this one each round (mote replay).

table: 16 devices, four of them emulated, and 10 rounds. Prints the loss of 1,500 names that none has, in nats a
character, after each round, beside that of training on all parts at once for as many characters, and of a device that
has its own part alone. Parts are shuffled, or each of names that begin alike. Learning rates are searched with seed 0,
for each way the one with the lowest loss at the end; the table is of seeds 1 to 3, of which the mean is printed.

short: 4 devices, one of them emulated, and 2 rounds of a part of the names; the emulated device, and the order in which
the devices are averaged, must not change a bit. Status 77: there is no emulator, or no program for it."""
import concurrent.futures
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOST = [str(ROOT / "build/release/mote")]
RATES = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2)
SEEDS = (1, 2, 3)
HELD_OUT = 1500
BATCH, TIME = 4, 16
LEARNING = f"--batch {BATCH} --time {TIME} --optimizer sgd --clip-norm 5 --eval-limit 1000 --quiet"


def emulated(name):
    """The program of another build under its emulator; None where one of them is missing."""
    program, emulator = ROOT / "build" / name / "mote", shutil.which("qemu-" + name)
    if emulator is None or not program.exists():
        return None
    return [emulator, "-L", f"/usr/{name}-linux-gnu", str(program)]


def run(program, folder, words, *more):
    command = [*program, *words.split(), *map(str, more), "--json"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        sys.exit(f"fleet.py: {' '.join(command)}: {ran.stderr.strip()}")
    return json.loads(ran.stdout.splitlines()[-1])


def write(path, names):
    path.write_text("\n".join(names) + "\n")


class Fleet:
    """The parts of the names in a folder, and the programs of the devices that have them."""

    def __init__(self, folder, kind, seed, programs, names):
        self.folder, self.seed, self.programs = folder, seed, programs
        names = names[:]
        random.Random(seed).shuffle(names)
        write(folder / "further.txt", names[:HELD_OUT])
        names = names[HELD_OUT:]
        if kind == "alike":
            names.sort(key=lambda name: name[0])
        count = len(programs)
        parts = [names[i * len(names) // count:(i + 1) * len(names) // count] for i in range(count)]
        for i, part in enumerate(parts):
            random.Random(seed).shuffle(part)
            write(folder / f"part{i}.txt", part)
        self.characters = [(folder / f"part{i}.txt").stat().st_size for i in range(count)]
        everything = [name for part in parts for name in part]
        random.Random(seed).shuffle(everything)
        write(folder / "all.txt", everything)
        run(HOST, folder, "train names --lines --hidden 64 --steps 0 --quiet -o start.mote --seed", seed)

    def loss(self, model):
        return run(HOST, self.folder, f"eval {model} further.txt --rows 1")["loss"]

    def learn(self, device, base, made, rate, seed):
        """A device goes on from a model with its part, once through."""
        run(self.programs[device], self.folder, f"train part{device}.txt --base {base} {LEARNING} --epochs 1",
            "--lr", rate, "--seed", seed, "-o", made, "--checkpoint", made + ".ckpt")

    def replay(self, device, base):
        run(HOST, self.folder, f"replay {base} device{device}.mote.ckpt --data part{device}.txt --quiet")

    def report(self, device):
        """The bytes of its checkpoint."""
        return (self.folder / f"device{device}.mote.ckpt").read_bytes()

    def average(self, devices, made):
        """The devices' models in the given order."""
        weights = ",".join(str(self.characters[device]) for device in devices)
        files = " ".join(f"device{device}.mote" for device in devices)
        return run(HOST, self.folder, f"average {files} -o {made} --weights {weights}")["weights_hash"]

    def rounds(self, count, rate, replayed=()):
        """The loss after each round, and the hash of the weights after the last. One of the devices `replayed` is
        learned again on this machine each round."""
        losses, base, devices = [], "start.mote", range(len(self.programs))
        for number in range(1, count + 1):
            in_parallel(lambda device, base=base, number=number: self.learn(
                device, base, f"device{device}.mote", rate, 1000 * self.seed + number), devices)
            if replayed:
                self.replay(replayed[number % len(replayed)], base)
            base = f"round{number}.mote"
            weights_hash = self.average(devices, base)
            losses.append(self.loss(base))
        return losses, weights_hash

    def without_fleet(self, text, count, rate):
        """The losses of learning one text, after each pass over it."""
        losses = []
        name = text.removesuffix(".txt")
        begin = f"--base start.mote {LEARNING} --epochs 1 --lr {rate} --seed {self.seed}"
        steps = 0
        for number in range(1, count + 1):
            way = begin if number == 1 else f"--resume {name}.ckpt --steps {steps * number} --eval-limit 1000 --quiet"
            done = run(HOST, self.folder, f"train {text} {way} -o {name}.mote --checkpoint {name}.ckpt")
            steps = steps or done["steps"]
            losses.append(self.loss(f"{name}.mote"))
        return losses

    def alone(self, count, rate):
        """The mean loss of devices that have their own part alone."""
        losses = in_parallel(lambda device: self.without_fleet(f"part{device}.txt", count, rate),
                             range(len(self.programs)))
        return [mean(column) for column in zip(*losses)]


def in_parallel(work, items):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(work, items))


def mean(numbers):
    return sum(numbers) / len(numbers)


def all_names():
    return (ROOT / "tools/corpora/names.txt").read_text().split()


WAYS = {"fleet": lambda fleet, count, rate: fleet.rounds(count, rate)[0],
        "at once": lambda fleet, count, rate: fleet.without_fleet("all.txt", count, rate),
        "alone": lambda fleet, count, rate: fleet.alone(count, rate)}


def search(kind, devices, rounds):
    """The learning rate of each way."""
    with tempfile.TemporaryDirectory() as folder:
        fleet = Fleet(pathlib.Path(folder), kind, 0, [HOST] * devices, all_names())
        return {way: min(RATES, key=lambda rate, learn=learn: learn(fleet, rounds, rate)[-1])
                for way, learn in WAYS.items()}


def table(programs, emulated_devices, rounds):
    for kind, words in (("shuffled", "shuffled"), ("alike", "names that begin alike")):
        rates = search(kind, len(programs), rounds)
        found = {way: [] for way in WAYS}
        for seed in SEEDS:
            with tempfile.TemporaryDirectory() as folder:
                fleet = Fleet(pathlib.Path(folder), kind, seed, programs, all_names())
                found["fleet"].append(fleet.rounds(rounds, rates["fleet"], emulated_devices)[0])
                for way in ("at once", "alone"):
                    found[way].append(WAYS[way](fleet, rounds, rates[way]))
        print(f"parts: {words}; learning rates: " + ", ".join(f"{way} {rate}" for way, rate in rates.items()))
        print("round " + " ".join(f"{way:>8}" for way in WAYS))
        for number in range(rounds):
            print(f"{number + 1:5} " + " ".join(f"{mean([run[number] for run in found[way]]):8.4f}" for way in WAYS))
        for way in WAYS:
            print(f"{way} at the end, seed by seed: " + " ".join(f"{run[-1]:.4f}" for run in found[way]))
        print(flush=True)


def short(other):
    """Fails where the machine of a device, or the order of the devices, changes a bit."""
    hashes, reports = [], []
    for programs in ([HOST] * 4, [HOST, other, HOST, HOST]):
        with tempfile.TemporaryDirectory() as folder:
            fleet = Fleet(pathlib.Path(folder), "alike", 1, programs, all_names()[:HELD_OUT + 400])
            losses, weights_hash = fleet.rounds(2, 0.5, replayed=[1])
            before = fleet.loss("start.mote")
            reversed_hash = fleet.average([3, 2, 1, 0], "reversed.mote")
            reports.append(fleet.report(1))
        print(f"loss {before:.4f}, after a round {losses[0]:.4f}, after two {losses[1]:.4f}; weights {weights_hash}")
        if not losses[1] < losses[0] < before:
            sys.exit("fleet.py: the fleet has not learned")
        hashes += [weights_hash, reversed_hash]
    if len(set(hashes)) != 1:
        sys.exit("fleet.py: the weights are not the same: " + " ".join(hashes))
    if reports[0] != reports[1]:
        sys.exit("fleet.py: the emulated device wrote another checkpoint")


def main():
    if sys.argv[1:] not in (["table"], ["short"]):
        sys.exit("fleet.py: takes table or short")
    others = {name: emulated(name) for name in ("aarch64", "riscv64")}
    if sys.argv[1] == "short":
        there = [program for program in others.values() if program is not None]
        if not there:
            print("SKIP: there is no qemu-aarch64 with build/aarch64/mote, nor qemu-riscv64 with build/riscv64/mote")
            sys.exit(77)
        return short(there[0])
    missing = [name for name, program in others.items() if program is None]
    if missing:
        sys.exit("fleet.py: no emulator, or no program of it: " + ", ".join(missing))
    devices = [others["aarch64"], others["riscv64"]] * 2 + [HOST] * 12
    return table(devices, range(4), 10)


main()
