// Matrix products. Each output is one chain of fused multiply-adds, k ascending, whatever the tile: vectors run along
// the 16 columns of a panel, never along k.

constexpr uint32_t kPanelVecs = kLanes / kVecLanes;

MOTE_INLINE uint32_t panels(uint32_t n) { return (n + kLanes - 1) / kLanes; }
static constexpr uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

MOTE_INLINE Mat panel_of(Mat m, uint32_t p) { return {m.data + p * m.panel, m.panel}; }
MOTE_INLINE ConstMat panel_of(ConstMat m, uint32_t p) { return {m.data + p * m.panel, m.panel}; }

#if defined(MOTE_ONE_LANE)
// Puts down what the chains begin with.
MOTE_NOINLINE static void begin_rows(Mat c, Shape s, Start start) {
    if (!start.fresh) return;
    for (uint32_t p = 0; p < panels(s.n); ++p)
        for (uint32_t i = 0; i < s.m; ++i) {
            float *const row = c.data + p * c.panel + i * kLanes;
            if (start.bias != nullptr)
                memcpy(row, start.at(p).bias, kLanes * sizeof(float));
            else
                memset(row, 0, kLanes * sizeof(float));
        }
}
#endif

#if defined(MOTE_VFP_CHAINS)
#include "gemm_vfp.inl.h"
#else

// Depth of a block: 256 rows of a panel are 16 KiB, which stay in a first-level cache while the tiles above pass over
// them.
constexpr uint32_t kDepth = 256;

