// What vec_xsimd.h needs of NEON's registers beside xsimd, whose `/` and sqrt are estimates there. The functions are
// those of registers_x86.h.
#ifndef MOTE_REGISTERS_NEON_H
#define MOTE_REGISTERS_NEON_H

#include "hardware_sqrt.h"
#include "isa.h"

namespace mote::cpu::MOTE_ISA {

template <uint32_t N> struct By {}; // a number of lanes

MOTE_INLINE Batch fused(Batch a, Batch b, Batch c) { return xsimd::fma(a, b, c); }
MOTE_INLINE float32x4_t shift_down(float32x4_t a, By<2>) { return vextq_f32(a, a, 2); }
MOTE_INLINE float32x4_t shift_down(float32x4_t a, By<1>) { return vextq_f32(a, a, 1); }
MOTE_INLINE float32x4_t without(float32x4_t a, uint32x4_t m) {
    return vreinterpretq_f32_u32(vbicq_u32(vreinterpretq_u32_f32(a), m));
}
MOTE_INLINE float first_lane(float32x4_t a) { return vgetq_lane_f32(a, 0); }
MOTE_INLINE float32x4_t in_register(float32x4_t r) { return r; }
template <uint32_t> MOTE_INLINE float32x4_t load_columns(const float *p, uint32_t left, float32x4_t x) {
    return left > 0 ? vld1q_f32(p) : x;
}
MOTE_INLINE float32x4_t low_pairs(float32x4_t a, float32x4_t b) { return vzipq_f32(a, b).val[0]; }
MOTE_INLINE float32x4_t high_pairs(float32x4_t a, float32x4_t b) { return vzipq_f32(a, b).val[1]; }
MOTE_INLINE float32x4_t low_halves(float32x4_t a, float32x4_t b) {
    return vcombine_f32(vget_low_f32(a), vget_low_f32(b));
}
MOTE_INLINE float32x4_t high_halves(float32x4_t a, float32x4_t b) {
    return vcombine_f32(vget_high_f32(a), vget_high_f32(b));
}

#if defined(__aarch64__)

MOTE_INLINE float32x4_t quotient(float32x4_t a, float32x4_t b) { return vdivq_f32(a, b); }
MOTE_INLINE float32x4_t rounded_sqrt(float32x4_t x) { return vsqrtq_f32(x); }
MOTE_INLINE Batch::batch_bool_type is_less(Batch a, Batch b) { return a < b; }
MOTE_INLINE Batch::batch_bool_type is_less_equal(Batch a, Batch b) { return a <= b; }

#else // 32-bit NEON has nothing but estimates; the scalar unit rounds correctly

MOTE_INLINE float32x4_t quotient(float32x4_t a, float32x4_t b) {
    return float32x4_t{a[0] / b[0], a[1] / b[1], a[2] / b[2], a[3] / b[3]};
}
MOTE_INLINE float32x4_t rounded_sqrt(float32x4_t x) {
    return float32x4_t{hardware_sqrt(x[0]), hardware_sqrt(x[1]), hardware_sqrt(x[2]), hardware_sqrt(x[3])};
}
// GCC 12 makes four scalar comparisons of what xsimd asks for.
MOTE_INLINE uint32x4_t is_less(float32x4_t a, float32x4_t b) {
    uint32x4_t mask;
    __asm__("vcgt.f32 %q0, %q1, %q2" : "=w"(mask) : "w"(b), "w"(a));
    return mask;
}
MOTE_INLINE uint32x4_t is_less_equal(float32x4_t a, float32x4_t b) {
    uint32x4_t mask;
    __asm__("vcge.f32 %q0, %q1, %q2" : "=w"(mask) : "w"(b), "w"(a));
    return mask;
}

#endif

MOTE_INLINE uint32x4_t not_less_equal(float32x4_t a, float32x4_t b) {
    return vmvnq_u32(static_cast<uint32x4_t>(Batch::batch_bool_type(is_less_equal(a, b))));
}

// xsimd 8.1 goes through a table of functions here, which are called.
using IntBatch = xsimd::batch<int32_t, Batch::arch_type>;
MOTE_INLINE IntBatch to_bits(Batch a) { return IntBatch(vreinterpretq_s32_f32(a)); }
MOTE_INLINE Batch from_bits(IntBatch a) { return Batch(vreinterpretq_f32_s32(a)); }

MOTE_INLINE float32x4_t lesser_magnitude(float32x4_t a, float32x4_t b) { return vminq_f32(vabsq_f32(a), vabsq_f32(b)); }
MOTE_INLINE float32x4_t lesser(float32x4_t a, float32x4_t b) {
    return vbslq_f32(static_cast<uint32x4_t>(Batch::batch_bool_type(is_less(a, b))), a, b);
}
MOTE_INLINE float32x4_t greater(float32x4_t a, float32x4_t b) {
    return vbslq_f32(static_cast<uint32x4_t>(Batch::batch_bool_type(is_less(b, a))), a, b);
}

} // namespace mote::cpu::MOTE_ISA

#endif
