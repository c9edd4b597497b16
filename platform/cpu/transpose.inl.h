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

void gemm_nt(Mat c, ConstMat a, ConstMat b, Shape s, Start start) {
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

// Rows by the panels of a tile; every block of b serves all of its rows. Two panels where one is a single chain a row.
constexpr uint32_t kTurnRows = least(4, kTileRows), kTurnPanels = kPanelVecs == 1 ? 2 : 1;

template <uint32_t Rows, uint32_t Cols> struct TurnedTile {
    // `outputs`: rows of b, of which the tile takes up to Cols panels. Padding columns of a and b are +0 both: they
    // change no sum but -0, and none is.
    MOTE_INLINE void run(Mat c, ConstMat a, ConstMat b, uint32_t outputs, uint32_t k, Start start) {
        using T = Tile<Rows, Cols>;
        T t;
        T::begin(t, c, start);
        for (uint32_t k0 = 0; k0 < k; k0 += kLanes, a.data += a.panel, b.data += b.panel)
            for (uint32_t j = 0; j < least(kLanes, k - k0); j += 4)
                MOTE_UNROLL for (uint32_t v = 0; v < Cols * kPanelVecs; ++v) {
                    const uint32_t row = v * kVecLanes;
                    Vec x[4];
                    if (outputs >= Cols * kLanes)
                        turn_columns(b.data + row * kLanes + j, kVecLanes, x);
                    else
                        turn_columns(b.data + row * kLanes + j, outputs > row ? outputs - row : 0, x);
                    MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL_4 for (uint32_t q = 0; q < 4; ++q)
                        t.acc[i][v] = fma(set1(a.data[i * kLanes + j + q]), x[q], t.acc[i][v]);
                }
        T::store_to(t, c);
    }
};

template <uint32_t Rows> MOTE_NOINLINE static void turned_rows(Mat c, ConstMat a, ConstMat b, Shape s, Start start) {
    uint32_t p = 0;
    for (; p + kTurnPanels <= panels(s.n); p += kTurnPanels)
        TurnedTile<Rows, kTurnPanels>::run(panel_of(c, p), a, b.row(p * kLanes), s.n - p * kLanes, s.k, start.at(p));
    if constexpr (kTurnPanels > 1)
        for (; p < panels(s.n); ++p)
            TurnedTile<Rows, 1>::run(panel_of(c, p), a, b.row(p * kLanes), s.n - p * kLanes, s.k, start.at(p));
}

void gemm_nt(Mat c, ConstMat a, ConstMat b, Shape s, Start start) {
    uint32_t i = 0;
    for (; i + kTurnRows <= s.m; i += kTurnRows) turned_rows<kTurnRows>(c.row(i), a.row(i), b, s, start);
    if constexpr (kTurnRows > 1)
        for (; i < s.m; ++i) turned_rows<1>(c.row(i), a.row(i), b, s, start);
}

#endif
