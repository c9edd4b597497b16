// Matrix products by vectors.
#ifndef MOTE_GEMM_VECTORS_INL_H
#define MOTE_GEMM_VECTORS_INL_H

#include "gemm_tiles.inl.h"

namespace mote::cpu::MOTE_ISA {

template <uint32_t Rows, uint32_t Cols>
MOTE_NOINLINE static void few_panels(Mat c, ConstMat a, ConstMat b, uint32_t k, Init init) {
    using T = Tile<Rows, Cols>;
    T t;
    T::initialize(t, c, init);
    T::add_product(t, a, b, k);
    T::store_to(t, c);
}

// So few rows that one tile has them all: as many panels at once as hide the latency of a multiply-add.
template <uint32_t Rows>
MOTE_NOINLINE static void gemm_few(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    constexpr uint32_t most = smaller(kGemvPanels, kTileRows * kTilePanels / Rows);
    const EvenSplit split(panel_count(s.n), most);
    for (uint32_t i = 0, p = 0; i < split.tiles; p += split.size(i), ++i)
        with_constant<most>(split.size(i), [&](auto cols) MOTE_INLINE_LAMBDA {
            few_panels<Rows, decltype(cols)::value>(panel_of(c, p), a, panel_of(b, p), s.k, init.at(p));
            return 0u;
        });
}

void gemm(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    if (s.m == 1) return gemm_few<1>(c, a, b, s, init);
    if constexpr (kTileRows >= 3) {
        if (s.m == 2) return gemm_few<2>(c, a, b, s, init);
        if (s.m == 3) return gemm_few<3>(c, a, b, s, init);
    }
    gemm_blocks(c, a, b, s, init);
}

uint32_t gemm_tn(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    return gemm_tn_blocks(c, a, b, s, init, true);
}

// From +0, and not flushed.
MOTE_INLINE void gemm_tn_sums(Mat c, ConstMat a, ConstMat b, const Shape &s) {
    gemm_tn_blocks(c, a, b, s, kFromZero, false);
}

// Rows by vectors of outputs, whose products share each block of b: as many as registers hold beside a block of four
// and what transposing it takes.
constexpr uint32_t kTransposedRows = kTileRows >= 8 ? 4 : smaller(2, kTileRows),
                   kTransposedVecs = kTileRows > 1 ? 2 : 1;

// Outputs from n on, which are rows of b, for one stretch: the first, or one that is added to c. Padding columns of a
// and b are +0 both: they change no sum but -0, and none is.
template <uint32_t Rows, uint32_t Vecs>
MOTE_INLINE void transposed_tile(Mat c, ConstMat a, ConstMat b, uint32_t n, const Shape &s, const Init &init,
                                 bool first) {
    const auto at = [&](uint32_t i, uint32_t v) MOTE_INLINE_LAMBDA {
        const uint32_t column = n + v * kVecLanes;
        return c.data + column / kLanes * c.panel + i * kLanes + column % kLanes;
    };
    Vec acc[Rows][Vecs];
    MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) {
        acc[i][v] = set1(0.0f);
        if (first && !init.overwrite) acc[i][v] = load(at(i, v));
        if (first && init.bias != nullptr) acc[i][v] = load(init.bias + n + v * kVecLanes);
    }
    b = b.row(n);
    for (uint32_t k0 = 0; k0 < s.k; k0 += kLanes, a.data += a.panel, b.data += b.panel)
        for (uint32_t j = 0; j < smaller(kLanes, s.k - k0); j += 4) MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) {
                const float *const block = b.data + v * kVecLanes * kLanes + j;
                const uint32_t row = n + v * kVecLanes;
                Vec x[4];
                if (n + Vecs * kVecLanes <= s.n)
                    transpose_columns(block, kVecLanes, x);
                else
                    transpose_columns(block, s.n > row ? s.n - row : 0, x);
                MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL_4 for (uint32_t q = 0; q < 4; ++q)
                    acc[i][v] = fma(set1(a.data[i * kLanes + j + q]), x[q], acc[i][v]);
            }
    MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v)
        store(at(i, v), first ? acc[i][v] : load(at(i, v)) + acc[i][v]);
}

// All outputs for one stretch.
template <uint32_t Rows>
MOTE_INLINE void transposed_stretch(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init, bool first) {
    const uint32_t end = panel_count(s.n) * kLanes;
    uint32_t n = 0;
    for (; n + kTransposedVecs * kVecLanes <= end; n += kTransposedVecs * kVecLanes)
        transposed_tile<Rows, kTransposedVecs>(c, a, b, n, s, init, first);
    if constexpr (kTransposedVecs > kPanelVecs)
        if (n < end) transposed_tile<Rows, 1>(c, a, b, n, s, init, first);
}

template <uint32_t Rows>
MOTE_NOINLINE static void transposed_rows(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    const uint32_t depth = stretch_depth(s.k);
    for (uint32_t k0 = 0; k0 < s.k; k0 += depth) {
        const size_t panel = k0 / kLanes;
        transposed_stretch<Rows>(c, {a.data + panel * a.panel, a.panel}, {b.data + panel * b.panel, b.panel},
                                 {s.m, s.n, smaller(depth, s.k - k0)}, init, k0 == 0);
    }
}

void gemm_nt(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    uint32_t i = 0;
    for (; i + kTransposedRows <= s.m; i += kTransposedRows)
        transposed_rows<kTransposedRows>(c.row(i), a.row(i), b, s, init);
    if constexpr (kTransposedRows > 1)
        for (; i < s.m; ++i) transposed_rows<1>(c.row(i), a.row(i), b, s, init);
}

} // namespace mote::cpu::MOTE_ISA

#endif
