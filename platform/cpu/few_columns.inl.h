// The last panel of a gradient's product where it has few columns: its lanes are rows of c, so that no time is spent on
// padding. Each output has the chain that it has in a tile.
#ifndef MOTE_FEW_COLUMNS_INL_H
#define MOTE_FEW_COLUMNS_INL_H

#include "panels.inl.h"

namespace mote::cpu::MOTE_ISA {

// Of 128 x 65 with 64 rows summed it takes 0.89 of the time with AVX-512 and 0.85 with AVX2, of 32 x 65 with 32 0.97
// and 0.87; with three columns 0.98 and 0.90, with four hardly less. Vectors of four spend less on padding.
constexpr uint32_t kMostFewColumns = 3, kFewColumns = kVecLanes > 4 ? kMostFewColumns : 0;
constexpr uint32_t kManyRows = 32, kManySummed = 32;

// The columns of the last panel where they are few and a product is large enough, else 0.
MOTE_INLINE uint32_t few_columns(const Shape &s) {
    const uint32_t columns = s.n % kLanes;
    return columns <= kFewColumns && s.m >= kManyRows && s.k >= kManySummed ? columns : 0;
}

// A column of a panel's rows in the lanes of a vector, of which c has `rows`. Inline, as a call would have all sums on
// the stack.
MOTE_INLINE Vec read_column(const float *c, uint32_t rows) {
    float lanes[kVecLanes] = {};
    for (uint32_t i = 0; i < smaller(rows, kVecLanes); ++i) lanes[i] = c[i * kLanes];
    return load(lanes);
}
MOTE_INLINE void write_column(float *c, Vec column, uint32_t rows) {
    float lanes[kVecLanes];
    store(lanes, column);
    for (uint32_t i = 0; i < smaller(rows, kVecLanes); ++i) c[i * kLanes] = lanes[i];
}

// The sums of Cols columns and of Vecs vectors of rows, of which c has `rows`.
template <uint32_t Cols, uint32_t Vecs> struct FewSums {
    Vec acc[Cols][Vecs];

    // f(a sum, its first row in c, how many rows there are from it on)
    template <typename F> MOTE_INLINE void for_each(FewSums &t, Mat c, uint32_t rows, F f) {
        MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) {
            const uint32_t row = v * kVecLanes;
            if (rows <= row) return;
            MOTE_UNROLL for (uint32_t j = 0; j < Cols; ++j) f(t.acc[j][v], c.row(row).data + j, rows - row);
        }
    }
    MOTE_INLINE void initialize(FewSums &t, Mat c, uint32_t rows, const Init &init) {
        MOTE_UNROLL for (uint32_t j = 0; j < Cols; ++j) MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) t.acc[j][v] =
            set1(init.bias != nullptr ? init.bias[j] : 0.0f);
        if (!init.overwrite)
            for_each(t, c, rows,
                     [](Vec &sum, const float *at, uint32_t left) MOTE_INLINE_LAMBDA { sum = read_column(at, left); });
    }
    MOTE_INLINE void store_to(FewSums &t, Mat c, uint32_t rows) {
        for_each(t, c, rows,
                 [](Vec &sum, float *at, uint32_t left) MOTE_INLINE_LAMBDA { write_column(at, sum, left); });
    }
    // Products of vectors of rows and a row of b.
    MOTE_INLINE void step(FewSums &t, const Vec (&x)[Vecs], const float *b) {
        MOTE_UNROLL for (uint32_t j = 0; j < Cols; ++j) {
            const Vec y = set1(b[j]);
            MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) t.acc[j][v] = fma(y, x[v], t.acc[j][v]);
        }
    }
};

// What is behind the columns is padding, also where c is overwritten.
MOTE_INLINE void clear_rows(Mat c, uint32_t rows) { memset(c.data, 0, rows * kLanes * sizeof(float)); }

// Panels panels of rows of c, which are columns of a: c = init + the transpose of a times b.
template <uint32_t Cols, uint32_t Panels>
MOTE_NOINLINE static void few_tn(Mat c, ConstMat a, const float *b, uint32_t rows, uint32_t k, const Init &init) {
    using T = FewSums<Cols, Panels * kPanelVecs>;
    T t;
    T::initialize(t, c, rows, init);
    for (uint32_t r = 0; r < k; ++r, a.data += kLanes, b += kLanes) {
        Vec x[Panels * kPanelVecs];
        MOTE_UNROLL for (uint32_t v = 0; v < Panels * kPanelVecs; ++v) x[v] =
            load(a.data + v / kPanelVecs * a.panel + v % kPanelVecs * kVecLanes);
        T::step(t, x, b);
    }
    if (init.overwrite) clear_rows(c, rows);
    T::store_to(t, c, rows);
}
MOTE_INLINE void gemm_tn_few_columns(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    with_constant<kMostFewColumns>(s.n, [&](auto n) MOTE_INLINE_LAMBDA {
        constexpr uint32_t columns = decltype(n)::value, most = kPanelVecs < 4 ? 4 / kPanelVecs : 1;
        uint32_t i = 0;
        for (; i + most * kLanes <= s.m; i += most * kLanes, a.data += most * a.panel)
            few_tn<columns, most>(c.row(i), a, b.data, most * kLanes, s.k, init);
        for (; i < s.m; i += kLanes, a.data += a.panel)
            few_tn<columns, 1>(c.row(i), a, b.data, smaller(s.m - i, kLanes), s.k, init);
        return 0u;
    });
}

} // namespace mote::cpu::MOTE_ISA

#endif
