// Turning blocks of a matrix over in registers. Included by vec_xsimd.h.

// Vector i of a block holds four columns of the rows i, i + 4, i + 8, …, as many as four lanes go into it. `left`: how
// many rows there are from row i on; the others read as +0.
#if defined(__AVX512F__)
MOTE_INLINE __m512 load_quads(const float *p, uint32_t left, __m512 x) {
    x = left > 0 ? _mm512_zextps128_ps512(_mm_loadu_ps(p)) : x;
    x = left > 4 ? _mm512_insertf32x4(x, _mm_loadu_ps(p + 4 * kLanes), 1) : x;
    x = left > 8 ? _mm512_insertf32x4(x, _mm_loadu_ps(p + 8 * kLanes), 2) : x;
    return left > 12 ? _mm512_insertf32x4(x, _mm_loadu_ps(p + 12 * kLanes), 3) : x;
}
MOTE_INLINE __m512 low_pairs(__m512 a, __m512 b) { return _mm512_unpacklo_ps(a, b); }
MOTE_INLINE __m512 high_pairs(__m512 a, __m512 b) { return _mm512_unpackhi_ps(a, b); }
MOTE_INLINE __m512 low_halves(__m512 a, __m512 b) { return _mm512_shuffle_ps(a, b, 0x44); }
MOTE_INLINE __m512 high_halves(__m512 a, __m512 b) { return _mm512_shuffle_ps(a, b, 0xee); }
#endif
#if defined(__AVX__)
MOTE_INLINE __m256 load_quads(const float *p, uint32_t left, __m256 x) {
    x = left > 0 ? _mm256_zextps128_ps256(_mm_loadu_ps(p)) : x;
    return left > 4 ? _mm256_insertf128_ps(x, _mm_loadu_ps(p + 4 * kLanes), 1) : x;
}
MOTE_INLINE __m256 low_pairs(__m256 a, __m256 b) { return _mm256_unpacklo_ps(a, b); }
MOTE_INLINE __m256 high_pairs(__m256 a, __m256 b) { return _mm256_unpackhi_ps(a, b); }
MOTE_INLINE __m256 low_halves(__m256 a, __m256 b) { return _mm256_shuffle_ps(a, b, 0x44); }
MOTE_INLINE __m256 high_halves(__m256 a, __m256 b) { return _mm256_shuffle_ps(a, b, 0xee); }
#endif
#if defined(__SSE2__)
MOTE_INLINE __m128 load_quads(const float *p, uint32_t left, __m128 x) { return left > 0 ? _mm_loadu_ps(p) : x; }
MOTE_INLINE __m128 low_pairs(__m128 a, __m128 b) { return _mm_unpacklo_ps(a, b); }
MOTE_INLINE __m128 high_pairs(__m128 a, __m128 b) { return _mm_unpackhi_ps(a, b); }
MOTE_INLINE __m128 low_halves(__m128 a, __m128 b) { return _mm_movelh_ps(a, b); }
MOTE_INLINE __m128 high_halves(__m128 a, __m128 b) { return _mm_movehl_ps(b, a); }
#else
MOTE_INLINE float32x4_t load_quads(const float *p, uint32_t left, float32x4_t x) { return left > 0 ? vld1q_f32(p) : x; }
MOTE_INLINE float32x4_t low_pairs(float32x4_t a, float32x4_t b) { return vzipq_f32(a, b).val[0]; }
MOTE_INLINE float32x4_t high_pairs(float32x4_t a, float32x4_t b) { return vzipq_f32(a, b).val[1]; }
MOTE_INLINE float32x4_t low_halves(float32x4_t a, float32x4_t b) {
    return vcombine_f32(vget_low_f32(a), vget_low_f32(b));
}
MOTE_INLINE float32x4_t high_halves(float32x4_t a, float32x4_t b) {
    return vcombine_f32(vget_high_f32(a), vget_high_f32(b));
}
#endif

// Four columns of up to kVecLanes rows, rows kLanes floats apart; column j, a lane for each row, goes to t[j].
MOTE_INLINE void turn_columns(const float *p, uint32_t rows, Vec t[4]) {
    Register x[4];
    MOTE_UNROLL_4 for (uint32_t i = 0; i < 4; ++i) x[i] =
        load_quads(p + i * kLanes, rows > i ? rows - i : 0, static_cast<Register>(Batch(0.0f)));
    const Register low01 = low_pairs(x[0], x[1]), high01 = high_pairs(x[0], x[1]), low23 = low_pairs(x[2], x[3]),
                   high23 = high_pairs(x[2], x[3]);
    t[0] = {Batch(low_halves(low01, low23))};
    t[1] = {Batch(high_halves(low01, low23))};
    t[2] = {Batch(low_halves(high01, high23))};
    t[3] = {Batch(high_halves(high01, high23))};
}
