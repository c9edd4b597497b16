// Matrix products. Each output is one chain of fused multiply-adds, k ascending, whatever the tile: vectors run along
// the 16 columns of a panel, never along k.

constexpr uint32_t kPanelVecs = kLanes / kVecLanes;

MOTE_INLINE uint32_t panels(uint32_t n) { return (n + kLanes - 1) / kLanes; }
MOTE_INLINE uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

MOTE_INLINE Mat panel_of(Mat m, uint32_t p) { return {m.data + p * m.panel, m.panel}; }
MOTE_INLINE ConstMat panel_of(ConstMat m, uint32_t p) { return {m.data + p * m.panel, m.panel}; }

#if defined(MOTE_VFP_CHAINS)
#include "gemm_vfp.inl.h"
#else

// Depth of a block: 256 rows of a panel are 16 KiB, which stay in a first-level cache while the tiles above pass over
// them.
constexpr uint32_t kDepth = 256;

// The accumulators of a tile: Rows rows of c by Cols panels.
template <uint32_t Rows, uint32_t Cols> struct Tile {
    Vec acc[Rows][Cols * kPanelVecs];

    MOTE_INLINE void load_from(Tile &t, Mat c) {
        MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL for (uint32_t v = 0; v < Cols * kPanelVecs; ++v)
            t.acc[i][v] = load(at(c, i, v));
    }
    MOTE_INLINE void store_to(const Tile &t, Mat c) {
        MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL for (uint32_t v = 0; v < Cols * kPanelVecs; ++v)
            store(at(c, i, v), t.acc[i][v]);
    }
    MOTE_INLINE float *at(Mat c, uint32_t i, uint32_t v) {
        return c.data + v / kPanelVecs * c.panel + i * kLanes + v % kPanelVecs * kVecLanes;
    }
    // One k: row i of a is a[i * row_step].
    MOTE_INLINE void step(Tile &t, const float *a, uint32_t row_step, const float *b, size_t b_panel) {
        Vec x[Cols * kPanelVecs];
        MOTE_UNROLL for (uint32_t v = 0; v < Cols * kPanelVecs; ++v) x[v] =
            load(b + v / kPanelVecs * b_panel + v % kPanelVecs * kVecLanes);
        MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) {
            const Vec y = set1(a[i * row_step]);
            MOTE_UNROLL for (uint32_t v = 0; v < Cols * kPanelVecs; ++v) t.acc[i][v] = fma(y, x[v], t.acc[i][v]);
        }
    }
};

// c += a[.][0 … k) b for one tile; k runs along the columns of a, so in chunks of a panel.
template <uint32_t Rows, uint32_t Cols> MOTE_NOINLINE static void tile_nn(Mat c, ConstMat a, ConstMat b, uint32_t k) {
    using T = Tile<Rows, Cols>;
    T t;
    T::load_from(t, c);
    const float *bk = b.data;
    for (uint32_t k0 = 0; k0 < k; k0 += kLanes) {
        const float *ak = a.data + k0 / kLanes * a.panel;
        const uint32_t chunk = least(kLanes, k - k0);
        for (uint32_t j = 0; j < chunk; ++j, bk += kLanes) T::step(t, ak + j, kLanes, bk, b.panel);
    }
    T::store_to(t, c);
}

// c += sum over r < k of a[r][0 … Rows) b[r]; k runs along the rows of both.
template <uint32_t Rows, uint32_t Cols> MOTE_NOINLINE static void tile_tn(Mat c, ConstMat a, ConstMat b, uint32_t k) {
    using T = Tile<Rows, Cols>;
    T t;
    T::load_from(t, c);
    const float *ar = a.data, *br = b.data;
    for (uint32_t r = 0; r < k; ++r, ar += kLanes, br += kLanes) T::step(t, ar, 1, br, b.panel);
    T::store_to(t, c);
}

