// Softmax and cross-entropy of rows of a table: once for each row of the table that a batch has, however many rows of
// the batch have it.
#ifndef MOTE_TABLE_LOSS_INL_H
#define MOTE_TABLE_LOSS_INL_H

#include "loss.inl.h"

namespace mote::cpu::MOTE_ISA {

// Vectors of a row whose sums go through the rows of the batch together.
constexpr uint32_t kTableVecs = kVecLanes == kLanes ? 8 : kVecLanes > 1 ? 4 : 1;

constexpr float kLaneNumbers[kLanes] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

// Rows of the table that go through each stage together, and of each its rows of the batch.
struct TableBlock {
    uint32_t count;
    TableRow *rows[kLossRows], *end;
    float max[kLossRows], sum[kLossRows], inverse[kLossRows];

    TableRow *end_of(uint32_t i) const { return i + 1 < count ? rows[i + 1] : end; }
};

// The next block, from *row on; rows of the table that the batch does not have get gradients of +0.
MOTE_INLINE void next_block(TableBlock &b, TableRow *row, const TableRow *end) {
    b.count = 0;
    while (row != end && b.count < kLossRows) {
        const uint32_t token = row->token;
        b.rows[b.count++] = row;
        while (row != end && row->token == token) ++row;
    }
    b.end = row;
}

// What lies behind the last vector with a term: a step that failed may have left NaN there.
MOTE_INLINE void clear_padding(float *row, size_t panel, uint32_t n) {
    const uint32_t used = (n % kLanes + kVecLanes - 1) / kVecLanes * kVecLanes;
    for (uint32_t lane = used == 0 ? kLanes : used; lane < kLanes; ++lane) row[n / kLanes * panel + lane] = 0.0f;
}

// Terms exp(x - max) go to the rows of the gradient.
MOTE_INLINE uint32_t table_sums(TableBlock &b, Mat gradient, ConstMat table, uint32_t n) {
    uint32_t bad = 0;
    for (uint32_t i = 0; i < b.count; ++i) {
        const ConstMat row = table.row(b.rows[i]->token);
        b.max[i] = row_max({row.data, row.panel, n}, &bad);
    }
    store(b.sum, set1(1.0f));
    for (uint32_t i = 0; i < b.count; ++i) {
        const ConstMat row = table.row(b.rows[i]->token);
        const Mat terms = gradient.row(b.rows[i]->token);
        clear_padding(terms.data, terms.panel, n);
        b.sum[i] = row_exp_sum({row.data, row.panel, n}, b.max[i], terms.data);
    }
    store(b.inverse, set1(1.0f) / load(b.sum));
    store(b.sum, log_vec(load(b.sum)));
    return bad;
}

// Of each row of the batch its loss, and the gradient of the logit of its target.
MOTE_INLINE void table_targets(const TableBlock &b, uint32_t i, ConstMat terms, ConstMat table, float scale) {
    const uint32_t token = b.rows[i]->token;
    const float *const logits = table.row(token).data, *const row = terms.row(token).data;
    for (TableRow *r = b.rows[i]; r != b.end_of(i); ++r) {
        const uint32_t target = static_cast<uint32_t>(r->target), lane = target % kLanes;
        r->loss = b.sum[i] - (logits[target / kLanes * table.panel + lane] - b.max[i]);
        r->gradient = target_gradient(row[target / kLanes * terms.panel + lane], b.inverse[i], scale);
    }
}

// Vecs vectors of a row from `column` on: what the terms become for a row of the batch is added for each of
// them. A function, so that the frames of all Vecs are not one.
template <uint32_t Vecs>
MOTE_NOINLINE static void add_gradients(Mat row, uint32_t column, const TableRow *rows, const TableRow *end,
                                        float inverse, float scale) {
    Vec each[Vecs], sum[Vecs], columns[Vecs];
    const auto at = [&](uint32_t v) MOTE_INLINE_LAMBDA {
        const uint32_t place = column + v * kVecLanes;
        return row.data + place / kLanes * row.panel + place % kLanes;
    };
    MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) {
        each[v] = softmax_gradient(load(at(v)), inverse, scale);
        sum[v] = set1(0.0f);
        columns[v] = load(kLaneNumbers) + set1(static_cast<float>(column + v * kVecLanes));
    }
    for (; rows != end; ++rows) MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) {
            const Mask is_target = equal(columns[v], set1(rows->target));
            sum[v] = sum[v] + select(is_target, set1(rows->gradient), each[v]);
        }
    MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) store(at(v), flushed(sum[v], kQuantum));
}

MOTE_INLINE void clear_rows(Mat gradient, uint32_t first, uint32_t end, uint32_t n) {
    if (first == end) return;
    for (uint32_t p = 0; p < panel_count(n); ++p)
        memset(gradient.data + p * gradient.panel + size_t{first} * kLanes, 0,
               size_t{end - first} * kLanes * sizeof(float));
}

uint32_t table_cross_entropy(Mat gradient, ConstMat table, uint32_t first, uint32_t end, uint32_t n, TableRow *rows,
                             uint32_t m, float scale) {
    uint32_t bad = 0;
    for (TableRow *const rows_end = rows + m; rows != rows_end;) {
        TableBlock b;
        next_block(b, rows, rows_end);
        bad |= table_sums(b, gradient, table, n);
        for (uint32_t i = 0; i < b.count; ++i) {
            const uint32_t token = b.rows[i]->token;
            table_targets(b, i, gradient, table, scale);
            const EvenSplit split(panel_count(n) * kPanelVecs, kTableVecs);
            for (uint32_t j = 0, v = 0; j < split.tiles; v += split.size(j), ++j)
                with_constant<kTableVecs>(split.size(j), [&](auto vecs) MOTE_INLINE_LAMBDA {
                    add_gradients<decltype(vecs)::value>(gradient.row(token), v * kVecLanes, b.rows[i], b.end_of(i),
                                                         b.inverse[i], scale);
                    return 0u;
                });
            clear_rows(gradient, first, token, n);
            first = token + 1;
        }
        rows = b.end;
    }
    clear_rows(gradient, first, end, n);
    return bad;
}

} // namespace mote::cpu::MOTE_ISA

#endif