// The accumulators of a tile: Rows rows of c by Cols panels.
template <uint32_t Rows, uint32_t Cols> struct Tile {
    Vec acc[Rows][Cols * kPanelVecs];

    template <typename F> MOTE_INLINE void fill(Tile &t, F f) {
        MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL for (uint32_t v = 0; v < Cols * kPanelVecs; ++v)
            t.acc[i][v] = f(i, v);
    }
    MOTE_INLINE void begin(Tile &t, Mat c, Start start) {
        if (!start.fresh)
            fill(t, [&](uint32_t i, uint32_t v) MOTE_INLINE_LAMBDA { return load(at(c, i, v)); });
        else if (start.bias == nullptr)
            fill(t, [&](uint32_t, uint32_t) MOTE_INLINE_LAMBDA { return set1(0.0f); });
        else
            fill(t, [&](uint32_t, uint32_t v) MOTE_INLINE_LAMBDA { return load(start.bias + v * kVecLanes); });
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

// c = start + a[.][0 … k) b for one tile; k runs along the columns of a, so in chunks of a panel.
template <uint32_t Rows, uint32_t Cols>
MOTE_NOINLINE static void tile_nn(Mat c, ConstMat a, ConstMat b, uint32_t k, Start start) {
    using T = Tile<Rows, Cols>;
    T t;
    T::begin(t, c, start);
    const float *bk = b.data;
    for (uint32_t k0 = 0; k0 < k; k0 += kLanes) {
        const float *ak = a.data + k0 / kLanes * a.panel;
        const uint32_t chunk = least(kLanes, k - k0);
        for (uint32_t j = 0; j < chunk; ++j, bk += kLanes) T::step(t, ak + j, kLanes, bk, b.panel);
    }
    T::store_to(t, c);
}

// c = start + sum over r < k of a[r][0 … Rows) b[r]; k runs along the rows of both.
template <uint32_t Rows, uint32_t Cols>
MOTE_NOINLINE static void tile_tn(Mat c, ConstMat a, ConstMat b, uint32_t k, Start start) {
    using T = Tile<Rows, Cols>;
    T t;
    T::begin(t, c, start);
    const float *ar = a.data, *br = b.data;
    for (uint32_t r = 0; r < k; ++r, ar += kLanes, br += kLanes) T::step(t, ar, 1, br, b.panel);
    T::store_to(t, c);
}

// A tile's products as a function of how many rows it has.
struct NN {
    template <uint32_t Rows, uint32_t Cols>
    MOTE_INLINE void run(Mat c, ConstMat a, ConstMat b, uint32_t k, Start start) {
        tile_nn<Rows, Cols>(c, a, b, k, start);
    }
};
struct TN {
    template <uint32_t Rows, uint32_t Cols>
    MOTE_INLINE void run(Mat c, ConstMat a, ConstMat b, uint32_t k, Start start) {
        tile_tn<Rows, Cols>(c, a, b, k, start);
    }
};

template <typename Kind, uint32_t Cols, uint32_t Rows = kTileRows>
MOTE_INLINE void run_rows(uint32_t rows, Mat c, ConstMat a, ConstMat b, uint32_t k, Start start) {
    if constexpr (Rows == 1) {
        Kind::template run<1, Cols>(c, a, b, k, start);
    } else {
        if (rows == Rows)
            Kind::template run<Rows, Cols>(c, a, b, k, start);
        else
            run_rows<Kind, Cols, Rows - 1>(rows, c, a, b, k, start);
    }
}

// n rows or panels split evenly into tiles of at most `most` (32 = 6 + 6 + 5 + 5 + 5 + 5, not 5 * 6 + 2).
struct Even {
    uint32_t tiles, base, extra;
    Even(uint32_t n, uint32_t most) : tiles((n + most - 1) / most), base(n / tiles), extra(n % tiles) {}
    uint32_t size(uint32_t i) const { return base + (i < extra ? 1 : 0); }
};

// All rows of c for Cols panels and one block of k.
template <uint32_t Cols>
MOTE_INLINE void gemm_column(Mat c, ConstMat a, ConstMat b, uint32_t m, uint32_t k, Start start) {
    const Even split(m, kTileRows);
    for (uint32_t i = 0; i < split.tiles; ++i) {
        const uint32_t rows = split.size(i);
        run_rows<NN, Cols>(rows, c, a, b, k, start);
        c = c.row(rows);
        a = a.row(rows);
    }
}

// One row by as many panels as `cols` says.
template <uint32_t Cols = kGemvPanels>
MOTE_INLINE void run_panels(uint32_t cols, Mat c, ConstMat a, ConstMat b, uint32_t k, Start start) {
    if constexpr (Cols == 1) {
        tile_nn<1, 1>(c, a, b, k, start);
    } else {
        if (cols == Cols)
            tile_nn<1, Cols>(c, a, b, k, start);
        else
            run_panels<Cols - 1>(cols, c, a, b, k, start);
    }
}

// One row: as many panels at once as hide the latency of a multiply-add.
MOTE_NOINLINE static void gemv(Mat c, ConstMat a, ConstMat b, Shape s, Start start) {
    const Even split(panels(s.n), kGemvPanels);
    uint32_t p = 0;
    for (uint32_t i = 0; i < split.tiles; p += split.size(i), ++i)
        run_panels(split.size(i), panel_of(c, p), a, panel_of(b, p), s.k, start.at(p));
}

MOTE_NOINLINE static void gemm_blocks(Mat c, ConstMat a, ConstMat b, Shape s, Start start) {
    for (uint32_t k0 = 0; k0 < s.k; k0 += kDepth, start = kOnTop) {
        const uint32_t k = least(kDepth, s.k - k0);
        const ConstMat ak{a.data + k0 / kLanes * a.panel, a.panel};
        const ConstMat bk = b.row(k0);
        uint32_t p = 0;
        for (; p + kTilePanels <= panels(s.n); p += kTilePanels)
            gemm_column<kTilePanels>(panel_of(c, p), ak, panel_of(bk, p), s.m, k, start.at(p));
        if constexpr (kTilePanels > 1)
            for (; p < panels(s.n); ++p) gemm_column<1>(panel_of(c, p), ak, panel_of(bk, p), s.m, k, start.at(p));
    }
}

void gemm(Mat c, ConstMat a, ConstMat b, Shape s, Start start) {
#if defined(MOTE_ONE_LANE)
    begin_rows(c, s, start);
    start = kOnTop;
#endif
    if (s.m == 1)
        gemv(c, a, b, s, start);
    else
        gemm_blocks(c, a, b, s, start);
}

// The 16 columns of a's panel are 16 rows of c: tiles of them, each a chain along the rows of a and b.
template <uint32_t Cols>
MOTE_INLINE void gemm_tn_block(Mat c, ConstMat a, ConstMat b, uint32_t m, uint32_t k, Start start) {
    const Even split(m, kTileRows);
    for (uint32_t i = 0; i < split.tiles; ++i) {
        const uint32_t rows = split.size(i);
        run_rows<TN, Cols>(rows, c, a, b, k, start);
        c = c.row(rows);
        a.data += rows;
    }
}

void gemm_tn(Mat c, ConstMat a, ConstMat b, Shape s, Start start) {
#if defined(MOTE_ONE_LANE)
    begin_rows(c, s, start);
    start = kOnTop;
#endif
    for (uint32_t k0 = 0; k0 < s.k; k0 += kDepth, start = kOnTop) {
        const uint32_t k = least(kDepth, s.k - k0);
        for (uint32_t m0 = 0; m0 < s.m; m0 += kLanes) {
            const ConstMat ak{a.data + m0 / kLanes * a.panel + k0 * kLanes, a.panel};
            const Mat cm = c.row(m0);
            const ConstMat bk = b.row(k0);
            const uint32_t m = least(kLanes, s.m - m0);
            uint32_t p = 0;
            for (; p + kTilePanels <= panels(s.n); p += kTilePanels)
                gemm_tn_block<kTilePanels>(panel_of(cm, p), ak, panel_of(bk, p), m, k, start.at(p));
            if constexpr (kTilePanels > 1)
                for (; p < panels(s.n); ++p) gemm_tn_block<1>(panel_of(cm, p), ak, panel_of(bk, p), m, k, start.at(p));
        }
    }
}

#endif