// A tile's products as a function of how many rows it has.
struct NN {
    template <uint32_t Rows, uint32_t Cols> MOTE_INLINE void run(Mat c, ConstMat a, ConstMat b, uint32_t k) {
        tile_nn<Rows, Cols>(c, a, b, k);
    }
};
struct TN {
    template <uint32_t Rows, uint32_t Cols> MOTE_INLINE void run(Mat c, ConstMat a, ConstMat b, uint32_t k) {
        tile_tn<Rows, Cols>(c, a, b, k);
    }
};

template <typename Kind, uint32_t Cols, uint32_t Rows = kTileRows>
MOTE_INLINE void run_rows(uint32_t rows, Mat c, ConstMat a, ConstMat b, uint32_t k) {
    if constexpr (Rows == 1) {
        Kind::template run<1, Cols>(c, a, b, k);
    } else {
        if (rows == Rows)
            Kind::template run<Rows, Cols>(c, a, b, k);
        else
            run_rows<Kind, Cols, Rows - 1>(rows, c, a, b, k);
    }
}

// Rows of tile i where m rows are split evenly into tiles of at most kTileRows (32 = 6 + 6 + 5 + 5 + 5 + 5, not 5 * 6 +
// 2).
struct Even {
    uint32_t tiles, base, extra;
    explicit Even(uint32_t m) : tiles((m + kTileRows - 1) / kTileRows), base(m / tiles), extra(m % tiles) {}
    uint32_t rows(uint32_t i) const { return base + (i < extra ? 1 : 0); }
};

// All rows of c for Cols panels and one block of k.
template <uint32_t Cols> MOTE_INLINE void gemm_column(Mat c, ConstMat a, ConstMat b, uint32_t m, uint32_t k) {
    const Even split(m);
    for (uint32_t i = 0; i < split.tiles; ++i) {
        const uint32_t rows = split.rows(i);
        run_rows<NN, Cols>(rows, c, a, b, k);
        c.data += rows * kLanes;
        a.data += rows * kLanes;
    }
}

// One row: as many panels at once as hide the latency of a multiply-add, then half as many for the rest.
template <uint32_t Cols>
MOTE_INLINE void gemv_columns(Mat c, ConstMat a, ConstMat b, uint32_t p, uint32_t end, uint32_t k) {
    for (; p + Cols <= end; p += Cols)
        tile_nn<1, Cols>({c.data + p * c.panel, c.panel}, a, {b.data + p * b.panel, b.panel}, k);
    if constexpr (Cols > 1) gemv_columns<Cols / 2>(c, a, b, p, end, k);
}

MOTE_NOINLINE static void gemv(Mat c, ConstMat a, ConstMat b, Shape s) {
    gemv_columns<kGemvPanels>(c, a, b, 0, panels(s.n), s.k);
}

MOTE_NOINLINE static void gemm_blocks(Mat c, ConstMat a, ConstMat b, Shape s) {
    for (uint32_t k0 = 0; k0 < s.k; k0 += kDepth) {
        const uint32_t k = least(kDepth, s.k - k0);
        const ConstMat ak{a.data + k0 / kLanes * a.panel, a.panel};
        const ConstMat bk{b.data + k0 * kLanes, b.panel};
        uint32_t p = 0;
        for (; p + kTilePanels <= panels(s.n); p += kTilePanels)
            gemm_column<kTilePanels>(panel_of(c, p), ak, panel_of(bk, p), s.m, k);
        if constexpr (kTilePanels > 1)
            for (; p < panels(s.n); ++p) gemm_column<1>(panel_of(c, p), ak, panel_of(bk, p), s.m, k);
    }
}

void gemm(Mat c, ConstMat a, ConstMat b, Shape s) {
    if (s.m == 1)
        gemv(c, a, b, s);
    else
        gemm_blocks(c, a, b, s);
}

