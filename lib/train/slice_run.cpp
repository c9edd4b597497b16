// What the stages of a step in slices run: the kernels, on a part of the rows and panels that a step at once gives
// them.
#include <string.h>

#include "carried.h"
#include "cells.h"
#include "optimizer.h"
#include "slice_part.h"

namespace mote {

using cpu::ConstMat;
using cpu::Mat;

namespace {

// Of a flat array, the numbers of a part.
float *flat(const SliceWork &work, const SlicePart &part) {
    return work.to.data + size_t{part.rows.first} * cpu::kLanes;
}
size_t flat_count(const SlicePart &part) { return size_t{part.rows.size()} * cpu::kLanes; }

} // namespace

uint32_t run_tokens(mote_slices &s, const SliceWork &, const SlicePart &part) {
    mote_trainer &t = *s.trainer;
    const Batch &b = t.batch;
    const size_t row = row_tokens(b.config(), b.time);
    uint32_t counted = 0;
    const mote_status status = check_batch(b.config(), part.rows.size(), part.panels.size(),
                                           b.tokens + part.rows.first * row + part.panels.first,
                                           s.targets + size_t{part.rows.first} * b.time + part.panels.first, &counted);
    t.counted += counted;
    return status == MOTE_OK ? 0 : kBadToken;
}

uint32_t run_carried(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    const Batch &b = s.trainer->batch;
    const CarriedState state(b.config(), b.batch, b.time);
    for (uint32_t i = part.rows.first; i < part.rows.end; ++i) {
        float *const hidden = work.to.data + i * state.stride;
        if (s.stage == kCarry)
            memcpy(hidden, hidden + b.time * state.floats, state.floats * sizeof(float));
        else
            memset(hidden, 0, state.floats * sizeof(float));
    }
    return 0;
}

uint32_t run_product(mote_slices &, const SliceWork &work, const SlicePart &part) {
    cpu::gemm(from(work.to, part), work.a.row(part.rows.first), panels_from(work.b, part.panels.first),
              {part.rows.size(), columns_of(work, part), work.depth}, start_of(work, part));
    return 0;
}

uint32_t run_transposed(mote_slices &, const SliceWork &work, const SlicePart &part) {
    cpu::gemm_nt(from(work.to, part), work.a.row(part.rows.first), work.b.row(part.panels.first * cpu::kLanes),
                 {part.rows.size(), columns_of(work, part), work.depth}, start_of(work, part));
    return 0;
}

// The rows are columns of a, in whose panels the kernel begins anywhere, but goes on to the next from a first column.
uint32_t run_gradient(mote_slices &, const SliceWork &work, const SlicePart &part) {
    const cpu::ConstMat b = panels_from(work.b, part.panels.first);
    uint32_t found = 0;
    for (Range rows = part.rows; rows.first < part.rows.end; rows.first = rows.end) {
        const uint32_t within = rows.first % cpu::kLanes, end = rows.first - within + cpu::kLanes;
        rows.end = within != 0 && end < part.rows.end ? end : part.rows.end;
        const ConstMat a{work.a.data + rows.first / cpu::kLanes * work.a.panel + within, work.a.panel};
        found |= cpu::gemm_tn(from(work.to, {rows, part.panels}), a, b,
                              {rows.size(), columns_of(work, part), work.depth}, cpu::kFromZero);
    }
    return found;
}

uint32_t run_lookup(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    const Batch &b = s.trainer->batch;
    const Mat to = from(work.to, part);
    const ConstMat table = panels_from(work.a, part.panels.first);
    for (uint32_t i = 0; i < part.rows.size(); ++i)
        cpu::gather(to.row(i), columns_from(work.bias, part.panels.first), table,
                    {b.tokens + place_of(b, part.rows.first + i), 1}, 1, columns_of(work, part));
    return 0;
}

// A product, and the activation of the sums.
uint32_t run_activated(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    run_product(s, work, part);
    return activate(s.trainer->batch.config(), from(work.to, part), part.rows.size(), columns_of(work, part));
}

// The gradients of a layer's outputs, which become those of its sums.
uint32_t run_activation_delta(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    Batch &b = s.trainer->batch;
    if (work.depth != 0) run_transposed(s, work, part);
    const size_t now = is_recurrent(b.config()) ? size_t{b.batch} * s.time : 0;
    activation_gradient(b.config(), from(work.to, part), from(b.hidden(s.layer).row(now), part), part.rows.size(),
                        columns_of(work, part));
    return 0;
}

uint32_t run_loss(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    mote_trainer &t = *s.trainer;
    const float scale = 1.0f / loss_divisor(t);
    uint32_t bad = 0;
    for (uint32_t r = part.rows.first; r < part.rows.end; ++r)
        bad |= cpu::cross_entropy(work.to.row(r), 1, t.batch.config().vocab, {s.targets + place_of(t.batch, r), 1},
                                  scale, t.nats, r);
    return bad;
}

uint32_t run_column_sums(mote_slices &, const SliceWork &work, const SlicePart &part) {
    return cpu::column_sum(work.to.data + part.panels.first * cpu::kLanes, panels_from(work.a, part.panels.first),
                           work.depth, columns_of(work, part));
}

uint32_t run_clear(mote_slices &, const SliceWork &work, const SlicePart &part) {
    memset(flat(work, part), 0, flat_count(part) * sizeof(float));
    return 0;
}

uint32_t run_add_rows(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    const Batch &b = s.trainer->batch;
    const Mat table{work.to.data + part.panels.first * work.to.panel, work.to.panel};
    const ConstMat delta = from(work.a, part);
    for (uint32_t i = 0; i < part.rows.size(); ++i)
        cpu::scatter_add(table, delta.row(i), {b.tokens + place_of(b, part.rows.first + i), 1}, 1,
                         columns_of(work, part));
    return 0;
}

uint32_t run_flush(mote_slices &, const SliceWork &work, const SlicePart &part) {
    return cpu::flush(flat(work, part), flat_count(part));
}

uint32_t run_clip(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    cpu::clip(flat(work, part), flat_count(part), s.trainer->train.clip_value);
    return 0;
}

uint32_t run_squares(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    const uint32_t end = work.depth; // of the array
    for (uint32_t i = part.rows.first; i < part.rows.end; ++i) {
        const uint32_t first = i * kSquaresBlock;
        s.norm =
            s.norm + cpu::sum_squares(work.to.data + first, end - first < kSquaresBlock ? end - first : kSquaresBlock);
    }
    return 0;
}

uint32_t run_scale(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    cpu::scale(flat(work, part), flat_count(part), flushed(norm_factor(s.norm, s.trainer->train.clip_norm)));
    return 0;
}

// From the last weight to the first, each behind its gradient.
uint32_t run_update(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    mote_trainer &t = *s.trainer;
    const size_t count = flat_count(part), first = size_t{work.rows - part.rows.end} * cpu::kLanes;
    mote_train_config train = t.train;
    train.learning_rate = s.learning_rate;
    float *const gradients = work.to.data + first, *const weights = gradients + update_distance(t);
    float *const moments[2] = {at_offset<float>(&t, t.moments[0]) + first, at_offset<float>(&t, t.moments[1]) + first};
    cpu::copy(weights, s.home + first, count);
    find_optimizer(train.optimizer)->update(train, weights, gradients, moments, count, next_step(t));
    return 0;
}

uint32_t run_copy(mote_slices &, const SliceWork &work, const SlicePart &part) {
    cpu::copy(flat(work, part), work.a.data + size_t{part.rows.first} * cpu::kLanes, flat_count(part));
    return 0;
}

} // namespace mote
