// What the kernels use of xsimd, for the library in one file, which needs no header but the compiler's. It stands
// inside of the kernels of each instruction set, where `xsimd` is a name of their own. The arithmetic is the compiler's
// own on its vector types; what has no operator, or would become more than one instruction, is asked for by name.
#ifndef MOTE_VECTORS_H
#define MOTE_VECTORS_H

#include "with_constant.h"

namespace xsimd {

#define MOTE_VECTOR static inline __attribute__((always_inline))

#if defined(__AVX512F__)
struct avx512bw {
    typedef __m512 floats;
    typedef __m512i ints;
    typedef int32_t words __attribute__((vector_size(64)));
    MOTE_VECTOR ints load(const int32_t *p) { return _mm512_loadu_si512(p); }
    typedef __mmask16 mask;
    MOTE_VECTOR floats set(float x) { return _mm512_set1_ps(x); }
    MOTE_VECTOR floats load(const float *p) { return _mm512_loadu_ps(p); }
    MOTE_VECTOR void store(float *p, floats a) { _mm512_storeu_ps(p, a); }
    MOTE_VECTOR mask less(floats a, floats b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
    MOTE_VECTOR mask less_equal(floats a, floats b) { return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ); }
    MOTE_VECTOR mask equal(floats a, floats b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
    MOTE_VECTOR mask either(mask a, mask b) { return static_cast<mask>(a | b); }
    MOTE_VECTOR floats choose(mask m, floats a, floats b) { return _mm512_mask_blend_ps(m, b, a); }
    MOTE_VECTOR bool any(mask m) { return m != 0; }
    MOTE_VECTOR ints larger(ints a, ints b) { return _mm512_max_epi32(a, b); }
    MOTE_VECTOR ints smaller(ints a, ints b) { return _mm512_min_epi32(a, b); }
};
#endif
#if defined(__AVX2__)
struct avx2 {
    typedef __m256 floats;
    typedef __m256i ints;
    typedef int32_t words __attribute__((vector_size(32)));
    MOTE_VECTOR ints load(const int32_t *p) { return _mm256_loadu_si256((const __m256i *)p); }
    typedef __m256 mask;
    MOTE_VECTOR floats set(float x) { return _mm256_set1_ps(x); }
    MOTE_VECTOR floats load(const float *p) { return _mm256_loadu_ps(p); }
    MOTE_VECTOR void store(float *p, floats a) { _mm256_storeu_ps(p, a); }
    MOTE_VECTOR mask less(floats a, floats b) { return _mm256_cmp_ps(a, b, _CMP_LT_OQ); }
    MOTE_VECTOR mask less_equal(floats a, floats b) { return _mm256_cmp_ps(a, b, _CMP_LE_OQ); }
    MOTE_VECTOR mask equal(floats a, floats b) { return _mm256_cmp_ps(a, b, _CMP_EQ_OQ); }
    MOTE_VECTOR mask either(mask a, mask b) { return _mm256_or_ps(a, b); }
    MOTE_VECTOR floats choose(mask m, floats a, floats b) { return _mm256_blendv_ps(b, a, m); }
    MOTE_VECTOR bool any(mask m) { return _mm256_movemask_ps(m) != 0; }
    MOTE_VECTOR ints larger(ints a, ints b) { return _mm256_max_epi32(a, b); }
    MOTE_VECTOR ints smaller(ints a, ints b) { return _mm256_min_epi32(a, b); }
};
template <typename Arch> struct fma3 : Arch {};
#endif
#if defined(__SSE2__)
struct sse2 {
    typedef __m128 floats;
    typedef __m128i ints;
    typedef int32_t words __attribute__((vector_size(16)));
    MOTE_VECTOR ints load(const int32_t *p) { return _mm_loadu_si128((const __m128i *)p); }
    typedef __m128 mask;
    MOTE_VECTOR floats set(float x) { return _mm_set1_ps(x); }
    MOTE_VECTOR floats load(const float *p) { return _mm_loadu_ps(p); }
    MOTE_VECTOR void store(float *p, floats a) { _mm_storeu_ps(p, a); }
    MOTE_VECTOR mask less(floats a, floats b) { return _mm_cmplt_ps(a, b); }
    MOTE_VECTOR mask less_equal(floats a, floats b) { return _mm_cmple_ps(a, b); }
    MOTE_VECTOR mask equal(floats a, floats b) { return _mm_cmpeq_ps(a, b); }
    MOTE_VECTOR mask either(mask a, mask b) { return _mm_or_ps(a, b); }
    MOTE_VECTOR floats choose(mask m, floats a, floats b) { return _mm_or_ps(_mm_and_ps(m, a), _mm_andnot_ps(m, b)); }
    MOTE_VECTOR bool any(mask m) { return _mm_movemask_ps(m) != 0; }
    MOTE_VECTOR ints choose(ints m, ints a, ints b) {
        return _mm_or_si128(_mm_and_si128(m, a), _mm_andnot_si128(m, b));
    }
    MOTE_VECTOR ints larger(ints a, ints b) { return choose(_mm_cmpgt_epi32(a, b), a, b); }
    MOTE_VECTOR ints smaller(ints a, ints b) { return choose(_mm_cmpgt_epi32(b, a), a, b); }
};
#elif defined(__ARM_NEON)
struct neon {
    typedef float32x4_t floats;
    typedef int32x4_t ints;
    typedef int32x4_t words;
    MOTE_VECTOR ints load(const int32_t *p) { return vld1q_s32(p); }
    typedef uint32x4_t mask;
    MOTE_VECTOR floats set(float x) { return vdupq_n_f32(x); }
    MOTE_VECTOR floats load(const float *p) { return vld1q_f32(p); }
    MOTE_VECTOR void store(float *p, floats a) { vst1q_f32(p, a); }
    MOTE_VECTOR mask less(floats a, floats b) { return vcltq_f32(a, b); }
    MOTE_VECTOR mask less_equal(floats a, floats b) { return vcleq_f32(a, b); }
    MOTE_VECTOR mask equal(floats a, floats b) { return vceqq_f32(a, b); }
    MOTE_VECTOR mask either(mask a, mask b) { return vorrq_u32(a, b); }
    MOTE_VECTOR floats choose(mask m, floats a, floats b) { return vbslq_f32(m, a, b); }
    MOTE_VECTOR bool any(mask m) {
#if defined(__aarch64__)
        return vmaxvq_u32(m) != 0;
#else
        const uint32x2_t half = vorr_u32(vget_low_u32(m), vget_high_u32(m));
        return vget_lane_u32(vpmax_u32(half, half), 0) != 0;
#endif
    }
    MOTE_VECTOR ints larger(ints a, ints b) { return vmaxq_s32(a, b); }
    MOTE_VECTOR ints smaller(ints a, ints b) { return vminq_s32(a, b); }
    MOTE_VECTOR floats fused(floats a, floats b, floats c) { return vfmaq_f32(c, a, b); }
};
struct neon64 : neon {};
#endif

#undef MOTE_VECTOR
#define MOTE_VECTOR inline __attribute__((always_inline))

template <typename Arch> struct batch_bool {
    typedef typename Arch::mask register_type;
    register_type m;
    batch_bool() = default;
    MOTE_VECTOR batch_bool(register_type r) : m(r) {}
    MOTE_VECTOR operator register_type() const { return m; }
    friend MOTE_VECTOR batch_bool operator|(batch_bool a, batch_bool b) { return Arch::either(a.m, b.m); }
};

template <typename T, typename Arch> struct batch;

template <typename Arch> struct batch<float, Arch> {
    typedef Arch arch_type;
    typedef typename Arch::floats register_type;
    typedef batch_bool<Arch> batch_bool_type;
    enum : uint32_t { size = sizeof(register_type) / sizeof(float) };
    register_type v;
    batch() = default;
    MOTE_VECTOR batch(register_type r) : v(r) {}
    explicit MOTE_VECTOR batch(float x) : v(Arch::set(x)) {}
    MOTE_VECTOR operator register_type() const { return v; }
    static MOTE_VECTOR batch load_unaligned(const float *p) { return Arch::load(p); }
    MOTE_VECTOR void store_unaligned(float *p) const { Arch::store(p, v); }
    friend MOTE_VECTOR batch operator+(batch a, batch b) { return a.v + b.v; }
    friend MOTE_VECTOR batch operator-(batch a, batch b) { return a.v - b.v; }
    friend MOTE_VECTOR batch operator*(batch a, batch b) { return a.v * b.v; }
    friend MOTE_VECTOR batch operator/(batch a, batch b) { return a.v / b.v; }
    friend MOTE_VECTOR batch_bool_type operator<(batch a, batch b) { return Arch::less(a.v, b.v); }
    friend MOTE_VECTOR batch_bool_type operator<=(batch a, batch b) { return Arch::less_equal(a.v, b.v); }
    friend MOTE_VECTOR batch_bool_type operator==(batch a, batch b) { return Arch::equal(a.v, b.v); }
};

template <typename Arch> struct batch<int32_t, Arch> {
    typedef typename Arch::ints register_type;
    typedef typename Arch::words words; // the same bits, of which the compiler knows the lanes
    register_type v;
    batch() = default;
    MOTE_VECTOR batch(register_type r) : v(r) {}
    explicit MOTE_VECTOR batch(int32_t x) : v((register_type)(words{} + x)) {}
    MOTE_VECTOR operator register_type() const { return v; }
    static MOTE_VECTOR batch load_unaligned(const int32_t *p) { return Arch::load(p); }
    static MOTE_VECTOR batch of(words w) { return (register_type)w; }
    friend MOTE_VECTOR batch operator+(batch a, batch b) { return of((words)a.v + (words)b.v); }
    friend MOTE_VECTOR batch operator-(batch a, batch b) { return of((words)a.v - (words)b.v); }
    friend MOTE_VECTOR batch operator&(batch a, batch b) { return of((words)a.v & (words)b.v); }
    friend MOTE_VECTOR batch operator|(batch a, batch b) { return of((words)a.v | (words)b.v); }
    friend MOTE_VECTOR batch operator^(batch a, batch b) { return of((words)a.v ^ (words)b.v); }
    friend MOTE_VECTOR batch operator<<(batch a, int by) { return of((words)a.v << by); }
    friend MOTE_VECTOR batch operator>>(batch a, int by) { return of((words)a.v >> by); }
};

template <typename Arch>
MOTE_VECTOR batch<float, Arch> select(batch_bool<Arch> m, batch<float, Arch> a, batch<float, Arch> b) {
    return Arch::choose(m.m, a.v, b.v);
}
template <typename Arch> MOTE_VECTOR bool any(batch_bool<Arch> m) { return Arch::any(m.m); }
template <typename Arch> MOTE_VECTOR batch<int32_t, Arch> max(batch<int32_t, Arch> a, batch<int32_t, Arch> b) {
    return Arch::larger(a.v, b.v);
}
template <typename Arch> MOTE_VECTOR batch<int32_t, Arch> min(batch<int32_t, Arch> a, batch<int32_t, Arch> b) {
    return Arch::smaller(a.v, b.v);
}
template <typename Arch>
MOTE_VECTOR batch<float, Arch> fma(batch<float, Arch> a, batch<float, Arch> b, batch<float, Arch> c) {
    return Arch::fused(a.v, b.v, c.v);
}
template <typename To, typename From> MOTE_VECTOR To bitwise_cast(From a) { return (typename To::register_type)a.v; }

#undef MOTE_VECTOR

} // namespace xsimd

#endif