// The 16 columns of a's panel are 16 rows of c: tiles of them, each a chain along the rows of a and b.
template <uint32_t Cols> MOTE_INLINE void gemm_tn_block(Mat c, ConstMat a, ConstMat b, uint32_t m, uint32_t k) {
    const Even split(m);
    for (uint32_t i = 0; i < split.tiles; ++i) {
        const uint32_t rows = split.rows(i);
        run_rows<TN, Cols>(rows, c, a, b, k);
        c.data += rows * kLanes;
        a.data += rows;
    }
}

void gemm_tn(Mat c, ConstMat a, ConstMat b, Shape s) {
    for (uint32_t k0 = 0; k0 < s.k; k0 += kDepth) {
        const uint32_t k = least(kDepth, s.k - k0);
        for (uint32_t m0 = 0; m0 < s.m; m0 += kLanes) {
            const ConstMat ak{a.data + m0 / kLanes * a.panel + k0 * kLanes, a.panel};
            const Mat cm{c.data + m0 * kLanes, c.panel};
            const ConstMat bk{b.data + k0 * kLanes, b.panel};
            const uint32_t m = least(kLanes, s.m - m0);
            uint32_t p = 0;
            for (; p + kTilePanels <= panels(s.n); p += kTilePanels)
                gemm_tn_block<kTilePanels>(panel_of(cm, p), ak, panel_of(bk, p), m, k);
            if constexpr (kTilePanels > 1)
                for (; p < panels(s.n); ++p) gemm_tn_block<1>(panel_of(cm, p), ak, panel_of(bk, p), m, k);
        }
    }
}

// The lanes of an output vector are rows of b, 16 floats apart; lanes past `rows` repeat the last one and are not
// stored.
MOTE_INLINE Vec load_rows(const float *b, uint32_t rows) {
    float x[kVecLanes];
    for (uint32_t i = 0; i < kVecLanes; ++i) x[i] = b[(i < rows ? i : rows - 1) * kLanes];
    return load(x);
}

// Up to kVecLanes outputs of one row of c.
MOTE_INLINE void gemm_nt_vec(float *c, ConstMat a, ConstMat b, uint32_t lanes, uint32_t k) {
    float out[kVecLanes];
    for (uint32_t i = 0; i < kVecLanes; ++i) out[i] = i < lanes ? c[i] : 0.0f;
    Vec acc = load(out);
    for (uint32_t k0 = 0; k0 < k; k0 += kLanes) {
        const float *ak = a.data + k0 / kLanes * a.panel;
        const float *bk = b.data + k0 / kLanes * b.panel;
        for (uint32_t j = 0; j < least(kLanes, k - k0); ++j) acc = fma(set1(ak[j]), load_rows(bk + j, lanes), acc);
    }
    store(out, acc);
    for (uint32_t i = 0; i < lanes; ++i) c[i] = out[i];
}

void gemm_nt(Mat c, ConstMat a, ConstMat b, Shape s) {
    for (uint32_t i = 0; i < s.m; ++i)
        for (uint32_t n = 0; n < s.n; n += kVecLanes)
            gemm_nt_vec(c.data + n / kLanes * c.panel + i * kLanes + n % kLanes, {a.data + i * kLanes, a.panel},
                        {b.data + n * kLanes, b.panel}, least(kVecLanes, s.n - n), s.k);
}

#endif

// Columns m0 … of one panel of t, which are rows of b.
MOTE_INLINE void transpose_panel(float *t, ConstMat b, uint32_t rows, uint32_t k) {
    for (uint32_t j = 0; j < k; ++j) {
        const float *from = b.data + j / kLanes * b.panel + j % kLanes;
        float *to = t + j * kLanes;
        for (uint32_t i = 0; i < rows; ++i) to[i] = from[i * kLanes];
        for (uint32_t i = rows; i < kLanes; ++i) to[i] = 0.0f;
    }
}

void transpose(Mat t, ConstMat b, uint32_t m, uint32_t k) {
    for (uint32_t m0 = 0; m0 < m; m0 += kLanes)
        transpose_panel(t.data + m0 / kLanes * t.panel, {b.data + m0 * kLanes, b.panel}, least(kLanes, m - m0), k);
}
