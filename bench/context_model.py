"""A context model in little flash: the strong simple competitor of a network of the same size.

Counts of what follows the last 0 … 6 characters, interpolated by absolute discounting, in a trie that keeps the n-grams
that save most bits for their room. An n-gram takes two bytes: 8 bits of its character, 4 of its probability, 2 of the
trie's shape as a bit sequence (LOUDS), and what is left for 4 bits, of each context, of the probability of all that it
does not list. Both are rounded to 16 values, fitted to the model; nothing is charged for a table of these or for the
code. A character that is not among the commonest is spelled by its bytes, as mote does."""
import heapq
import math
from collections import Counter, defaultdict

END = "\n"
BYTES_OF_AN_NGRAM = 2
VALUES = 16


def byte_character(byte):
    return chr(0x10FE00 + byte)


class Alphabet:
    """The commonest characters, at most 256 of them with the bytes that spell all others."""

    def __init__(self, texts, size=256):
        counts = Counter("".join(texts))
        counts.pop(END, None)
        kept = [character for character, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
        used = set()
        while len(kept) + len(used) + 1 > size:
            used.update(kept.pop().encode())
        self.characters = set(kept) | {END}
        self.size = size

    def spell(self, text):
        known = self.characters
        return "".join(c if c in known else "".join(map(byte_character, c.encode())) for c in text)


def fitted_values(weighted):
    """16 values of logarithms, each the mean of those that are rounded to it (Lloyd 1982)."""
    weighted = sorted(weighted)
    values = [weighted[(2 * i + 1) * len(weighted) // (2 * VALUES)][0] for i in range(VALUES)]
    for _ in range(12):
        sums, weights, at = [0.0] * VALUES, [0.0] * VALUES, 0
        for number, weight in weighted:
            while at + 1 < VALUES and abs(values[at + 1] - number) <= abs(values[at] - number):
                at += 1
            sums[at] += number * weight
            weights[at] += weight
        values = [total / weight if weight else value for total, weight, value in zip(sums, weights, values)]
    return values


def rounded(number, values):
    return min(values, key=lambda value: abs(value - number))


class Counts:
    """Of all n-grams of texts, and their interpolated probabilities."""

    def __init__(self, texts, order, discounts):
        self.discounts = discounts  # of n-grams met once, twice, and more often
        self.of = [Counter() for _ in range(order + 1)]
        for text in texts:
            for length, counter in enumerate(self.of, 1):
                first = 1 if length == 1 else 0  # the END before a text is not to be foreseen
                counter.update(text[i:i + length] for i in range(first, len(text) - length + 1))
        total = sum(self.of[0].values()) + 256
        self.unknown = 1 / total
        self.probability = {gram: (count + 1) / total for gram, count in self.of[0].items()}
        for counter in self.of[1:]:
            sums, left = Counter(), Counter()
            for gram, count in counter.items():
                sums[gram[:-1]] += count
                left[gram[:-1]] += self.discount(count)
            for gram, count in counter.items():
                context = gram[:-1]
                rest = left[context] / sums[context] * self.probability[gram[1:]]
                self.probability[gram] = (count - self.discount(count)) / sums[context] + rest

    def discount(self, count):
        return self.discounts[min(count, 3) - 1]

    def gains(self):
        """The bits that an n-gram saves."""
        for counter in reversed(self.of[1:]):
            for gram, count in counter.items():
                more = self.probability[gram] / self.probability[gram[1:]]
                yield gram, (count - self.discount(count)) * math.log2(more)


def best_grams(gains):
    """All n-grams, those first that save most bits each; none before the one that it continues in the trie. An n-gram
    forms a group with those that continue it and save more, so that what it needs is paid for together."""
    children = defaultdict(list)  # of a group: (-ratio, n-grams, gain)
    for gram, gain in gains:  # the longest first
        grams, waiting = [gram], children.pop(gram, [])
        heapq.heapify(waiting)
        while waiting and -waiting[0][0] > gain / len(grams):
            _, _, more, more_gain, rest = heapq.heappop(waiting)
            grams += more
            gain += more_gain
            for group in rest:
                heapq.heappush(waiting, group)
        children[gram[:-1]].append((-gain / len(grams), gram, grams, gain, waiting))
    open_groups = [group for groups in children.values() for group in groups]
    heapq.heapify(open_groups)
    while open_groups:
        _, _, grams, gain, waiting = heapq.heappop(open_groups)
        if gain <= 0:
            return
        yield from grams
        for group in waiting:
            heapq.heappush(open_groups, group)


class ContextModel:
    def __init__(self, counts, ranked, flash):
        self.counts = counts
        kept = ranked[:flash // BYTES_OF_AN_NGRAM - len(counts.of[0])]
        self.flash = BYTES_OF_AN_NGRAM * (len(kept) + len(counts.of[0]))
        values = fitted_values([(math.log2(counts.probability[g]), counts.of[len(g) - 1][g]) for g in kept])
        self.listed = defaultdict(dict)
        for gram in kept:
            self.listed[gram[:-1]][gram[-1]] = 2 ** rounded(math.log2(counts.probability[gram]), values)
        left = {}
        for context, listed in self.listed.items():
            left[context] = math.log2(max(1 - sum(counts.probability[context + c] for c in listed), 1e-4))
        rests = fitted_values([(number, 1) for number in left.values()])
        self.rest = {context: 2 ** rounded(number, rests) for context, number in left.items()}
        self.scale = {context: (1 - self.rest[context]) / sum(listed.values())
                      for context, listed in self.listed.items()}
        self.others = {}
        self.order = len(counts.of) - 1

    def probability(self, context, character):
        while context and context not in self.listed:
            context = context[1:]
        if not context:
            return self.counts.probability.get(character, self.counts.unknown)
        listed = self.listed[context]
        if character in listed:
            return listed[character] * self.scale[context]
        if context not in self.others:
            self.others[context] = 1 - sum(self.probability(context[1:], c) for c in listed)
        return self.rest[context] * self.probability(context[1:], character) / max(self.others[context], 1e-6)

    def bits(self, text, before=END):
        text, bits = before + text, 0.0
        for i in range(len(before), len(text)):
            bits -= math.log2(max(self.probability(text[max(0, i - self.order):i], text[i]), 2.0 ** -16))
        return bits


def context_models(training, sizes, order=6, discounts=(0.6, 0.9, 1.2)):
    """Models of messages, or lines, each behind an END, for each size of flash in bytes."""
    alphabet = Alphabet(training)
    texts = [END + alphabet.spell(text) + END for text in training]
    counts = Counts(texts, order, discounts)
    ranked = list(best_grams(counts.gains()))
    return alphabet, [ContextModel(counts, ranked, size) for size in sizes]


def packet_sizes(alphabet, model, messages):
    """Whole bytes of each message with its end."""
    return [math.ceil(model.bits(alphabet.spell(message) + END) / 8) for message in messages]


def stream_size(alphabet, model, text):
    return math.ceil(model.bits(alphabet.spell(text)) / 8)
