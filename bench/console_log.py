#!/usr/bin/python3
"""console_log.py [LINES [SEED]]: the console log of an imagined radio node, on stdout: boots with what they find,
readings that wander, packets from neighbours, faults. The same on every machine."""
import random
import sys

TASKS = ["radio", "mesh", "power", "gnss", "store", "sensor"]
PARTITIONS = [("nvs", 0x9000, 24), ("otadata", 0xF000, 8), ("app0", 0x20000, 1536), ("app1", 0x1A0000, 1536)]
REASONS = ["power on", "brownout", "watchdog of task mesh", "software, update installed", "pin"]
FAULTS = [
    ("W", "radio", "no acknowledgement from !{node} for packet {packet:08x}, attempt {attempt} of 3"),
    ("W", "gnss", "fix lost, {seen} satellites in view, dilution {dilution:.1f}"),
    ("E", "store", "page {page} of journal: checksum {crc:08x}, expected {other:08x}, erased"),
    ("W", "sensor", "bme280 at 0x76 does not answer, retry in {attempt}000 ms"),
    ("E", "mesh", "packet {packet:08x} from !{node} cannot be decoded with key {attempt}, dropped"),
    ("I", "power", "charger: {volts:.2f} V from panel, phase changes to constant voltage"),
]


class Node:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.neighbours = [f"{self.random.getrandbits(32):08x}" for _ in range(12)]
        self.time, self.boots = 0, 0
        self.volts, self.celsius, self.pressure, self.free = 3.97, 18.0, 1013.2, 148320

    def line(self, level, task, text):
        return f"{level} ({self.time}) {task}: {text}"

    def boot(self):
        self.boots += 1
        self.time = 21 + self.random.randrange(9)
        yield f"rst:0x{self.random.choice([1, 3, 12]):x}, boot:0x13, reset by {self.random.choice(REASONS)}"
        for label, offset, size in PARTITIONS:
            self.time += self.random.randrange(3)
            yield self.line("I", "boot", f"partition {label:8} offset 0x{offset:06x} size {size} KiB")
        for task in TASKS:
            self.time += 3 + self.random.randrange(40)
            core, stack = self.random.randrange(2), self.random.choice([2048, 3072, 4096])
            yield self.line("I", task, f"task started on core {core}, stack {stack} bytes")
        known = f"node !{self.neighbours[0]}, {len(self.neighbours) - 1} neighbours known"
        yield self.line("I", "mesh", f"boot {self.boots}, {known}")

    def reading(self):
        self.volts = min(4.2, max(3.3, self.volts + self.random.gauss(0, 0.006)))
        self.celsius += self.random.gauss(0, 0.08)
        self.pressure += self.random.gauss(0, 0.05)
        return self.random.choice([
            self.line("I", "sensor", f"temperature {self.celsius:.1f} C, pressure {self.pressure:.1f} hPa"),
            self.line("I", "power", f"battery {self.volts:.2f} V, {int((self.volts - 3.3) / 0.009)} %"),
            self.line("D", "store", f"heap {self.free - self.random.randrange(64) * 16} bytes free"),
        ])

    def packet(self):
        signal = f"rssi {-60 - self.random.randrange(60)} snr {self.random.gauss(4, 4):.1f}"
        kind = self.random.choice(["position", "text", "telemetry", "telemetry", "node info", "routing"])
        packet = f"packet {self.random.getrandbits(32):08x} from !{self.neighbour()}"
        return self.line("I", "radio", f"{packet}, {kind}, hops {self.random.randrange(4)}, {signal}")

    def fault(self):
        level, task, text = self.random.choice(FAULTS)
        draw = self.random
        return self.line(level, task, text.format(
            node=self.neighbour(), packet=draw.getrandbits(32), attempt=1 + draw.randrange(3), seen=draw.randrange(9),
            dilution=1 + draw.random() * 20, page=draw.randrange(64), crc=draw.getrandbits(32),
            other=draw.getrandbits(32), volts=4.5 + draw.random()))

    def neighbour(self):
        return self.neighbours[min(int(self.random.expovariate(0.4)), len(self.neighbours) - 1)]

    def lines(self):
        while True:
            yield from self.boot()
            for _ in range(40 + self.random.randrange(200)):
                self.time += 50 + int(self.random.expovariate(0.0004))
                chance = self.random.random()
                yield self.packet() if chance < 0.45 else self.reading() if chance < 0.92 else self.fault()


def main():
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 6000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    for _, line in zip(range(lines), Node(seed).lines()):
        print(line)


if __name__ == "__main__":
    sys.exit(main())
