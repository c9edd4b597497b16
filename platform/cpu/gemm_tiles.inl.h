// Matrix products by tiles whose sums stay in registers. Each output is the same chains of fused multiply-adds, k
// ascending, whatever the tile: vectors run along the 16 columns of a panel, never along k.
#ifndef MOTE_GEMM_TILES_INL_H
#define MOTE_GEMM_TILES_INL_H

#include "flush_rows.inl.h"

namespace mote::cpu::MOTE_ISA {

// Depth of a block of a gradient's rows; those of other products are stretches. 128 rows of three panels are 24 KiB,
// half of a first-level cache, while the tiles above pass over them. Against 256 it gained 2 to 5 % at 64 x 512 x 512
// with AVX2. One lane at a time does not wait for a cache.
constexpr uint32_t kDepth = kVecLanes > 1 ? 128 : UINT32_MAX;

// Whether sums are flushed in their registers: beside 24 vectors of four there is no room for it.
constexpr bool kFlushInTiles = kVecLanes > 4;

// The longest k of two stretches.
constexpr uint32_t kTwoStretches = 256;
static_assert(stretches_of(kTwoStretches) == 2 && stretches_of(kTwoStretches + 1) > 2, "no k above it has two");

// stretch_depth(), of most products without its division, which takes longer than a small one's loads.
MOTE_INLINE uint32_t depth_of(uint32_t k) {
    if (k < 32 || k > kTwoStretches) return stretch_depth(k);
    return (k + 31) / 32 * 16;
}

// Whether rows pass many times, once for each panel: then a few of them pass over all panels before the next ones do
// (gemm()), and those of the next tile are asked for while one is computed, since the next panel of a row lies in
// another page, where no prefetcher of the processor looks. Vectors of four have no stack to spare for that.
constexpr bool kManyPasses = kVecLanes > 4 && kTilePanels == 1;

// Vectors of padding alone take no time: tiles have as many units of a panel as hold outputs. A unit is a vector, or a
// whole panel where vectors have one lane, whose functions would be 16.
constexpr uint32_t kUnitVecs = kVecLanes > 1 ? 1 : kPanelVecs, kPanelUnits = kPanelVecs / kUnitVecs;
constexpr uint32_t kTileUnits = kTilePanels * kPanelUnits, kGemvUnits = kGemvPanels * kPanelUnits;
// Of `panels` panels from p on, of n columns.
MOTE_INLINE uint32_t used_units(uint32_t n, uint32_t p, uint32_t panels) {
    constexpr uint32_t lanes = kLanes / kPanelUnits;
    return smaller(panels * kPanelUnits, (n - p * kLanes + lanes - 1) / lanes);
}

// Rows of a tile: those of a single vector are more, as few chains do not hide the latency of a multiply-add.
constexpr uint32_t tile_rows(uint32_t vecs) { return vecs == 1 && kPanelVecs > 1 ? 2 * kTileRows : kTileRows; }

// The accumulators of a tile: Rows rows of c by Vecs vectors, which leave padding in the last of its panels.
template <uint32_t Rows, uint32_t Vecs> struct Tile {
    static constexpr uint32_t kPanels = (Vecs + kPanelVecs - 1) / kPanelVecs;
    Vec acc[Rows][Vecs];

    // Whether there are registers for the sums of two stretches, and a number of each row.
    static constexpr bool kTwoFit = 2 * Rows * kPanels + Rows - 1 <= kTileRows * kTilePanels;
    // Whether two stretches go side by side: not where one alone has chains enough, since twice as many panels that lie
    // a multiple of 4 KiB apart are more than a set of a first-level cache has ways.
    static constexpr bool kTwoChains = kTwoFit && 2 * kPanels <= kGemvPanels + 2;

    template <typename F> MOTE_INLINE void fill(Tile &t, F f) {
        MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) t.acc[i][v] =
            f(i, v);
    }
    MOTE_INLINE void begin(Tile &t, ConstMat c) {
        fill(t, [&](uint32_t i, uint32_t v) MOTE_INLINE_LAMBDA { return load(c.data + place(c, i, v)); });
    }
    MOTE_INLINE void initialize(Tile &t, Mat c, Init init) {
        if (!init.overwrite)
            begin(t, c);
        else if (init.bias == nullptr)
            fill(t, [&](uint32_t, uint32_t) MOTE_INLINE_LAMBDA { return set1(0.0f); });
        else
            fill(t, [&](uint32_t, uint32_t v) MOTE_INLINE_LAMBDA { return load(init.bias + v * kVecLanes); });
    }
    // Addresses of outputs are computed where these are read or stored: held from one to the other they take all
    // registers, and the tile waits for them (0.97 of the time of 32 x 256 x 256 with AVX-512).
    MOTE_INLINE Mat found_here(Mat c) { return {c.data, kVecLanes > 4 ? known_from_here(c.panel) : c.panel}; }
    // Stores the accumulators as flush() would leave them; true where one is too large.
    MOTE_INLINE bool store_flushed(const Tile &t, Mat c) {
        c = found_here(c);
        Mask large = none();
        MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) {
            large = large | beyond(magnitude(t.acc[i][v]), set1(kLargest));
            store(at(c, i, v), flushed(t.acc[i][v], kQuantum));
        }
        clear_padding(c);
        return any(large);
    }
    MOTE_INLINE void store_to(const Tile &t, Mat c) {
        c = found_here(c);
        MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v)
            store(at(c, i, v), t.acc[i][v]);
        clear_padding(c);
    }
    MOTE_INLINE void clear_padding(Mat c) {
        MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i)
            MOTE_UNROLL for (uint32_t v = Vecs; v < kPanels * kPanelVecs; ++v) store(at(c, i, v), set1(0.0f));
    }
    MOTE_INLINE size_t place(ConstMat c, uint32_t i, uint32_t v) {
        return v / kPanelVecs * c.panel + i * kLanes + v % kPanelVecs * kVecLanes;
    }
    MOTE_INLINE float *at(Mat c, uint32_t i, uint32_t v) { return c.data + place(c, i, v); }
    // One k: row i of a is a[i * row_step]. What there is less of, rows or vectors, waits in registers.
    MOTE_INLINE void step(Tile &t, const float *a, uint32_t row_step, const float *b, size_t b_panel) {
        const auto b_at = [&](uint32_t v) MOTE_INLINE_LAMBDA {
            return load(b + v / kPanelVecs * b_panel + v % kPanelVecs * kVecLanes);
        };
        if constexpr (Rows < Vecs) {
            Vec y[Rows];
            MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) y[i] = set1(a[i * row_step]);
            MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) {
                const Vec x = Rows > 1 ? keep_in_register(b_at(v)) : b_at(v);
                MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) t.acc[i][v] = fma(y[i], x, t.acc[i][v]);
            }
        } else {
            Vec x[Vecs];
            MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) x[v] = Rows > 1 ? keep_in_register(b_at(v)) : b_at(v);
            MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) {
                const Vec y = set1(a[i * row_step]);
                MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) t.acc[i][v] = fma(y, x[v], t.acc[i][v]);
            }
        }
    }
    // k from k0, a multiple of 16, to the one before `end`; they run along the columns of a, so in chunks of a panel.
    // Where multiply-adds keep their ports busy, pointers are only ever added to: a multiplication that finds the next
    // panel shares a port with them, and all loads of the panel wait for it, a ninth of the time with AVX2 (a Xeon of
    // 2023). Elsewhere it saves a register.
    MOTE_INLINE void add_chain(Tile &t, ConstMat a, ConstMat b, uint32_t k0, uint32_t end) {
        const float *ak = a.data + k0 / kLanes * a.panel, *bk = b.data + size_t{k0} * kLanes;
        for (; k0 < end; k0 += kLanes, ak += a.panel) {
            if (kVecLanes <= 4) ak = a.data + k0 / kLanes * a.panel, bk = b.data + size_t{k0} * kLanes;
            if (kManyPasses && Rows >= 4)
                MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) __builtin_prefetch(ak + (Rows + i) * kLanes);
            if (end - k0 >= kLanes)
                MOTE_UNROLL_4 for (uint32_t j = 0; j < kLanes; ++j, bk += kLanes) step(t, ak + j, kLanes, bk, b.panel);
            else
                MOTE_UNROLL_1 for (uint32_t j = 0; j < end - k0; ++j, bk += kLanes)
                    step(t, ak + j, kLanes, bk, b.panel);
        }
    }
    // Two stretches from k0 on side by side: that of t, and that of u, which the last of all may cut short.
    MOTE_INLINE void add_two_chains(Tile &t, Tile &u, ConstMat a, ConstMat b, uint32_t k0, uint32_t depth, uint32_t k) {
        const uint32_t k1 = k0 + depth, end = smaller(k1 + depth, k), both = (end - k1) / kLanes * kLanes;
        for (uint32_t i = 0; i < both; i += kLanes) {
            const float *at = a.data + (k0 + i) / kLanes * a.panel, *au = a.data + (k1 + i) / kLanes * a.panel;
            const float *bt = b.data + size_t{k0 + i} * kLanes, *bu = b.data + size_t{k1 + i} * kLanes;
            MOTE_UNROLL_4 for (uint32_t j = 0; j < kLanes; ++j, bt += kLanes, bu += kLanes) {
                step(t, at + j, kLanes, bt, b.panel);
                step(u, au + j, kLanes, bu, b.panel);
            }
        }
        add_chain(t, a, b, k0 + both, k1);
        add_chain(u, a, b, k1 + both, end);
    }
    MOTE_INLINE void add(Tile &t, const Tile &u) {
        fill(t, [&](uint32_t i, uint32_t v) MOTE_INLINE_LAMBDA { return t.acc[i][v] + u.acc[i][v]; });
    }
    MOTE_INLINE void clear(Tile &t) {
        fill(t, [](uint32_t, uint32_t) MOTE_INLINE_LAMBDA { return set1(0.0f); });
    }
    // t + a[.][0 … k) b, where t is the initial value of the first stretch. Two stretches at a time where there are
    // registers for their sums: few chains alone do not hide the latency of a multiply-add. `room` holds a tile's sums
    // where there are not.
    // AnyLength: or k is no longer than two stretches, so that what others keep in registers takes none.
    template <bool AnyLength = true>
    MOTE_INLINE void add_product(Tile &t, Mat room, ConstMat a, ConstMat b, uint32_t k) {
        if (!AnyLength && k > kTwoStretches) __builtin_unreachable();
        const uint32_t depth = depth_of(k);
        if (depth >= k) return add_chain(t, a, b, 0, k);
        if constexpr (kTwoChains)
            add_stretches_in_pairs(t, room, a, b, depth, k);
        else
            add_stretches(t, room, a, b, depth, k);
    }
    MOTE_INLINE void add_stretches_in_pairs(Tile &t, Mat room, ConstMat a, ConstMat b, uint32_t depth, uint32_t k) {
        Tile u;
        clear(u);
        add_two_chains(t, u, a, b, 0, depth, k);
        add(t, u);
        for (uint32_t k0 = 2 * depth; k0 < k; k0 += 2 * depth) {
            store_to(t, room);
            clear(t);
            clear(u);
            if (k - k0 <= depth)
                add_chain(t, a, b, k0, k);
            else
                add_two_chains(t, u, a, b, k0, depth, k);
            add_stored(t, room);
            if (k - k0 > depth) add(t, u);
        }
    }
    MOTE_INLINE void add_stretches(Tile &t, Mat room, ConstMat a, ConstMat b, uint32_t depth, uint32_t k) {
        add_chain(t, a, b, 0, depth);
        for (uint32_t k0 = depth; k0 < k; k0 += depth) {
            const uint32_t end = smaller(k0 + depth, k);
            if constexpr (kTwoFit) {
                Tile u;
                clear(u);
                add_chain(u, a, b, k0, end);
                add(t, u);
            } else {
                store_to(t, room);
                clear(t);
                add_chain(t, a, b, k0, end);
                add_stored(t, room);
            }
        }
    }
    MOTE_INLINE void add_stored(Tile &t, Mat c) {
        c = found_here(c);
        fill(t, [&](uint32_t i, uint32_t v) MOTE_INLINE_LAMBDA { return load(at(c, i, v)) + t.acc[i][v]; });
    }
};

