// What the stages of a step in slices run: the kernels, on a part of the rows and panels that a step at once gives them.
#include <string.h>

#include "carried.h"
#include "cells.h"
#include "gated_sums.h"
#include "optimizer.h"
#include "slices.h"
#include "window_row.h"

namespace mote {

using cpu::ConstMat;
using cpu::Mat;

namespace {

// From a panel on, and from a row on.
Mat from(Mat m, const SlicePart &part) { return Mat{m.data + part.panels.first * m.panel, m.panel}.row(part.rows.first); }
ConstMat from(ConstMat m, const SlicePart &part) {
    return ConstMat{m.data + part.panels.first * m.panel, m.panel}.row(part.rows.first);
}
ConstMat panels_from(ConstMat m, uint32_t panel) { return {m.data + panel * m.panel, m.panel}; }
const float *columns_from(const float *bias, uint32_t panel) {
    return bias != nullptr ? bias + panel * cpu::kLanes : nullptr;
}
// The columns of a part.
uint32_t columns_of(const SliceWork &work, const SlicePart &part) {
    const uint32_t end = part.panels.end * cpu::kLanes;
    return (end < work.width ? end : work.width) - part.panels.first * cpu::kLanes;
}
cpu::Init start_of(const SliceWork &work, const SlicePart &part) {
    return work.accumulate ? cpu::kAccumulate : cpu::Init{true, columns_from(work.bias, part.panels.first)};
}

// The place of a row of the batch in its targets, and in tokens without a window.
size_t place_of(const Batch &b, uint32_t row) { return size_t{row % b.batch} * b.time + row / b.batch; }

// Of a flat array, the numbers of a part.
float *flat(const SliceWork &work, const SlicePart &part) { return work.to.data + size_t{part.rows.first} * cpu::kLanes; }
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

uint32_t run_windows(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    Batch &b = s.trainer->batch;
    const mote_config &c = b.config();
    for (uint32_t r = part.rows.first; r < part.rows.end; ++r) {
        make_window(b, r / b.batch, r % b.batch);
        cpu::gather_windows(work.to.row(r), work.a, b.windows() + size_t{r} * c.context, 1, c.context, c.embed);
    }
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

uint32_t run_candidate(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    begin_candidate(s.trainer->batch.config(), work.to.row(part.rows.first), work.bias, part.rows.size());
    return 0;
}

// Of one panel of units: the four sums of each are as far apart as the panels of a matrix of that one panel would be.
namespace {

Mat sums_of_panel(const Mat &sums, uint32_t panel, const SliceWork &work) {
    return {sums.data + panel * sums.panel, work.panels * sums.panel};
}

} // namespace

// `to`: the sums; a: the activations before; b: those after.
uint32_t run_gates(mote_slices &, const SliceWork &work, const SlicePart &part) {
    uint32_t bad = 0;
    for (uint32_t p = part.panels.first; p < part.panels.end; ++p) {
        const SlicePart one{part.rows, {p, p + 1}};
        const ConstMat after = from(work.b, one);
        bad |= cpu::gates({const_cast<float *>(after.data), after.panel},
                          sums_of_panel(work.to.row(part.rows.first), p, work), from(work.a, one), part.rows.size(),
                          columns_of(work, one));
    }
    return bad;
}

// The gradients of a layer's outputs; those of its sums take the places of these.
uint32_t run_gate_deltas(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    Batch &b = s.trainer->batch;
    if (work.depth != 0) run_transposed(s, work, part);
    const size_t now = size_t{b.batch} * s.time + part.rows.first;
    const Mat sums = b.sums(s.layer).row(now), before = b.hidden_with_carried(s.layer).row(now);
    for (uint32_t p = part.panels.first; p < part.panels.end; ++p) {
        const SlicePart one{part.rows, {p, p + 1}};
        const Mat d = from(work.to, one);
        Mat of_before{nullptr, 0}; // the time before
        if (s.time != 0) of_before = {d.data - b.batch * cpu::kLanes, d.panel};
        cpu::gates_gradient(sums_of_panel(sums, p, work), d, {before.data + p * before.panel, before.panel}, of_before,
                            part.rows.size(), columns_of(work, one));
    }
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

uint32_t run_add_windows(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    Batch &b = s.trainer->batch;
    const mote_config &c = b.config();
    cpu::scatter_windows(work.to, work.a.row(part.rows.first), b.windows() + size_t{part.rows.first} * c.context,
                         part.rows.size(), c.context, c.embed);
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
        s.norm = s.norm + cpu::sum_squares(work.to.data + first, end - first < kSquaresBlock ? end - first : kSquaresBlock);
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
