"""An n-gram of characters and its endings of words, for complete.py."""
import collections
import heapq
import math

DISCOUNT = 0.7
END = "\n"
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


class Ngram:
    """Of `order` characters at most; a message begins and ends with a line end."""

    def __init__(self, messages, order, entries):
        counts = collections.Counter()
        for message in messages:
            text = END + message.replace(END, " ") + END
            for end in range(1, len(text) + 1):
                for length in range(1, min(order, end) + 1):
                    counts[text[end - length:end]] += 1
        kept = heapq.nsmallest(entries, counts.items(), key=lambda item: (-item[1], len(item[0]), item[0]))
        self.order = order
        self.count = len(kept)
        self.total = sum(count for gram, count in kept if len(gram) == 1)
        self.contexts = dict(kept)
        self.followers = collections.defaultdict(list)
        for gram, count in kept:
            self.followers[gram[:-1]].append((gram[-1], count))
        self.known, self.found = {}, {}

    def probabilities(self, context):
        """Of each character behind the context; what was never seen has none."""
        if context in self.known:
            return self.known[context]
        followers = self.followers.get(context, ())
        if not context:
            result = {character: count / self.total for character, count in followers}
        else:
            total = self.contexts.get(context, 0)
            seen = {character: (count - DISCOUNT) / total for character, count in followers} if total else {}
            rest = 1 - sum(seen.values())
            result = {character: rest * each for character, each in self.probabilities(context[1:]).items()}
            for character, each in seen.items():
                result[character] += each
        if len(self.known) > 20000:  # of some hundred characters each
            self.known.clear()
        self.known[context] = result
        return result

    def steps(self, context, width):
        """Of what may follow within a word, the likeliest ones and their -ln p; and -ln p of all that ends it."""
        if context not in self.found:
            behind = self.probabilities(context)
            end = sum(each for character, each in behind.items() if not is_in_words(character))
            inside = ((-each, character) for character, each in behind.items() if each > 0 and is_in_words(character))
            likeliest = [(-math.log(-each), character) for each, character in heapq.nsmallest(width, inside)]
            self.found[context] = likeliest, -math.log(end) if end > 0 else math.inf
        return self.found[context]

    def endings(self, prefix, count, width=8, length=32):
        """The search of mote_complete."""
        text = END + prefix
        found, begun = [], [(0.0, "")]
        for depth in range(length + 1):
            longer = []
            for nats, ending in begun:
                likeliest, end = self.steps((text + ending)[1 - self.order:], width)
                found.append((nats + end, ending))
                longer += [(nats + each, ending + character) for each, character in likeliest]
            found = heapq.nsmallest(count, found)
            worst = found[-1][0] if len(found) == count else math.inf
            begun = [each for each in heapq.nsmallest(width, longer) if each[0] <= worst] if depth < length else []
            if not begun:
                break
        return [ending for _, ending in found]
