#!/usr/bin/python3
"""messages.py CORPUS.jsonl [options]: how short packets of held-out messages are, beside zlib and zstd with a
dictionary.

For each seed mote trains on 90% of the messages with the recipe `messages`, and codes the others, each apart; each
packet is also made a message again. zlib has the last 32 KB of the same 90% as its dictionary, zstd one of 110 KB
that `zstd --train` makes of them. Sizes are those of whole packets: of zlib the raw stream, of zstd the frame without
checksum, size, magic number and number of the dictionary. A message that one of these makes longer counts as it is, for
which no mark is charged."""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))


def arguments():
    parser = argparse.ArgumentParser(prog="messages.py", description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("corpus", metavar="CORPUS.jsonl")
    parser.add_argument("--mote", default=os.path.join(HERE, "../build/release/mote"), help="the program")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--train", default="", metavar="OPTIONS", help="further options of mote train, as one word")
    return parser.parse_args()


def run(*command, data=None):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def languages(corpus):
    """The language that a line of the corpus gives its message."""
    with open(corpus, encoding="utf-8") as lines:
        return {entry["text"]: entry.get("lang", "") for entry in map(json.loads, lines)}


def part(options, model, name):
    """The messages of a part, and their packets' sizes."""
    packets = run(options.mote, "compress", "--model", model, options.corpus, "--split", name)
    lines = run(options.mote, "decompress", "--model", model, "--jsonl", data=packets)
    messages = [json.loads(line)["text"] for line in lines.splitlines()]
    return messages, [len(packet) * 6 // 8 for packet in packets.splitlines()]


def zlib_sizes(training, messages):
    dictionary = "\n".join(training).encode()[-32768:]
    sizes = []
    for message in messages:
        coder = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, dictionary)
        sizes.append(len(coder.compress(message) + coder.flush()))
    return sizes


def write_files(folder, messages):
    os.mkdir(folder)
    paths = [os.path.join(folder, f"{i:05}") for i in range(len(messages))]
    for path, message in zip(paths, messages):
        with open(path, "wb") as file:
            file.write(message)
    return paths


def zstd_sizes(training, messages):
    with tempfile.TemporaryDirectory() as folder:
        write_files(os.path.join(folder, "train"), [message.encode() for message in training])
        dictionary = os.path.join(folder, "dictionary")
        run("zstd", "-q", "--train", "-r", os.path.join(folder, "train"), "-o", dictionary)
        paths = write_files(os.path.join(folder, "held-out"), messages)
        run("zstd", "-q", "-19", "--no-check", "--no-content-size", "-D", dictionary, "-r", os.path.dirname(paths[0]))
        # Both ends know the magic number and the dictionary's, four bytes each.
        return [os.path.getsize(path + ".zst") - 8 for path in paths]


def bits(sizes, messages, wanted=None):
    chosen = [(size, message) for size, message in zip(sizes, messages) if wanted is None or wanted(message)]
    return 8 * sum(size for size, _ in chosen) / sum(len(message) for _, message in chosen)


def measure(options, seed, language_of):
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "m.mote")
        run(options.mote, "train", options.corpus, "--recipe", "messages", "--split", "90/10", "--seed", str(seed),
            "-o", model, *options.train.split())
        training, _ = part(options, model, "train")
        messages, packets = part(options, model, "dev")
    as_bytes = [message.encode() for message in messages]
    results = {"mote": packets, "UTF-8": [len(message) for message in as_bytes]}
    for name, sizes in (("zlib", zlib_sizes), ("zstd", zstd_sizes)):
        results[name] = [min(size, len(message)) for size, message in zip(sizes(training, as_bytes), as_bytes)]
    for name, sizes in results.items():
        row = [bits(sizes, messages)]
        for language in sorted(set(language_of.values())):
            row.append(bits(sizes, messages, lambda message, wanted=language: language_of.get(message) == wanted))
        print(f"seed {seed}  {name:6}" + "".join(f"{value:8.3f}" for value in row), flush=True)


def main():
    options = arguments()
    language_of = languages(options.corpus)
    print("bits a character of the held-out messages: all, " + ", ".join(sorted(set(language_of.values()))))
    for seed in options.seeds:
        measure(options, seed, language_of)


if __name__ == "__main__":
    sys.exit(main())