// One stretch of c = init + a b for one tile: the first, or one that is added to c.
template <uint32_t Rows, uint32_t Vecs>
MOTE_NOINLINE static void tile_nn(Mat c, ConstMat a, ConstMat b, uint32_t k, Init init, bool first) {
    using T = Tile<Rows, Vecs>;
    T t;
    T::initialize(t, c, first ? init : kFromZero);
    T::add_chain(t, a, b, 0, k);
    if (!first) T::add_stored(t, c);
    T::store_to(t, c);
}

// c = init + sum over r < k of a[r][0 … Rows) b[r]; k runs along the rows of both. `last`: the sums are whole, and
// flushed.
template <uint32_t Rows, uint32_t Vecs>
MOTE_NOINLINE static uint32_t tile_tn(Mat c, ConstMat a, ConstMat b, uint32_t k, Init init, bool last) {
    using T = Tile<Rows, Vecs>;
    T t;
    T::initialize(t, c, init);
    const float *ar = a.data, *br = b.data;
    MOTE_UNROLL_4 for (uint32_t r = 0; r < k; ++r, ar += kLanes, br += kLanes) T::step(t, ar, 1, br, b.panel);
    if (kFlushInTiles && last) return T::store_flushed(t, c) ? flush_rows(c, {Rows, T::kPanels * kLanes, k}) : 0;
    T::store_to(t, c);
    return 0;
}

