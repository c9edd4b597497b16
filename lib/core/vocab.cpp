#include "vocab.h"

#include <string.h>

namespace mote {
namespace {

bool scalar_value(uint32_t c) { return c <= 0x10ffff && !(0xd800 <= c && c <= 0xdfff); }

} // namespace

uint32_t next_character(const unsigned char *text, size_t bytes, size_t *at) {
    const uint32_t lead = text[*at];
    if (lead < 0x80) {
        ++*at;
        return lead;
    }
    const size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || bytes - *at < length) return kNotCharacter;
    uint32_t c = lead & (0x7fu >> length);
    for (size_t i = 1; i < length; ++i) {
        const uint32_t next = text[*at + i];
        if ((next & 0xc0) != 0x80) return kNotCharacter;
        c = c << 6 | (next & 0x3f);
    }
    const uint32_t least = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80; // below: an overlong form
    if (c < least || !scalar_value(c)) return kNotCharacter;
    *at += length;
    return c;
}

namespace {

// The first index from `first` on whose code point is not below c. Each step halves the rest without a branch, which
// nobody could foresee.
size_t lower_bound(const uint32_t *code_points, size_t first, size_t count, uint32_t c) {
    const uint32_t *low = code_points + first;
    size_t left = count - first;
    while (left > 0) {
        const size_t half = (left + 1) / 2;
        low += half & (size_t{0} - static_cast<size_t>(low[half - 1] < c));
        left -= half;
    }
    return static_cast<size_t>(low - code_points);
}

// The tokens of characters met lately, beyond ASCII: a place for each remainder of a code point, so that the letters of
// an alphabet have one each.
struct Lately {
    static constexpr uint32_t kPlaces = 64;
    uint32_t code_points[kPlaces];
    uint16_t tokens[kPlaces];

    Lately() { memset(code_points, 0xff, sizeof code_points); }
    bool has(uint32_t c) const { return code_points[c % kPlaces] == c; }
    uint16_t token(uint32_t c) const { return tokens[c % kPlaces]; }
    void add(uint32_t c, uint32_t token) {
        code_points[c % kPlaces] = c;
        tokens[c % kPlaces] = static_cast<uint16_t>(token);
    }
};

} // namespace

bool find_token(const mote_vocab &vocab, uint32_t c, uint32_t *token) {
    if (vocab.boundary != 0 && c == kBoundary) {
        *token = 0;
        return true;
    }
    const size_t i = lower_bound(vocab.code_points, vocab.boundary, vocab.count, c);
    *token = static_cast<uint32_t>(i);
    return i < vocab.count && vocab.code_points[i] == c;
}

namespace {

bool usable(const mote_vocab *vocab) {
    return vocab != nullptr && vocab->code_points != nullptr && vocab->count != 0 && vocab->count <= MOTE_MAX_VOCAB &&
           vocab->boundary <= 1;
}

} // namespace

bool valid(const mote_vocab &vocab) {
    if (!usable(&vocab)) return false;
    if (vocab.boundary != 0 && vocab.code_points[0] != kBoundary) return false;
    for (uint32_t i = vocab.boundary; i < vocab.count; ++i) {
        const uint32_t c = vocab.code_points[i];
        if (!scalar_value(c) || (vocab.boundary != 0 && c == kBoundary)) return false;
        if (i > vocab.boundary && c <= vocab.code_points[i - 1]) return false;
    }
    return true;
}

} // namespace mote

using namespace mote;

extern "C" {

mote_status mote_vocab_build(const char *utf8, size_t bytes, uint32_t boundary, uint32_t *code_points, size_t capacity,
                             size_t *count) {
    if (count == nullptr || (utf8 == nullptr && bytes != 0) || (code_points == nullptr && capacity != 0) ||
        boundary > 1)
        return MOTE_ERR_ARG;
    const unsigned char *text = reinterpret_cast<const unsigned char *>(utf8);
    *count = 0;
    size_t found = 0;
    if (boundary != 0) {
        if (capacity == 0) return MOTE_ERR_CAPACITY;
        code_points[found++] = kBoundary;
    }
    uint32_t seen[4] = {}; // of ASCII, most of most texts: what is known needs no search,
    Lately lately;         // nor does what was met lately
    for (size_t at = 0; at < bytes;) {
        const size_t start = at;
        if (text[at] < 0x80) {
            uint32_t &word = seen[text[at] / 32];
            const uint32_t bit = uint32_t{1} << text[at] % 32;
            if ((word & bit) != 0) {
                ++at;
                continue;
            }
            word |= bit;
        }
        const uint32_t c = next_character(text, bytes, &at);
        if (c == kNotCharacter) {
            *count = start;
            return MOTE_ERR_TEXT;
        }
        if (lately.has(c) || (boundary != 0 && c == kBoundary)) continue;
        lately.add(c, 0);
        const size_t i = lower_bound(code_points, boundary, found, c);
        if (i < found && code_points[i] == c) continue;
        if (found == capacity || found == MOTE_MAX_VOCAB) return MOTE_ERR_CAPACITY;
        memmove(code_points + i + 1, code_points + i, (found - i) * sizeof *code_points);
        code_points[i] = c;
        ++found;
    }
    *count = found;
    return MOTE_OK;
}

mote_status mote_encode(const mote_vocab *vocab, const char *utf8, size_t bytes, uint16_t *tokens, size_t capacity,
                        size_t *count) {
    if (!usable(vocab) || count == nullptr || (utf8 == nullptr && bytes != 0) || (tokens == nullptr && capacity != 0))
        return MOTE_ERR_ARG;
    const unsigned char *text = reinterpret_cast<const unsigned char *>(utf8);
    uint16_t ascii[0x80]; // tokens once found
    memset(ascii, 0xff, sizeof ascii);
    Lately lately;
    size_t n = 0;
    for (size_t at = 0; at < bytes; ++n) {
        const size_t start = at;
        if (text[at] < 0x80 && ascii[text[at]] != MOTE_IGNORE) {
            if (n < capacity) tokens[n] = ascii[text[at]];
            ++at;
            continue;
        }
        const uint32_t c = next_character(text, bytes, &at);
        if (c == kNotCharacter) {
            *count = start;
            return MOTE_ERR_TEXT;
        }
        uint32_t token = 0;
        if (lately.has(c)) {
            token = lately.token(c);
        } else if (!find_token(*vocab, c, &token)) {
            *count = start;
            return MOTE_ERR_TOKEN;
        }
        if (c < 0x80)
            ascii[c] = static_cast<uint16_t>(token);
        else
            lately.add(c, token);
        if (n < capacity) tokens[n] = static_cast<uint16_t>(token);
    }
    *count = n;
    return n > capacity ? MOTE_ERR_CAPACITY : MOTE_OK;
}

size_t mote_decode(const mote_vocab *vocab, uint16_t token, char utf8[4]) {
    if (!usable(vocab) || utf8 == nullptr || token >= vocab->count) return 0;
    const uint32_t c = vocab->code_points[token];
    if (!scalar_value(c)) return 0;
    if (c < 0x80) {
        utf8[0] = static_cast<char>(c);
        return 1;
    }
    const size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    const uint32_t lead = 0xf0u << (4 - length);
    for (size_t i = length; i-- > 1;) utf8[i] = static_cast<char>(0x80 | ((c >> (6 * (length - 1 - i))) & 0x3f));
    utf8[0] = static_cast<char>((lead & 0xff) | (c >> (6 * (length - 1))));
    return length;
}
}
