#!/usr/bin/python3
"""complete.py CORPUS.jsonl [options]: how often the word that a held-out message has is among the first three endings.

mote trains on 90% of the messages with the recipe `messages` and is quantized, as bench/messages.py splits them; of the
other messages a word is drawn and its first 1, 2 and 3 characters are typed, behind the message's own beginning: a hit
is an ending that makes it this word. `mote complete` finds endings with its usual width and length.

Beside it, of the same messages and in the same bytes as each model's file: an n-gram of characters, of which each entry
takes --entry bytes, searched in the same way; and a list of words, the commonest first, each of which takes its bytes
and --word bytes more. The n-gram has interpolated absolute discounting; where not all of its entries fit, the commonest
are kept. Its tables are charged nothing else, no gaps of a hash table and no characters."""
import argparse
import collections
import json
import os
import random
import sys
import tempfile

from complete_ngram import Ngram, counts_of, is_in_words
from messages import languages, part, run

HERE = os.path.dirname(os.path.abspath(__file__))
HITS = 3


def arguments():
    parser = argparse.ArgumentParser(prog="complete.py", description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("corpus", metavar="CORPUS.jsonl")
    parser.add_argument("--mote", default=os.path.join(HERE, "../build/release/mote"), help="the program")
    parser.add_argument("--seed", type=int, default=1, help="of the split, the training and the words that are drawn")
    parser.add_argument("--train", default="", metavar="OPTIONS", help="further options of mote train, as one word")
    parser.add_argument("--model", metavar="M.mote", help="a model trained so before, in place of training")
    parser.add_argument("--cases", type=int, default=1000, help="words for each number of typed characters")
    parser.add_argument("--order", type=int, nargs="+", default=[5, 7], help="characters of an n-gram")
    parser.add_argument("--entry", type=int, default=4, help="bytes of an entry of the n-gram")
    parser.add_argument("--word", type=int, default=2, help="bytes of a word of the list beside its characters")
    return parser.parse_args()


def words_of(message):
    """Where each word begins and ends."""
    begin = None
    for at, character in enumerate(message + " "):
        if is_in_words(character):
            begin = at if begin is None else begin
        elif begin is not None:
            yield begin, at
            begin = None


def draw_cases(messages, typed, count, seed):
    """What has been typed, and how the word goes on."""
    cases = [(message[:begin + typed], message[begin + typed:end])
             for message in messages for begin, end in words_of(message) if end - begin > typed]
    random.Random(seed).shuffle(cases)
    return cases[:count]


def mote_endings(options, model):
    def endings(prefix):
        line = run(options.mote, "complete", "--json", "--count", str(HITS), model, "--", prefix).splitlines()[-1]
        return [each["text"] for each in json.loads(line)["endings"]]
    return endings


def word_list(training, size, bytes_more):
    """Endings by how often a word is in the messages, of the commonest words that fit."""
    counts = collections.Counter(message[begin:end] for message in training for begin, end in words_of(message))
    kept = []
    for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        size -= len(word.encode()) + bytes_more
        if size < 0:
            break
        kept.append(word)

    def endings(prefix):
        begin = max((end_at for end_at in range(len(prefix)) if not is_in_words(prefix[end_at])), default=-1) + 1
        typed = prefix[begin:]
        found = []
        for word in kept:
            if word.startswith(typed):
                found.append(word[len(typed):])
                if len(found) == HITS:
                    break
        return found
    return endings


def report(name, size, all_cases, endings):
    rates = [100 * sum(rest in endings(prefix) for prefix, rest in cases) / len(cases) for cases in all_cases]
    print(f"{name:22}{size:10,}" + "".join(f"{rate:8.1f}" for rate in rates), flush=True)


def models(options, folder):
    """The model in each precision."""
    model = options.model or os.path.join(folder, "m.mote")
    if not options.model:
        run(options.mote, "train", options.corpus, "--recipe", "messages", "--split", "90/10", "--seed",
            str(options.seed), "-o", model, *options.train.split())
    yield "float32", model
    for bits in (8, 4):
        quantized = os.path.join(folder, f"m{bits}.mote")
        run(options.mote, "quantize", model, "-o", quantized, "--bits", str(bits), "--corpus", options.corpus)
        yield f"{bits} bits", quantized


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        trained = list(models(options, folder))
        held_out, _ = part(options, trained[0][1], "dev")
        training = sorted(set(languages(options.corpus)) - set(held_out))
        all_cases = [draw_cases(held_out, typed, options.cases, options.seed) for typed in (1, 2, 3)]
        counts = counts_of(training, max(options.order))
        print(f"{len(training)} messages to learn, {len(held_out)} held out, {options.cases} words each")
        print("the word among the first 3 endings, %      bytes 1 typed 2 typed 3 typed")
        for name, model in trained:
            size = os.path.getsize(model)
            report(f"mote, {name}", size, all_cases, mote_endings(options, model))
            for order in options.order:
                ngram = Ngram(counts, order, size // options.entry)
                bytes_of_ngram = ngram.count * options.entry
                report(f"  {order}-gram", bytes_of_ngram, all_cases, lambda prefix, by=ngram: by.endings(prefix, HITS))
            report("  list of words", size, all_cases, word_list(training, size, options.word))


if __name__ == "__main__":
    sys.exit(main())
