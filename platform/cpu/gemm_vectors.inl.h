// Matrix products by vectors.
#ifndef MOTE_GEMM_VECTORS_INL_H
#define MOTE_GEMM_VECTORS_INL_H

#include "few_columns.inl.h"
#include "gemm_tiles.inl.h"

namespace mote::cpu::MOTE_ISA {

// All rows of c for Vecs vectors of columns and one stretch of k.
template <uint32_t Vecs>
MOTE_INLINE void gemm_column(Mat c, ConstMat a, ConstMat b, uint32_t m, uint32_t k, Init init, bool first) {
    constexpr uint32_t most = tile_rows(Vecs);
    const EvenSplit split(m, most);
    for (uint32_t i = 0; i < split.tiles; ++i) {
        const uint32_t rows = split.size(i);
        with_constant<most>(rows, [&](auto r) MOTE_INLINE_LAMBDA {
            tile_nn<decltype(r)::value, Vecs>(c, a, b, k, init, first);
            return 0u;
        });
        c = c.row(rows);
        a = a.row(rows);
    }
}

// Of 48 rows a stretch of 128 is 24 KiB, half of a first-level cache. That and asking for rows beforehand take 0.92 of
// the time at 2048 x 65 x 256 with AVX2.
constexpr uint32_t kBlockRows = 48;

MOTE_INLINE void gemm_block(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    const EvenSplit split(panel_count(s.n), kTilePanels);
    const uint32_t depth = depth_of(s.k);
    for (uint32_t k0 = 0; k0 < s.k; k0 += depth) {
        const uint32_t k = smaller(depth, s.k - k0);
        const ConstMat ak{a.data + k0 / kLanes * a.panel, a.panel};
        const ConstMat bk = b.row(k0);
        for (uint32_t i = 0, p = 0; i < split.tiles; p += split.size(i), ++i)
            with_constant<kTileUnits>(used_units(s.n, p, split.size(i)), [&](auto units) MOTE_INLINE_LAMBDA {
                gemm_column<decltype(units)::value * kUnitVecs>(panel_of(c, p), ak, panel_of(bk, p), s.m, k, init.at(p),
                                                                k0 == 0);
                return 0u;
            });
    }
}

MOTE_NOINLINE static void gemm_blocks(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    if constexpr (!kManyPasses) return gemm_block(c, a, b, s, init);
    const EvenSplit split(s.m, kBlockRows);
    for (uint32_t i = 0; i < split.tiles; ++i) {
        const uint32_t rows = split.size(i);
        gemm_block(c, a, b, {rows, s.n, s.k}, init);
        c = c.row(rows);
        a = a.row(rows);
    }
}

template <uint32_t Rows, uint32_t Vecs>
MOTE_NOINLINE static void few_panels(Mat c, ConstMat a, ConstMat b, uint32_t k, Init init) {
    using T = Tile<Rows, Vecs>;
    T t;
    T::initialize(t, c, init);
    T::add_product(t, c, a, b, k);
    T::store_to(t, c);
}

// So few rows that one tile has them all: as many panels at once as hide the latency of a multiply-add.
template <uint32_t Rows>
MOTE_NOINLINE static void gemm_few(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    constexpr uint32_t panels = smaller(kGemvPanels, kTileRows * kTilePanels / Rows), most = panels * kPanelUnits;
    const auto tile = [&](uint32_t p, uint32_t size) MOTE_INLINE_LAMBDA {
        with_constant<most>(used_units(s.n, p, size), [&](auto units) MOTE_INLINE_LAMBDA {
            few_panels<Rows, decltype(units)::value * kUnitVecs>(panel_of(c, p), a, panel_of(b, p), s.k, init.at(p));
            return 0u;
        });
    };
    const EvenSplit split(panel_count(s.n), panels);
    // The loop takes 3% of a character of two texts of an RNN of 16 units; of one row, one tile without it gained
    // nothing.
    if (Rows > 1 && split.tiles == 1) return tile(0, split.base);
    for (uint32_t done = 0; done < split.tiles; ++done) {
        const uint32_t i = split.next(done, init.backwards);
        tile(split.first(i), split.size(i));
    }
}

void gemm(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    if (s.m == 1) return gemm_few<1>(c, a, b, s, init);
    if constexpr (kTileRows >= 3) {
        if (s.m == 2) return gemm_few<2>(c, a, b, s, init);
        if (s.m == 3) return gemm_few<3>(c, a, b, s, init);
    }
    gemm_blocks(c, a, b, s, init);
}

// The last panel's few columns take a block of k while the others have left it in the cache.
MOTE_INLINE uint32_t gemm_tn_sums(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init, bool flush_sums) {
    const uint32_t few = few_columns(s), last = s.n / kLanes;
    const auto few_of_block = [&](uint32_t k0, uint32_t k) MOTE_INLINE_LAMBDA {
        if (few != 0)
            gemm_tn_few_columns(panel_of(c, last), a.row(k0), panel_of(b.row(k0), last), {s.m, few, k},
                                k0 == 0 ? init.at(last) : kAccumulate);
    };
    const uint32_t found = gemm_tn_blocks(c, a, b, {s.m, s.n - few, s.k}, init, flush_sums, few_of_block);
    return few != 0 && flush_sums ? found | flush_rows(panel_of(c, last), {s.m, few, s.k}) : found;
}

uint32_t gemm_tn(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    return gemm_tn_sums(c, a, b, s, init, true);
}

void gemm_tn_add(Mat c, ConstMat a, ConstMat b, const Shape &s) { gemm_tn_sums(c, a, b, s, kAccumulate, false); }

// From +0, and not flushed.
MOTE_INLINE void gemm_tn_sums(Mat c, ConstMat a, ConstMat b, const Shape &s) {
    gemm_tn_sums(c, a, b, s, kFromZero, false);
}

// Rows by vectors of outputs, whose products share each block of b: as many as registers hold beside blocks and what
// transposing them takes. Tiles of two and three rows instead of one row after the other: 0.56 and 0.40 of the time
// with AVX-512, 0.72 and 0.53 with AVX2. Of a row, four vectors hide more of the latency than two.
constexpr uint32_t kTransposedRows = kTileRows >= 8 ? 4 : smaller(3, kTileRows);
constexpr uint32_t transposed_vecs(uint32_t rows) { return kTileRows == 1 ? 1 : rows == 1 ? 4 : 2; }
// Columns of a block: what bounds a product of one row is its loads, of which eight columns at a time need half as
// many; with more rows four are as fast, and leave registers free. 0.83 of the time at 128 x 128.
constexpr uint32_t transposed_columns(uint32_t rows) { return kVecLanes == 16 && rows == 1 ? 8 : 4; }
// Blocks that wait in registers, so that they share the numbers of a, where these are not part of an instruction: two
// are 0.7 to 0.8 of the time of one with AVX2. AVX-512 has them in the instruction.
constexpr uint32_t kBlocksAtOnce = kVecLanes == 16 ? 1 : 2;

// Outputs from n on, which are rows of b, for one stretch: the first, or one that is added to c. Padding columns of a
// and b are +0 both: they change no sum but -0, and none is.
template <uint32_t Rows, uint32_t Vecs>
MOTE_INLINE void transposed_tile(Mat c, ConstMat a, ConstMat b, uint32_t n, const Shape &s, const Init &init,
                                 bool first) {
    const auto at = [&](uint32_t i, uint32_t v) MOTE_INLINE_LAMBDA {
        const uint32_t column = n + v * kVecLanes;
        return c.data + column / kLanes * c.panel + i * kLanes + column % kLanes;
    };
    constexpr uint32_t columns = transposed_columns(Rows);
    Vec acc[Rows][Vecs];
    MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) {
        acc[i][v] = set1(0.0f);
        if (first && !init.overwrite) acc[i][v] = load(at(i, v));
        if (first && init.bias != nullptr) acc[i][v] = load(init.bias + n + v * kVecLanes);
    }
    b = b.row(n);
    for (uint32_t k0 = 0; k0 < s.k; k0 += kLanes, a.data += a.panel, b.data += b.panel)
        for (uint32_t j = 0; j < smaller(kLanes, s.k - k0); j += columns)
            MOTE_UNROLL for (uint32_t v = 0; v < Vecs; v += kBlocksAtOnce) {
                Vec x[kBlocksAtOnce][columns];
                MOTE_UNROLL for (uint32_t u = 0; u < kBlocksAtOnce; ++u) {
                    if (v + u >= Vecs) break;
                    const float *const block = b.data + (v + u) * kVecLanes * kLanes + j;
                    const uint32_t row = n + (v + u) * kVecLanes;
                    if (n + Vecs * kVecLanes <= s.n)
                        transpose_columns<columns>(block, kVecLanes, x[u]);
                    else
                        transpose_columns<columns>(block, s.n > row ? s.n - row : 0, x[u]);
                }
                MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL for (uint32_t q = 0; q < columns; ++q)
                    MOTE_UNROLL for (uint32_t u = 0; u < kBlocksAtOnce; ++u) if (v + u < Vecs) acc[i][v + u] =
                        fma(set1(a.data[i * kLanes + j + q]), x[u][q], acc[i][v + u]);
            }
    MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v)
        store(at(i, v), first ? acc[i][v] : load(at(i, v)) + acc[i][v]);
}

