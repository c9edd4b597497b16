#include "console.h"

#include <string.h>

void console_text(const char *text) { console_write(text, strlen(text)); }

/* The digits of `number`, at least `digits` of them. */
static void write_digits(uint64_t number, unsigned base, int digits) {
    char text[20];
    int at = (int)sizeof text;
    for (; number != 0 || digits > 0; digits--) {
        text[--at] = "0123456789abcdef"[number % base];
        number /= base;
    }
    console_write(text + at, sizeof text - (size_t)at);
}

void console_number(uint64_t number) { write_digits(number, 10, 1); }

void console_hex(uint64_t number, int digits) {
    const uint64_t mask = digits < 16 ? ((uint64_t)1 << (4 * digits)) - 1 : UINT64_MAX;
    write_digits(number & mask, 16, digits);
}

static uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

void console_bits(float value) { console_hex(bits_of(value), 8); }

/* |value| * 10^6, rounded half up: the mantissa times 10^6 has 44 bits, and 20 remain for the exponent. */
static int millionths(uint32_t bits, uint64_t *result) {
    const int biased = (int)(bits >> 23 & 0xFF);
    const int shift = (biased != 0 ? biased : 1) - 127 - 23;
    const uint64_t mantissa = (bits & 0x7FFFFF) | (biased != 0 ? 0x800000u : 0u);
    const uint64_t scaled = mantissa * 1000000;
    if (shift > 20) return 0;
    if (shift >= 0) {
        *result = scaled << shift;
    } else if (shift > -46) {
        *result = (scaled + ((uint64_t)1 << (-shift - 1))) >> -shift;
    } else {
        *result = 0;
    }
    return 1;
}

void console_decimal(float value) {
    const uint32_t bits = bits_of(value);
    uint64_t scaled = 0;
    if ((bits & 0x7F800000) == 0x7F800000 && (bits & 0x7FFFFF) != 0) {
        console_text("nan");
        return;
    }
    if (bits >> 31) console_text("-");
    if (!millionths(bits, &scaled)) {
        console_text((bits & 0x7FFFFFFF) == 0x7F800000 ? "inf" : "large");
        return;
    }
    write_digits(scaled / 1000000, 10, 1);
    console_text(".");
    write_digits(scaled % 1000000, 10, 6);
}
