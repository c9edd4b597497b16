// Walks over panels, rows and flat arrays.
#ifndef MOTE_PANELS_INL_H
#define MOTE_PANELS_INL_H

#include "vec.h"

namespace mote::cpu::MOTE_ISA {

// The vectors of a panel.
constexpr uint32_t kPanelVecs = kLanes / kVecLanes;

MOTE_INLINE uint32_t panel_count(uint32_t n) { return (n + kLanes - 1) / kLanes; }
constexpr float kZeros[kLanes] = {};
static constexpr uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }

MOTE_INLINE Mat panel_of(Mat m, uint32_t p) { return {m.data + p * m.panel, m.panel}; }
MOTE_INLINE ConstMat panel_of(ConstMat m, uint32_t p) { return {m.data + p * m.panel, m.panel}; }

// Numbers below `quantum` in magnitude to +0. A denormal and the zero that a flush-to-zero unit makes of it end alike.
MOTE_INLINE Vec flushed(Vec x, float quantum) { return zero_where(less(magnitude(x), set1(quantum)), x); }

// w - learning_rate g, flushed.
MOTE_INLINE Vec sgd_vec(Vec w, Vec g, float learning_rate) {
    return flushed(fma(set1(-learning_rate), g, w), kQuantum);
}

// Gradients into -limit … limit; none is beyond kLargest.
template <uint32_t N> MOTE_INLINE void clip_together(Vec (&gradient)[N], float limit) {
    if (mote_bits(limit) >= mote_bits(kLargest)) return; // in a register of its own, where a number's would be busy
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) gradient[i] = within(gradient[i], limit);
}

MOTE_INLINE Mask beyond_finite(Vec x) { return beyond(magnitude(x), set1(kMaxFloat)); }

// f(Count<n>()), so that n is a constant in it, for n in 1 … Most.
template <uint32_t N> struct Count { static constexpr uint32_t value = N; };
template <uint32_t Most, typename F> MOTE_INLINE uint32_t with_constant(uint32_t n, F f) {
    if constexpr (Most > 1)
        if (n != Most) return with_constant<Most - 1>(n, f);
    return f(Count<Most>());
}

// n rows or panels split evenly into tiles of at most `most` (32 = 6 + 6 + 5 + 5 + 5 + 5, not 5 * 6 + 2).
struct EvenSplit {
    uint32_t tiles, base, extra;
    EvenSplit(uint32_t n, uint32_t most) : tiles((n + most - 1) / most), base(n), extra(0) {
        if (tiles <= 1) return; // a division takes longer than the smallest products
        base = n / tiles;
        extra = n % tiles;
    }
    uint32_t size(uint32_t i) const { return base + (i < extra ? 1 : 0); }
    uint32_t first(uint32_t i) const { return i * base + smaller(i, extra); }
    // Which tile comes after so many others.
    uint32_t next(uint32_t done, bool backwards) const { return backwards ? tiles - 1 - done : done; }
};

// c = f(c, d) over m rows of every panel.
template <typename F> MOTE_INLINE void map_rows(Mat c, ConstMat d, uint32_t m, uint32_t n, F f) {
    for (uint32_t p = 0; p < panel_count(n); ++p) {
        float *x = c.data + p * c.panel;
        const float *y = d.data + p * d.panel;
        for (size_t i = 0; i < size_t{m} * kLanes; i += kVecLanes) store(x + i, f(load(x + i), load(y + i)));
    }
}

// x[i] = f(i) over a flat array of a multiple of 16 floats.
template <typename F> MOTE_INLINE void map_flat(float *x, size_t count, F f) {
    for (size_t i = 0; i < count; i += kVecLanes) store(x + i, f(i));
}

} // namespace mote::cpu::MOTE_ISA

#endif
