// Arm's dot product of four bytes each.
#ifndef MOTE_QUANT_DOTS_SDOT_H
#define MOTE_QUANT_DOTS_SDOT_H

#include "quant_exact.h"

#define MOTE_QUANT_DOTS

namespace mote::cpu::MOTE_ISA {

#if defined(__aarch64__)
constexpr uint32_t kQuantPanels = 4; // 16 sums of 32 registers
#else
constexpr uint32_t kQuantPanels = 2; // 8 of 16
#endif
constexpr uint32_t kQuantChains = 0;

using Inputs = int8x16_t;
using Weights = int8x16_t;

MOTE_INLINE Inputs inputs_at(const int8_t *x) {
    uint32_t word;
    memcpy(&word, x, sizeof word);
    return vreinterpretq_s8_u32(vdupq_n_u32(word));
}
MOTE_INLINE Weights weights_of(Words w) { return vreinterpretq_s8_s32(w); }
template <bool> MOTE_INLINE Weights weights_at(const int8_t *w) { return weights_of(load_words(w)); }
MOTE_INLINE Words dot(Sums sums, Inputs x, Weights w) { return vdotq_s32(sums, w, x); }

} // namespace mote::cpu::MOTE_ISA

#endif
