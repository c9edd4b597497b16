#include "packet_text.h"

#include <stdint.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

size_t packet_text_encode(const unsigned char *bytes, size_t count, char *text) {
    uint32_t bits = 0, held = 0;
    size_t characters = 0;
    for (size_t i = 0; i < count; i++) {
        bits = bits << 8 | bytes[i];
        for (held += 8; held >= 6; held -= 6) text[characters++] = digits[bits >> (held - 6) & 63];
    }
    if (held > 0) text[characters++] = digits[bits << (6 - held) & 63];
    return characters;
}

long packet_text_decode(const char *text, size_t count, unsigned char *bytes) {
    uint32_t bits = 0, held = 0;
    long size = 0;
    if (count % 4 == 1) return -1;
    for (size_t i = 0; i < count; i++) {
        const char *digit = text[i] != '\0' ? strchr(digits, text[i]) : NULL;
        if (digit == NULL) return -1;
        bits = bits << 6 | (uint32_t)(digit - digits);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes[size++] = (unsigned char)(bits >> held);
    }
    return (bits & ((1u << held) - 1)) == 0 ? size : -1;
}
