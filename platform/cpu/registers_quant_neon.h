// What quantized rows need of NEON's registers. The functions are those of registers_quant_x86.h.
#ifndef MOTE_REGISTERS_QUANT_NEON_H
#define MOTE_REGISTERS_QUANT_NEON_H

#include "vec_xsimd.h"

namespace mote::cpu::MOTE_ISA {

using Words = int32x4_t;

MOTE_INLINE Words load_words(const int8_t *p) { return vreinterpretq_s32_s8(vld1q_s8(p)); }
MOTE_INLINE Words set_words(uint32_t x) { return vdupq_n_s32(static_cast<int32_t>(x)); }
MOTE_INLINE Words plus(Words a, Words b) { return vaddq_s32(a, b); }
MOTE_INLINE float32x4_t to_floats(Words a) { return vcvtq_f32_s32(a); }
MOTE_INLINE Words picked(Words a, uint32_t place) {
    return vshrq_n_s32(vshlq_s32(a, vdupq_n_s32(24 - 8 * static_cast<int32_t>(place))), 24);
}
MOTE_INLINE Words low_halves_of(Words a) {
    const int8x16_t low = vandq_s8(vreinterpretq_s8_s32(a), vdupq_n_s8(15));
    return vreinterpretq_s32_s8(vsubq_s8(low, vdupq_n_s8(8)));
}
MOTE_INLINE Words high_halves_of(Words a) {
    const uint8x16_t high = vshrq_n_u8(vreinterpretq_u8_s32(a), 4);
    return vreinterpretq_s32_s8(vsubq_s8(vreinterpretq_s8_u8(high), vdupq_n_s8(8)));
}
MOTE_INLINE Words times(Words a, Words b) { return vmulq_s32(a, b); }
MOTE_INLINE void group_scales(const int8_t *p, uint32_t v, Words *to) {
    const uint16x8_t bytes = vmovl_u8(vreinterpret_u8_s8(vld1_s8(p)));
    const uint32x4_t words = vmovl_u16(v % 2 == 0 ? vget_low_u16(bytes) : vget_high_u16(bytes));
    *to = vreinterpretq_s32_u32(v < 2 ? vandq_u32(words, vdupq_n_u32(15)) : vshrq_n_u32(words, 4));
}
MOTE_INLINE void store_low_bytes(int8_t *q, const Vec *x) {
    const auto half = [x](uint32_t v) MOTE_INLINE_LAMBDA { return vmovn_s32(vreinterpretq_s32_f32(x[v].v)); };
    const int16x8_t low = vcombine_s16(half(0), half(1)), high = vcombine_s16(half(2), half(3));
    vst1q_s8(q, vcombine_s8(vmovn_s16(low), vmovn_s16(high)));
}

} // namespace mote::cpu::MOTE_ISA

#endif
