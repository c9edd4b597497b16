// NEON multiplies eight bytes into 16 bits each, which hold the sum of two products of -127 … 127: one of four inputs
// and one of the next four. Pairs of those are added to 32 bits, so that an output has two sums, of its first and its
// last two of each four weights.
#ifndef MOTE_QUANT_DOTS_SMLAL_H
#define MOTE_QUANT_DOTS_SMLAL_H

#include "registers_quant.h"

#define MOTE_QUANT_DOTS

namespace mote::cpu::MOTE_ISA {

#if defined(__aarch64__)
constexpr uint32_t kQuantPanels = 2; // 16 sums of 32 registers
#else
constexpr uint32_t kQuantPanels = 1; // 8 of 16
#endif
constexpr uint32_t kQuads = 2, kQuantChains = 0;

struct Inputs {
    int8x8_t first, second; // four of each, twice
};
struct Weights {
    int8x16_t first, second;
};
struct Sums {
    int32x4_t low, high; // of the first and the last two outputs
};
struct InputSums {};

MOTE_INLINE int8x8_t twice(const int8_t *x) {
    uint32_t word;
    memcpy(&word, x, sizeof word);
    return vreinterpret_s8_u32(vdup_n_u32(word));
}
MOTE_INLINE Inputs inputs_at(const int8_t *x) { return {twice(x), twice(x + 4)}; }
template <bool Whole> MOTE_INLINE Weights weights_at(const int8_t *w) {
    return {vld1q_s8(w), Whole ? vld1q_s8(w + kQuadBytes) : vdupq_n_s8(0)};
}
MOTE_INLINE Weights weights_of(Words first, Words second) {
    return {vreinterpretq_s8_s32(first), vreinterpretq_s8_s32(second)};
}
MOTE_INLINE Sums no_sums() { return {vdupq_n_s32(0), vdupq_n_s32(0)}; }
MOTE_INLINE InputSums no_inputs() { return {}; }
MOTE_INLINE InputSums added(InputSums sums, const Inputs &) { return sums; }
MOTE_INLINE Sums dot(const Sums &sums, const Inputs &x, const Weights &w) {
    const int16x8_t low = vmlal_s8(vmull_s8(vget_low_s8(w.first), x.first), vget_low_s8(w.second), x.second),
                    high = vmlal_s8(vmull_s8(vget_high_s8(w.first), x.first), vget_high_s8(w.second), x.second);
    return {vpadalq_s16(sums.low, low), vpadalq_s16(sums.high, high)};
}
MOTE_INLINE Words total(const Sums &sums, InputSums) {
    return vcombine_s32(vpadd_s32(vget_low_s32(sums.low), vget_high_s32(sums.low)),
                        vpadd_s32(vget_low_s32(sums.high), vget_high_s32(sums.high)));
}

} // namespace mote::cpu::MOTE_ISA

#endif