// The 16 columns of a's panel are 16 rows of c: tiles of them, each a chain along the rows of a and b.
template <uint32_t Vecs>
MOTE_INLINE uint32_t gemm_tn_block(Mat c, ConstMat a, ConstMat b, uint32_t m, uint32_t k, Init init, bool last) {
    const EvenSplit split(m, kTileRows);
    uint32_t found = 0;
    for (uint32_t i = 0; i < split.tiles; ++i) {
        const uint32_t rows = split.size(i);
        found |= with_constant<kTileRows>(
            rows, [&](auto r) MOTE_INLINE_LAMBDA { return tile_tn<decltype(r)::value, Vecs>(c, a, b, k, init, last); });
        c = c.row(rows);
        a.data += rows;
    }
    return found;
}

// What c holds then is the sums as they are; flush_sums: or flushed, and what flush() found is returned. Behind each
// block of k: after(its first k, how many).
template <typename F>
MOTE_INLINE uint32_t gemm_tn_blocks(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init, bool flush_sums,
                                    F after) {
    const EvenSplit split(panel_count(s.n), kTilePanels);
    uint32_t found = 0;
    for (uint32_t k0 = 0; k0 < s.k; k0 += kDepth) {
        const Init &from = k0 == 0 ? init : kAccumulate;
        const uint32_t k = smaller(kDepth, s.k - k0);
        for (uint32_t m0 = 0; m0 < s.m; m0 += kLanes) {
            const ConstMat ak{a.data + m0 / kLanes * a.panel + k0 * kLanes, a.panel};
            const Mat cm = c.row(m0);
            const ConstMat bk = b.row(k0);
            const uint32_t m = smaller(kLanes, s.m - m0);
            const bool last = flush_sums && k0 + k == s.k;
            for (uint32_t i = 0, p = 0; i < split.tiles; p += split.size(i), ++i)
                found |= with_constant<kTilePanels>(split.size(i), [&](auto cols) MOTE_INLINE_LAMBDA {
                    return gemm_tn_block<decltype(cols)::value * kPanelVecs>(panel_of(cm, p), ak, panel_of(bk, p), m, k,
                                                                             from.at(p), last);
                });
        }
        after(k0, k);
    }
    return kFlushInTiles || !flush_sums ? found : flush_rows(c, s);
}

} // namespace mote::cpu::MOTE_ISA

#endif
