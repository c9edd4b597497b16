"""An n-gram of characters and its endings of words, for complete.py."""
import collections
import heapq
import math

DISCOUNT = 0.7
START, END = "\x02", "\n"  # of a message
# As lib/run/ending.cpp has it.
NOT_IN_WORDS = (
    (0x80, 0xA9), (0xAB, 0xAC), (0xAE, 0xB4), (0xB6, 0xB6), (0xB8, 0xB9), (0xBB, 0xBF), (0xD7, 0xD7), (0xF7, 0xF7),
    (0x55D, 0x55E), (0x589, 0x589), (0x60C, 0x60C), (0x61B, 0x61B), (0x61F, 0x61F), (0x6D4, 0x6D4), (0x964, 0x965),
    (0x2000, 0x200B), (0x200E, 0x200F), (0x2012, 0x2018), (0x201A, 0x206F), (0x3000, 0x3003), (0x3008, 0x3020),
    (0xFEFF, 0xFEFF), (0xFF01, 0xFF0F), (0xFF1A, 0xFF20))


def is_in_words(character):
    code = ord(character)
    if code < 0x80:
        return character.isalnum() or character in "'-_"
    return not any(first <= code <= last for first, last in NOT_IN_WORDS)


def counts_of(messages, order):
    """How often each n-gram of at most `order` characters is there, in messages with their start and end."""
    counts = collections.Counter()
    for message in messages:
        text = START + message.replace(END, " ") + END
        for length in range(1, order + 1):
            counts.update(text[begin:begin + length] for begin in range(len(text) - length + 1))
    return counts


class Ngram:
    """The commonest n-grams of at most `order` characters, as many as are given."""

    def __init__(self, counts, order, entries, width=8):
        grams = (item for item in counts.items() if len(item[0]) <= order)
        kept = heapq.nsmallest(entries, grams, key=lambda item: (-item[1], len(item[0]), item[0]))
        self.order, self.width, self.count = order, width, len(kept)
        self.counts = dict(kept)
        self.followers = collections.defaultdict(list)
        for gram in self.counts:
            if gram != START:
                self.followers[gram[:-1]].append(gram[-1])
        self.total = sum(self.counts[character] for character in self.followers[""])
        inside = [character for character in self.followers[""] if is_in_words(character)]
        self.common = heapq.nsmallest(width, inside, key=lambda character: -self.counts[character])
        self.end = sum(self.counts[each] for each in self.followers[""] if not is_in_words(each)) / self.total
        self.found = {}

    def probabilities(self, context, characters):
        """Of the characters, and of all that ends a word, behind the context."""
        result = {character: self.counts[character] / self.total for character in characters}
        end = self.end
        for length in range(1, len(context) + 1):
            before = context[len(context) - length:]
            if before not in self.followers:
                continue
            seen = {each: (self.counts[before + each] - DISCOUNT) / self.counts[before]
                    for each in self.followers[before]}
            rest = 1 - sum(seen.values())
            end = rest * end + sum(share for each, share in seen.items() if not is_in_words(each))
            for character in result:
                result[character] = rest * result[character] + seen.get(character, 0)
        return result, end

    def steps(self, context):
        """Of what may follow within a word, the likeliest ones and their -ln p; and -ln p of all that ends it."""
        if context not in self.found:
            characters = set(self.common)  # others that followed none of the contexts are less likely than all of these
            for begin in range(len(context)):
                characters.update(filter(is_in_words, self.followers.get(context[begin:], ())))
            behind, end = self.probabilities(context, characters)
            likeliest = heapq.nsmallest(self.width, ((-each, character) for character, each in behind.items()))
            self.found[context] = [(-math.log(-each), character) for each, character in likeliest], -math.log(end)
        return self.found[context]

    def endings(self, prefix, count, length=32):
        """The search of mote_complete."""
        text = START + prefix
        found, begun = [], [(0.0, "")]
        for depth in range(length + 1):
            longer = []
            for nats, ending in begun:
                likeliest, end = self.steps((text + ending)[1 - self.order:])
                found.append((nats + end, ending))
                longer += [(nats + each, ending + character) for each, character in likeliest]
            found = heapq.nsmallest(count, found)
            worst = found[-1][0] if len(found) == count else math.inf
            begun = [each for each in heapq.nsmallest(self.width, longer) if each[0] <= worst] if depth < length else []
            if not begun:
                break
        return [ending for _, ending in found]
