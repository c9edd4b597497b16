#include "ending.h"

#include <string.h>

namespace mote {
namespace {

struct CodePoints {
    uint32_t first, last;
};

// White space and punctuation beyond ASCII; not joiners, hyphens and the apostrophe of U+2000 … U+206F.
constexpr CodePoints kNotInWords[] = {
    {0x80, 0xa9},     {0xab, 0xac},     {0xae, 0xb4},     {0xb6, 0xb6},     {0xb8, 0xb9},     {0xbb, 0xbf},
    {0xd7, 0xd7},     {0xf7, 0xf7},     {0x55d, 0x55e},   {0x589, 0x589},   {0x60c, 0x60c},   {0x61b, 0x61b},
    {0x61f, 0x61f},   {0x6d4, 0x6d4},   {0x964, 0x965},   {0x2000, 0x200b}, {0x200e, 0x200f}, {0x2012, 0x2018},
    {0x201a, 0x206f}, {0x3000, 0x3003}, {0x3008, 0x3020}, {0xfeff, 0xfeff}, {0xff01, 0xff0f}, {0xff1a, 0xff20}};

bool is_in_words(uint32_t c) {
    if (c < 0x80) {
        const uint32_t letter = c | 0x20u;
        return ('a' <= letter && letter <= 'z') || ('0' <= c && c <= '9') || c == '\'' || c == '-' || c == '_';
    }
    for (const CodePoints &range : kNotInWords)
        if (range.first <= c && c <= range.last) return false;
    return true;
}

// Whether the bytes are the first of some character's. What may follow a lead byte, and any later byte, is one range,
// so that the lowest or the highest of all bytes that may follow any makes one of them a whole character.
bool begins_character(const uint8_t *bytes, uint32_t count) {
    uint8_t low[4], high[4];
    memset(low, 0x80, sizeof low);
    memset(high, 0xbf, sizeof high);
    memcpy(low, bytes, count);
    memcpy(high, bytes, count);
    size_t low_end = 0, high_end = 0;
    return next_character(low, sizeof low, &low_end) != kNotCharacter ||
           next_character(high, sizeof high, &high_end) != kNotCharacter;
}

bool byte_may_follow(const mote_vocab &vocab, uint32_t until, uint8_t byte, BegunCharacter *begun) {
    uint8_t bytes[4];
    memcpy(bytes, begun->bytes, begun->count);
    bytes[begun->count] = byte;
    const uint32_t count = begun->count + 1u;
    size_t at = 0;
    const uint32_t c = next_character(bytes, count, &at);
    if (c == kNotCharacter) {
        if (count == sizeof bytes || !begins_character(bytes, count)) return false;
        begun->bytes[begun->count++] = byte;
        return true;
    }
    begun->count = 0;
    uint32_t token;
    return !ends(c, until) && !find_token(vocab, c, &token);
}

} // namespace

bool ends(uint32_t character, uint32_t until) {
    return character == kBoundary || (until == MOTE_UNTIL_WORD && !is_in_words(character));
}

bool has_token_that_ends(const mote_vocab &vocab, uint32_t until) {
    for (uint32_t token = 0; token < vocab.count; ++token)
        if (token_ends(vocab.code_points[token], until)) return true;
    return false;
}

bool may_follow(const mote_vocab &vocab, uint32_t until, uint32_t code_point, BegunCharacter *begun) {
    if (is_byte(code_point)) return byte_may_follow(vocab, until, byte_of(code_point), begun);
    return begun->count == 0 && !ends(code_point, until);
}

} // namespace mote
