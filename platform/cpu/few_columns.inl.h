// The last panel of a product where it has few columns: its lanes are rows of c, so that no time is spent on padding.
// Each output has the chains that it has in a tile.
#ifndef MOTE_FEW_COLUMNS_INL_H
#define MOTE_FEW_COLUMNS_INL_H

#include "panels.inl.h"

namespace mote::cpu::MOTE_ISA {

// At 32 x 32 summed, with one column, the products take 0.95 of the time with AVX-512 and 0.88 with AVX2, and at 64 x
// 65 x 128 0.90 and 0.86; with three columns 0.96 and 0.91, with four no less than 0.96. Vectors of four, of which the
// padding takes less and transposing more, have nothing to gain.
constexpr uint32_t kMostFewColumns = 3, kFewColumns = kVecLanes > 4 ? kMostFewColumns : 0;
constexpr uint32_t kManyRows = 32, kManySummed = 32;

// The columns of the last panel where they are few and a product is large enough, else 0.
MOTE_INLINE uint32_t few_columns(const Shape &s) {
    const uint32_t columns = s.n % kLanes;
    return columns <= kFewColumns && s.m >= kManyRows && s.k >= kManySummed ? columns : 0;
}

// A column of a panel's rows, in the lanes of vectors. Not inline: they are called once for many products.
MOTE_NOINLINE static void read_column(float *lanes, const float *c, uint32_t rows) {
    MOTE_UNROLL_2 for (uint32_t i = 0; i < rows; ++i) lanes[i] = c[i * kLanes];
}
MOTE_NOINLINE static void write_column(float *c, const float *lanes, uint32_t rows) {
    MOTE_UNROLL_2 for (uint32_t i = 0; i < rows; ++i) c[i * kLanes] = lanes[i];
}

// The sums of Cols columns and of Vecs vectors of rows, of which c has `rows`.
template <uint32_t Cols, uint32_t Vecs> struct FewSums {
    static constexpr uint32_t kRows = Vecs * kVecLanes;
    Vec acc[Cols][Vecs];

    MOTE_INLINE void initialize(FewSums &t, ConstMat c, uint32_t rows, const Init &init) {
        MOTE_UNROLL for (uint32_t j = 0; j < Cols; ++j) {
            float lanes[kRows] = {};
            if (!init.overwrite) read_column(lanes, c.data + j, rows);
            MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) {
                if (init.overwrite)
                    t.acc[j][v] = set1(init.bias != nullptr ? init.bias[j] : 0.0f);
                else
                    t.acc[j][v] = load(lanes + v * kVecLanes);
            }
        }
    }
    // `added`: to what c holds.
    MOTE_INLINE void store_to(const FewSums &t, Mat c, uint32_t rows, bool added) {
        MOTE_UNROLL for (uint32_t j = 0; j < Cols; ++j) {
            float lanes[kRows] = {};
            if (added) read_column(lanes, c.data + j, rows);
            MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) {
                float *const at = lanes + v * kVecLanes;
                store(at, added ? load(at) + t.acc[j][v] : t.acc[j][v]);
            }
            write_column(c.data + j, lanes, rows);
        }
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

// Rows of c, Vecs vectors of them at most, for one stretch of k: the first, or one that is added to c. The rows of a
// are transposed on their way.
template <uint32_t Cols, uint32_t Vecs>
MOTE_INLINE void few_nn_tile(Mat c, ConstMat a, const float *b, uint32_t rows, uint32_t k, const Init &init,
                             bool first) {
    using T = FewSums<Cols, Vecs>;
    constexpr uint32_t columns = kVecLanes == 16 ? 8 : 4;
    T t;
    T::initialize(t, c, rows, first ? init : kFromZero);
    for (uint32_t k0 = 0; k0 < k; k0 += columns, b += columns * kLanes) {
        const float *const block = a.data + k0 / kLanes * a.panel + k0 % kLanes;
        Vec x[Vecs][columns];
        MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) {
            const uint32_t row = v * kVecLanes;
            if (rows >= Vecs * kVecLanes)
                transpose_columns<columns>(block + row * kLanes, kVecLanes, x[v]);
            else
                transpose_columns<columns>(block + row * kLanes, rows > row ? rows - row : 0, x[v]);
        }
        MOTE_UNROLL for (uint32_t q = 0; q < columns; ++q) {
            if (q >= k - k0) break;
            Vec rows_of[Vecs];
            MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) rows_of[v] = x[v][q];
            T::step(t, rows_of, b + q * kLanes);
        }
    }
    if (first && init.overwrite) clear_rows(c, rows);
    T::store_to(t, c, rows, !first);
}
template <uint32_t Cols>
MOTE_NOINLINE static void few_nn(Mat c, ConstMat a, const float *b, uint32_t m, uint32_t k, const Init &init,
                                 bool first) {
    constexpr uint32_t vecs = 32 / kVecLanes, most = vecs * kVecLanes; // half as many or twice as many: no faster
    for (uint32_t i = 0; i < m; i += most)
        few_nn_tile<Cols, vecs>(c.row(i), a.row(i), b, smaller(most, m - i), k, init, first);
}
MOTE_INLINE void gemm_few_columns(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init, bool first) {
    with_constant<kMostFewColumns>(s.n, [&](auto n) MOTE_INLINE_LAMBDA {
        few_nn<decltype(n)::value>(c, a, b.data, s.m, s.k, init, first);
        return 0u;
    });
}

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
    T::store_to(t, c, rows, false);
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
