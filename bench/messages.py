#!/usr/bin/python3
"""messages.py CORPUS.jsonl [options]: how short packets of held-out messages are, beside zlib, zstd and brotli with a
dictionary and context models of the same flash.

For each seed mote trains on 90% of the messages with the recipe `messages`, and codes the others, each apart; each
packet is also made a message again. zlib has the last 32 KB of the same 90% as its dictionary, zstd and brotli one of
110 KB that `zstd --train` makes of them, the context models (bench/context_model.py) their n-grams. Sizes are those of
whole packets: of zlib the raw stream, of zstd the frame without checksum, size, magic number and number of the
dictionary, of brotli what follows the dictionary, of a context model the bits of its probabilities. A message that one
of these makes longer counts as it is, for which no mark is charged."""
import argparse
import json
import os
import sys
import tempfile

import compressors
from context_model import context_models, packet_sizes
from compressors import run

HERE = os.path.dirname(os.path.abspath(__file__))


def arguments():
    parser = argparse.ArgumentParser(prog="messages.py", description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("corpus", metavar="CORPUS.jsonl")
    parser.add_argument("--mote", default=os.path.join(HERE, "../build/release/mote"), help="the program")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--train", default="", metavar="OPTIONS", help="further options of mote train, as one word")
    parser.add_argument("--models", nargs="+", default=[], metavar="M.mote",
                        help="models that have learned from the corpus with --split 90/10, instead of training; the "
                             "others are measured on the held-out messages of the first, which all need to share")
    parser.add_argument("--flash", type=int, nargs="+", default=[64, 256], metavar="KB", help="of the context models")
    parser.add_argument("--chart", metavar="FILE.svg", help="a picture of the results of the last seed")
    return parser.parse_args()


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


def name_of(model):
    return f"mote, {os.path.getsize(model) / 1024:.0f} KB"


def other_sizes(options, training, messages):
    """Of each way the sizes of its packets."""
    as_bytes = [message.encode() for message in messages]
    dictionary = compressors.trained_dictionary([message.encode() for message in training])
    last = "\n".join(training).encode()
    alphabet, models = context_models(training, [size * 1024 for size in options.flash])
    results = {f"context model, {size} KB": packet_sizes(alphabet, model, messages)
               for model, size in zip(models, options.flash)}
    results["zlib, dictionary"] = [compressors.zlib_size(last, message) for message in as_bytes]
    results["zstd -19, dictionary"] = compressors.zstd_sizes(dictionary, as_bytes)
    if compressors.brotli is not None:
        results["brotli, dictionary"] = compressors.brotli_sizes(dictionary, as_bytes, 9)
    results["UTF-8"] = [len(message) for message in as_bytes]
    return {name: [min(size, len(message)) for size, message in zip(sizes, as_bytes)]
            for name, sizes in results.items()}


def bits(sizes, messages, wanted=None):
    chosen = [(size, message) for size, message in zip(sizes, messages) if wanted is None or wanted(message)]
    return 8 * sum(size for size, _ in chosen) / sum(len(message) for _, message in chosen)


def measure(options, models, title, language_of):
    """Bits a character of each way."""
    training, _ = part(options, models[0], "train")
    messages, _ = part(options, models[0], "dev")
    results = {}
    for model in models:
        others, results[name_of(model)] = part(options, model, "dev")
        if others != messages:
            raise SystemExit(f"messages: {model} holds other messages out than {models[0]}; "
                             "train it with that one's --seed")
    results.update(other_sizes(options, training, messages))
    for name, sizes in results.items():
        row = [bits(sizes, messages)]
        for language in sorted(set(language_of.values())):
            row.append(bits(sizes, messages, lambda message, wanted=language: language_of.get(message) == wanted))
        print(f"{title}  {name:24}" + "".join(f"{value:8.3f}" for value in row), flush=True)
    return {name: bits(sizes, messages) for name, sizes in results.items()}


def train_and_measure(options, seed, language_of):
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "m.mote")
        run(options.mote, "train", options.corpus, "--recipe", "messages", "--split", "90/10", "--seed", str(seed),
            "-o", model, *options.train.split())
        return measure(options, [model], f"seed {seed}", language_of)


def main():
    options = arguments()
    language_of = languages(options.corpus)
    if compressors.brotli is None:
        print("brotli is left out: there is no module of that name (Debian: python3-brotli)", file=sys.stderr)
    print("bits a character of the held-out messages: all, " + ", ".join(sorted(set(language_of.values()))))
    if options.models:
        results = measure(options, options.models, "models", language_of)
    else:
        for seed in options.seeds:
            results = train_and_measure(options, seed, language_of)
    if options.chart:
        from chart import draw_sizes
        draw_sizes({"packets of held-out messages": results}, options.chart)


if __name__ == "__main__":
    sys.exit(main())
