// A vector of an instruction set, through xsimd 8.1 or newer: the one place that knows its names. `Batch` is xsimd's
// type for it. What xsimd gets wrong for equal bits is done in registers_*.h: fma is not fused on AVX-512, division and
// square root are estimates on NEON.
#ifndef MOTE_VEC_XSIMD_H
#define MOTE_VEC_XSIMD_H

#include "fma1.h"
#include "isa.h"
#if defined(__SSE2__)
#include "registers_x86.h"
#else
#include "registers_neon.h"
#endif

namespace mote::cpu::MOTE_ISA {

struct Vec {
    Batch v;
};
using Mask = Batch::batch_bool_type;
using Register = Batch::register_type;
constexpr uint32_t kVecLanes = static_cast<uint32_t>(Batch::size);

MOTE_INLINE Vec load(const float *p) { return {Batch::load_unaligned(p)}; }
MOTE_INLINE void store(float *p, Vec a) { a.v.store_unaligned(p); }
MOTE_INLINE Vec set1(float x) { return {Batch(x)}; }
MOTE_INLINE Vec keep_in_register(Vec a) { return {Batch(in_register(a.v))}; }
MOTE_INLINE Vec operator+(Vec a, Vec b) { return {a.v + b.v}; }
MOTE_INLINE Vec operator-(Vec a, Vec b) { return {a.v - b.v}; }
MOTE_INLINE Vec operator*(Vec a, Vec b) { return {a.v * b.v}; }
MOTE_INLINE Vec operator/(Vec a, Vec b) { return {Batch(quotient(a.v, b.v))}; }
MOTE_INLINE Vec fma(Vec a, Vec b, Vec c) { return {Batch(fused(a.v, b.v, c.v))}; }
MOTE_INLINE Vec sqrt(Vec a) { return {Batch(rounded_sqrt(static_cast<Register>(a.v)))}; }

// Several roots, where there is a choice by the instruction or by what registers_x86.h has in its place.
template <uint32_t N, typename R> MOTE_INLINE void rounded_sqrts(R (&x)[N]) {
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) x[i] = rounded_sqrt(x[i]);
}
template <uint32_t N, typename R> MOTE_INLINE void sqrt_instructions(R (&x)[N]) { rounded_sqrts(x); }
template <bool ByInstruction, uint32_t N> MOTE_INLINE void take_roots(Vec (&x)[N]) {
    Register r[N];
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) r[i] = x[i].v;
    if constexpr (ByInstruction)
        sqrt_instructions(r);
    else
        rounded_sqrts(r);
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) x[i] = {Batch(r[i])};
}

MOTE_INLINE Mask less(Vec a, Vec b) { return is_less(a.v, b.v); }
MOTE_INLINE Mask less_equal(Vec a, Vec b) { return is_less_equal(a.v, b.v); }
MOTE_INLINE Mask equal(Vec a, Vec b) { return a.v == b.v; }
// a > b, or one of them NaN.
MOTE_INLINE Mask beyond(Vec a, Vec b) {
    return Mask(not_less_equal(static_cast<Register>(a.v), static_cast<Register>(b.v)));
}
MOTE_INLINE Vec select(Mask m, Vec a, Vec b) { return {xsimd::select(m, a.v, b.v)}; }
// a where it is less, or greater, than b, else b, so where one is NaN: on x86 one instruction, where a choice takes
// four.
MOTE_INLINE Vec lesser(Vec a, Vec b) { return {Batch(lesser(static_cast<Register>(a.v), static_cast<Register>(b.v)))}; }
MOTE_INLINE Vec greater(Vec a, Vec b) {
    return {Batch(greater(static_cast<Register>(a.v), static_cast<Register>(b.v)))};
}
// The lesser of two magnitudes, of which none is NaN: then instruction sets differ.
MOTE_INLINE Vec lesser_magnitude(Vec a, Vec b) {
    return {Batch(lesser_magnitude(static_cast<Register>(a.v), static_cast<Register>(b.v)))};
}
// +0 where m is set: with SSE2 and AVX2 one instruction less than a choice.
MOTE_INLINE Vec zero_where(Mask m, Vec a) {
    return {Batch(without(static_cast<Register>(a.v), static_cast<Mask::register_type>(m)))};
}
MOTE_INLINE Mask none() { return Batch(0.0f) < Batch(0.0f); }
MOTE_INLINE bool any(Mask a) { return xsimd::any(a); }

