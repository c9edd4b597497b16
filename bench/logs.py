#!/usr/bin/python3
"""logs.py [LOG …] [options]: what is left of the last tenth of a log, beside zlib, zstd, brotli, xz and a context
model.

mote trains on the first 90% of the lines, each an item. The lines of the last 10% are coded as messages, each apart,
and as one stream. What has a dictionary has it of the same 90%: zlib the last 32 KB, zstd and brotli the one of 110 KB
that `zstd --train` makes. Without a LOG: bench/console_log.py, and the machine's /var/log/dpkg.log where there is
one."""
import argparse
import json
import lzma
import os
import sys
import tempfile

import compressors
from context_model import context_models, packet_sizes, stream_size
from compressors import run

HERE = os.path.dirname(os.path.abspath(__file__))
DPKG = "/var/log/dpkg.log"
FLASH = (64, 256)  # KB, of context models


def arguments():
    parser = argparse.ArgumentParser(prog="logs.py", description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("logs", metavar="LOG", nargs="*")
    parser.add_argument("--mote", default=os.path.join(HERE, "../build/release/mote"), help="the program")
    parser.add_argument("--train", default="--hidden 128 --embed 24 --steps 3000 --lr 0.005 --decay 0.1 --quantize 8",
                        metavar="OPTIONS", help="further options of mote train, as one word")
    parser.add_argument("--chart", metavar="FILE.svg", help="a picture of the results")
    return parser.parse_args()


def mote_sizes(options, training, held_out):
    """The bytes of packets and of the stream, and of the model."""
    with tempfile.TemporaryDirectory() as folder:
        model, train, rest = (os.path.join(folder, name) for name in ("m.mote", "train", "rest"))
        for path, lines in ((train, training), (rest, held_out)):
            with open(path, "w", encoding="utf-8") as file:
                file.writelines(line + "\n" for line in lines)
        run(options.mote, "train", train, "--recipe", "messages", "--lines", "--split", "100/0/0", "--quiet", "-o",
            model, *options.train.split())
        packets = run(options.mote, "compress", "--model", model, "--lines", rest).split()
        stats = run(options.mote, "compress", "--model", model, "--stream", rest, "--stats", "--json")
        return [len(packet) * 6 // 8 for packet in packets], json.loads(stats)["stream_bytes"], os.path.getsize(model)


def measure(options, name, lines):
    """Of each way its bytes of packets and of the stream; None: it has no such form."""
    training, held_out = lines[:len(lines) * 9 // 10], lines[len(lines) * 9 // 10:]
    as_bytes = [line.encode() for line in held_out]
    text = "".join(line + "\n" for line in held_out).encode()
    before = "".join(line + "\n" for line in training).encode()
    dictionary = compressors.trained_dictionary([line.encode() for line in training])
    packets, stream, flash = mote_sizes(options, training, held_out)
    results = {"mote": (packets, stream)}
    alphabet, models = context_models(training, [size * 1024 for size in FLASH])
    for model, size in zip(models, FLASH):
        results[f"context model, {size} KB"] = (
            packet_sizes(alphabet, model, held_out), stream_size(alphabet, model, text.decode()))
    results["zlib, dictionary"] = ([compressors.zlib_size(before, line) for line in as_bytes],
                                   compressors.zlib_size(before, text))
    results["zstd -19, dictionary"] = (compressors.zstd_sizes(dictionary, as_bytes),
                                       compressors.zstd_sizes(dictionary, [text])[0])
    if compressors.brotli is not None:
        results["brotli, dictionary"] = (compressors.brotli_sizes(dictionary, as_bytes, 9),
                                         compressors.brotli_sizes(dictionary, [text], 11)[0])
    results["zstd -19"] = (None, compressors.zstd_sizes(b"", [text])[0])
    results["xz -9e"] = (None, len(lzma.compress(text, preset=9 | lzma.PRESET_EXTREME)))
    print(f"{name}: {len(held_out)} lines, {len(text)} bytes, after {len(training)} lines; "
          f"mote's model has {flash / 1024:.0f} KB")
    return {way: figures(sizes, as_bytes, stream, text) for way, (sizes, stream) in results.items()}


def figures(sizes, lines, stream, text):
    """Bits a character. A line that is not made shorter counts as it is."""
    packets = None
    if sizes is not None:
        packets = 8 * sum(map(min, sizes, map(len, lines))) / sum(len(line.decode()) for line in lines)
    return packets, 8 * stream / len(text.decode())


def logs_of(options):
    if options.logs:
        return {os.path.basename(path): read_lines(path) for path in options.logs}
    console = run(sys.executable, os.path.join(HERE, "console_log.py")).decode().splitlines()
    return {"console log": console} | ({"dpkg.log": read_lines(DPKG)} if os.path.exists(DPKG) else {})


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()


def main():
    options = arguments()
    if compressors.brotli is None:
        print("brotli is left out: there is no module of that name (Debian: python3-brotli)", file=sys.stderr)
    results = {}
    for name, lines in logs_of(options).items():
        results[name] = measure(options, name, lines)
        print(f"{'bits a character':24}{'packets':>10}{'stream':>10}")
        for way, (packets, stream) in results[name].items():
            print(f"{way:24}{'' if packets is None else f'{packets:.3f}':>10}{stream:10.3f}", flush=True)
    if options.chart:
        from chart import draw_sizes
        draw_sizes({f"{log}, {form}": {way: one[i] for way, one in ways.items()}
                    for log, ways in results.items() for i, form in enumerate(("packets", "stream"))}, options.chart)


if __name__ == "__main__":
    sys.exit(main())
