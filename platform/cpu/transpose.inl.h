// Matrices turned over, and products with them.

#if defined(MOTE_ONE_LANE)

// Columns m0 … of one panel of t, which are rows of b.
MOTE_INLINE void transpose_panel(float *t, ConstMat b, uint32_t rows, uint32_t k) {
    for (uint32_t j = 0; j < k; ++j) {
        const float *from = b.data + j / kLanes * b.panel + j % kLanes;
        float *to = t + j * kLanes;
        for (uint32_t i = 0; i < rows; ++i) to[i] = from[i * kLanes];
        for (uint32_t i = rows; i < kLanes; ++i) to[i] = 0.0f;
    }
}

#else

// Some lanes of them.
MOTE_INLINE void transpose_lanes(float *t, ConstMat b, uint32_t rows, uint32_t k) {
    Vec column[4];
    for (uint32_t j = 0; j < k; j += 4) {
        turn_columns(b.data + j / kLanes * b.panel + j % kLanes, rows, column);
        if (k - j >= 4)
            MOTE_UNROLL_4 for (uint32_t i = 0; i < 4; ++i) store(t + (j + i) * kLanes, column[i]);
        else
            for (uint32_t i = 0; i < k - j; ++i) store(t + (j + i) * kLanes, column[i]);
    }
}

MOTE_INLINE void transpose_panel(float *t, ConstMat b, uint32_t rows, uint32_t k) {
    MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v, t += kVecLanes, b = b.row(kVecLanes)) {
        if (rows >= (v + 1) * kVecLanes)
            transpose_lanes(t, b, kVecLanes, k);
        else
            transpose_lanes(t, b, rows > v * kVecLanes ? rows - v * kVecLanes : 0, k);
    }
}

#endif

void transpose(Mat t, ConstMat b, uint32_t m, uint32_t k) {
    for (uint32_t m0 = 0; m0 < m; m0 += kLanes)
        transpose_panel(t.data + m0 / kLanes * t.panel, b.row(m0), least(kLanes, m - m0), k);
}

#if defined(MOTE_ONE_LANE) && !defined(MOTE_VFP_CHAINS)

void gemm_nt(Mat c, ConstMat a, ConstMat b, const Shape &s, const Start &start) {
    begin_rows(c, s, start);
    for (uint32_t i = 0; i < s.m; ++i)
        for (uint32_t n = 0; n < s.n; ++n) {
            float *const sum = c.data + n / kLanes * c.panel + i * kLanes + n % kLanes;
            const float *x = a.data + i * kLanes, *y = b.data + n * kLanes;
            for (uint32_t k0 = 0; k0 < s.k; k0 += kLanes, x += a.panel, y += b.panel)
                for (uint32_t j = 0; j < least(kLanes, s.k - k0); ++j) *sum = fma1(x[j], y[j], *sum);
        }
}

#elif !defined(MOTE_ONE_LANE)

// Rows by vectors of outputs, whose products share each block of b: as many as registers hold beside a block of four
// and what turning it takes.
constexpr uint32_t kTurnRows = kTileRows >= 8 ? 4 : least(2, kTileRows), kTurnVecs = kTileRows > 1 ? 2 : 1;

// Outputs from n on, which are rows of b. Padding columns of a and b are +0 both: they change no sum but -0, and none
// is.
template <uint32_t Rows, uint32_t Vecs>
MOTE_INLINE void turned_tile(Mat c, ConstMat a, ConstMat b, uint32_t n, const Shape &s, const Start &start) {
    const auto at = [&](uint32_t i, uint32_t v) MOTE_INLINE_LAMBDA {
        const uint32_t column = n + v * kVecLanes;
        return c.data + column / kLanes * c.panel + i * kLanes + column % kLanes;
    };
    Vec acc[Rows][Vecs];
    MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) {
        acc[i][v] = set1(0.0f);
        if (!start.fresh) acc[i][v] = load(at(i, v));
        if (start.bias != nullptr) acc[i][v] = load(start.bias + n + v * kVecLanes);
    }
    b = b.row(n);
    for (uint32_t k0 = 0; k0 < s.k; k0 += kLanes, a.data += a.panel, b.data += b.panel)
        for (uint32_t j = 0; j < least(kLanes, s.k - k0); j += 4) MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) {
                const float *const block = b.data + v * kVecLanes * kLanes + j;
                const uint32_t row = n + v * kVecLanes;
                Vec x[4];
                if (n + Vecs * kVecLanes <= s.n)
                    turn_columns(block, kVecLanes, x);
                else
                    turn_columns(block, s.n > row ? s.n - row : 0, x);
                MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL_4 for (uint32_t q = 0; q < 4; ++q)
                    acc[i][v] = fma(set1(a.data[i * kLanes + j + q]), x[q], acc[i][v]);
            }
    MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v)
        store(at(i, v), acc[i][v]);
}

template <uint32_t Rows>
MOTE_NOINLINE static void turned_rows(Mat c, ConstMat a, ConstMat b, const Shape &s, const Start &start) {
    const uint32_t end = panels(s.n) * kLanes;
    uint32_t n = 0;
    for (; n + kTurnVecs * kVecLanes <= end; n += kTurnVecs * kVecLanes)
        turned_tile<Rows, kTurnVecs>(c, a, b, n, s, start);
    if constexpr (kTurnVecs > kPanelVecs)
        if (n < end) turned_tile<Rows, 1>(c, a, b, n, s, start);
}

void gemm_nt(Mat c, ConstMat a, ConstMat b, const Shape &s, const Start &start) {
    uint32_t i = 0;
    for (; i + kTurnRows <= s.m; i += kTurnRows) turned_rows<kTurnRows>(c.row(i), a.row(i), b, s, start);
    if constexpr (kTurnRows > 1)
        for (; i < s.m; ++i) turned_rows<1>(c.row(i), a.row(i), b, s, start);
}

#endif