MOTE_INLINE Vec magnitude(Vec a) { return {from_bits(to_bits(a.v) & IntBatch(0x7fffffff))}; }
MOTE_INLINE Vec negate(Vec a) { return {from_bits(to_bits(a.v) ^ IntBatch(INT32_MIN))}; }
// The sign of `sign` on the magnitude `a`.
MOTE_INLINE Vec with_sign(Vec a, Vec sign) {
    return {from_bits(to_bits(a.v) | (to_bits(sign.v) & IntBatch(INT32_MIN)))};
}
// x = 2^n m, sqrt(1/2) <= m < sqrt(2), for a positive normal x. 1.5 * 2^23 + n has n in its low bits.
MOTE_INLINE Vec exponent(Vec x, Vec *m) {
    const IntBatch sqrt_half(0x3f3504f3), offset = to_bits(x.v) - sqrt_half;
    *m = {from_bits((offset & IntBatch(0x007fffff)) + sqrt_half)};
    return {from_bits((offset >> 23) + IntBatch(0x4b400000)) - Batch(0x1.8p23f)};
}
// 2^n for an integer n in -126 … 127, given as n + 1.5 * 2^23: its low bits are n.
MOTE_INLINE Vec pow2(Vec shifted) { return {from_bits((to_bits(shifted.v) << 23) + IntBatch(0x3f800000))}; }

// Bits that order as signed integers the way the numbers do, -0 below +0; its own inverse.
MOTE_INLINE Vec ordered(Vec a) { return {from_bits(to_bits(a.v) ^ ((to_bits(a.v) >> 31) & IntBatch(0x7fffffff)))}; }
// The larger of ordered bits, in a cycle where a comparison and a choice take six.
MOTE_INLINE Vec max_ordered(Vec a, Vec b) { return {from_bits(xsimd::max(to_bits(a.v), to_bits(b.v)))}; }

MOTE_INLINE float first_lane(Vec a) { return first_lane(static_cast<Register>(a.v)); }

// A number into -limit … limit, where it is not NaN. Without their sign, bits order as the numbers do.
MOTE_INLINE Vec within(Vec a, float limit) {
    const IntBatch magnitude = to_bits(a.v) & IntBatch(0x7fffffff);
    return with_sign({from_bits(xsimd::min(magnitude, to_bits(Batch(limit))))}, a);
}

// All lanes combined by a tree: each with the one half a vector above it, then a quarter, …
template <uint32_t Half = kVecLanes / 2, typename F> MOTE_INLINE float reduce(Vec a, F combine) {
    if constexpr (Half == 0) {
        return first_lane(a);
    } else {
        const Register lanes = a.v;
        return reduce<Half / 2>(combine(a, Vec{Batch(shift_down(lanes, By<Half>()))}), combine);
    }
}

// The first n lanes, where n may be more than there are.
MOTE_INLINE Mask first_lanes(uint32_t n) {
    static const float index[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return Batch::load_unaligned(index) < Batch(static_cast<float>(n));
}

// p[i] in the first n lanes, `rest` in the others, where nothing is read.
MOTE_INLINE Vec load_first(const float *p, uint32_t n, Vec rest) {
#if defined(__AVX__)
    const Mask used = first_lanes(n);
    return select(used, Vec{Batch(load_lanes(static_cast<Mask::register_type>(used), p))}, rest);
#else
    float lanes[kVecLanes];
    store(lanes, rest);
    for (uint32_t i = 0; i < kVecLanes && i < n; ++i) lanes[i] = p[i];
    return load(lanes);
#endif
}

// Columns of four of the rows that load_columns() reads, a lane for each row: four, and in 16 lanes of eight columns
// the four after them.
template <uint32_t Columns, typename R> MOTE_INLINE void transpose_four(const float *p, uint32_t rows, R t[4]) {
    R x[4];
    MOTE_UNROLL_4 for (uint32_t i = 0; i < 4; ++i) x[i] =
        load_columns<Columns>(p + i * kLanes, rows > i ? rows - i : 0, static_cast<R>(Batch(0.0f)));
    const R low01 = low_pairs(x[0], x[1]), high01 = high_pairs(x[0], x[1]), low23 = low_pairs(x[2], x[3]),
            high23 = high_pairs(x[2], x[3]);
    t[0] = low_halves(low01, low23);
    t[1] = high_halves(low01, low23);
    t[2] = low_halves(high01, high23);
    t[3] = high_halves(high01, high23);
}

// Four columns, or eight where there are low_quads() to join them, of up to kVecLanes rows, rows kLanes floats apart;
// column j, a lane for each row, goes to t[j].
template <uint32_t Columns, typename R = Register>
MOTE_INLINE void transpose_columns(const float *p, uint32_t rows, Vec t[Columns]) {
    R x[4];
    transpose_four<Columns>(p, rows, x);
    if constexpr (Columns == 4) {
        MOTE_UNROLL_4 for (uint32_t i = 0; i < 4; ++i) t[i] = {Batch(x[i])};
    } else {
        constexpr uint32_t half = kVecLanes / 2;
        R y[4];
        transpose_four<Columns>(p + half * kLanes, rows > half ? rows - half : 0, y);
        MOTE_UNROLL_4 for (uint32_t i = 0; i < 4; ++i) {
            t[i] = {Batch(low_quads(x[i], y[i]))};
            t[i + 4] = {Batch(high_quads(x[i], y[i]))};
        }
    }
}

} // namespace mote::cpu::MOTE_ISA

#endif