// All outputs for one stretch.
template <uint32_t Rows>
MOTE_INLINE void transposed_stretch(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init, bool first) {
    constexpr uint32_t most = transposed_vecs(Rows);
    const EvenSplit split(panel_count(s.n) * kPanelVecs, most);
    for (uint32_t i = 0, n = 0; i < split.tiles; n += split.size(i) * kVecLanes, ++i)
        with_constant<most>(split.size(i), [&](auto vecs) MOTE_INLINE_LAMBDA {
            transposed_tile<Rows, decltype(vecs)::value>(c, a, b, n, s, init, first);
            return 0u;
        });
}

template <uint32_t Rows>
MOTE_NOINLINE static void transposed_rows(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    const uint32_t depth = depth_of(s.k);
    for (uint32_t k0 = 0; k0 < s.k; k0 += depth) {
        const size_t panel = k0 / kLanes;
        transposed_stretch<Rows>(c, {a.data + panel * a.panel, a.panel}, {b.data + panel * b.panel, b.panel},
                                 {s.m, s.n, smaller(depth, s.k - k0)}, init, k0 == 0);
    }
}

void gemm_nt(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    const EvenSplit split(s.m, kTransposedRows);
    for (uint32_t i = 0; i < split.tiles; ++i) {
        const uint32_t rows = split.size(i);
        with_constant<kTransposedRows>(rows, [&](auto r) MOTE_INLINE_LAMBDA {
            transposed_rows<decltype(r)::value>(c, a, b, s, init);
            return 0u;
        });
        c = c.row(rows);
        a = a.row(rows);
    }
}

} // namespace mote::cpu::MOTE_ISA

#endif
