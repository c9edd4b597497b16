// What happens between the lanes of a vector, and vectors of which only some lanes are used.
// Included by vec_xsimd.h. Chosen by the registers of Batch, as `fused` is.

// Lanes moved down by 8, 4, 2 or 1; above them may stand anything. And the lowest lane.
template <uint32_t By> struct Down {};
#if defined(__AVX512F__)
MOTE_INLINE __m512 down(__m512 a, Down<8>) { return _mm512_shuffle_f32x4(a, a, 0x0e); }
MOTE_INLINE __m512 down(__m512 a, Down<4>) { return _mm512_shuffle_f32x4(a, a, 0x01); }
MOTE_INLINE __m512 down(__m512 a, Down<2>) { return _mm512_permute_ps(a, 0x0e); }
MOTE_INLINE __m512 down(__m512 a, Down<1>) { return _mm512_permute_ps(a, 0x01); }
MOTE_INLINE float lowest(__m512 a) { return _mm512_cvtss_f32(a); }
#endif
#if defined(__AVX__)
MOTE_INLINE __m256 down(__m256 a, Down<4>) { return _mm256_permute2f128_ps(a, a, 0x01); }
MOTE_INLINE __m256 down(__m256 a, Down<2>) { return _mm256_permute_ps(a, 0x0e); }
MOTE_INLINE __m256 down(__m256 a, Down<1>) { return _mm256_permute_ps(a, 0x01); }
MOTE_INLINE float lowest(__m256 a) { return _mm256_cvtss_f32(a); }
#endif
#if defined(__SSE2__)
MOTE_INLINE __m128 down(__m128 a, Down<2>) { return _mm_movehl_ps(a, a); }
MOTE_INLINE __m128 down(__m128 a, Down<1>) { return _mm_shuffle_ps(a, a, 0x01); }
MOTE_INLINE float lowest(__m128 a) { return _mm_cvtss_f32(a); }
#else
MOTE_INLINE float32x4_t down(float32x4_t a, Down<2>) { return vextq_f32(a, a, 2); }
MOTE_INLINE float32x4_t down(float32x4_t a, Down<1>) { return vextq_f32(a, a, 1); }
MOTE_INLINE float lowest(float32x4_t a) { return vgetq_lane_f32(a, 0); }
#endif

MOTE_INLINE float lowest(Vec a) { return lowest(static_cast<Register>(a.v)); }

// All lanes joined by a tree: each with the one half a vector above it, then a quarter, …
template <uint32_t Half = kVecLanes / 2, typename F> MOTE_INLINE float fold(Vec a, F join) {
    if constexpr (Half == 0) {
        return lowest(a);
    } else {
        const Register lanes = a.v;
        return fold<Half / 2>(join(a, Vec{Batch(down(lanes, Down<Half>()))}), join);
    }
}

// The first n lanes, where n may be more than there are.
MOTE_INLINE Mask first_lanes(uint32_t n) {
    static const float index[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return Batch::load_unaligned(index) < Batch(static_cast<float>(n));
}

#if defined(__AVX512F__)
MOTE_INLINE __m512 read(__mmask16 m, const float *p) { return _mm512_maskz_loadu_ps(m, p); }
#endif
#if defined(__AVX__)
MOTE_INLINE __m256 read(__m256 m, const float *p) { return _mm256_maskload_ps(p, _mm256_castps_si256(m)); }
MOTE_INLINE __m128 read(__m128 m, const float *p) { return _mm_maskload_ps(p, _mm_castps_si128(m)); }
#endif

// p[i] in the first n lanes, `rest` in the others, where nothing is read.
MOTE_INLINE Vec load_first(const float *p, uint32_t n, Vec rest) {
#if defined(__AVX__)
    const Mask used = first_lanes(n);
    return select(used, Vec{Batch(read(static_cast<Mask::register_type>(used), p))}, rest);
#else
    float lanes[kVecLanes];
    store(lanes, rest);
    for (uint32_t i = 0; i < kVecLanes && i < n; ++i) lanes[i] = p[i];
    return load(lanes);
#endif
}
