// The recurrent cell (Elman 1990): h(t) = act(b + W x(t) + U h(t-1)); gradients go back through the time of a batch.
#include "carried.h"
#include "cells.h"

namespace mote {
namespace {

using cpu::ConstMat;
using cpu::Mat;

template <typename Weights> uint32_t recurrent_step(mote_state *state, uint32_t layer, typename Weights::Step *sums) {
    sums->products[1] = Weights::now(state, layer, Weights::matrix(*state->model, Role::Recurrent, layer));
    return Weights::run({hidden_next(state, layer), cpu::kLanes}, *sums);
}

// Some rows of the batch, through all times.
MOTE_NOINLINE uint32_t rows_forward(Batch &b, uint32_t layer, Range rows) {
    const uint32_t width = b.config().hidden;
    const ConstMat w = weight(*b.model, Role::Recurrent, layer);
    const Mat h = b.hidden_with_carried(layer).row(rows.first);
    uint32_t bad = 0;
    for (uint32_t t = 0; t < b.time; ++t) {
        const Mat next = h.row(size_t{b.batch} * (t + 1)), now = h.row(size_t{b.batch} * t);
        if (cpu::kRoomForCode && rows.size() == 1) {
            bad |=
                cpu::row_step(next, {next.data, {{now, w, width}, {}}, width, activation_of(b.config()), t % 2 != 0});
            continue;
        }
        cpu::gemm(next, now, w, {rows.size(), width, width}, cpu::kAccumulate);
        bad |= activate(b.config(), next, rows.size());
    }
    return bad;
}

MOTE_NOINLINE uint32_t recurrent_forward(Batch &b, uint32_t layer) {
    layer_forward(b, layer, b.hidden(layer));
    return parallel_for(b.split, b.batch, 1, b.macs(b.config().hidden, b.config().hidden),
                        [&](Range rows) { return rows_forward(b, layer, rows); });
}

// From the last time step to the first.
MOTE_INLINE void rows_backward(Batch &b, uint32_t layer, const InputGradient &through, Range rows) {
    const Mat d = b.delta(layer).row(rows.first), h = b.hidden(layer).row(rows.first);
    for (uint32_t t = b.time; t-- > 0;) {
        const Mat now = d.row(size_t{b.batch} * t);
        if (t + 1 < b.time) through.add_through_time(now, d.row(size_t{b.batch} * (t + 1)), rows.size(), t);
        activation_gradient(b.config(), now, h.row(size_t{b.batch} * t), rows.size());
    }
}

MOTE_NOINLINE void recurrent_backward(Batch &b, uint32_t layer, TransposedWeights *room) {
    const uint32_t width = b.config().hidden;
    const InputGradient through(weight(*b.model, Role::Recurrent, layer), width, width, b.rows(), room);
    parallel_for(b.split, b.batch, 1, b.macs(width, width), [&](Range rows) {
        rows_backward(b, layer, through, rows);
        return 0u;
    });
}

uint32_t recurrent_gradient(Batch &b, uint32_t layer) {
    return product_gradient(b, gradient_of(b, weight(*b.model, Role::Recurrent, layer)), b.hidden_with_carried(layer),
                            b.delta(layer), b.config().hidden, b.config().hidden);
}

template <typename Weights> constexpr LayerStep<Weights> running(hidden_step<Weights>, recurrent_step<Weights>);
constexpr CellTraining training(hidden_place, hidden_forward, hidden_backward, recurrent_forward, recurrent_backward,
                                recurrent_gradient, carried_begin);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_cell_recurrent, mote::running<mote::Float32>)
MOTE_DEFINE_PART(mote_cell_recurrent_int8, mote::running<mote::Int8>)
MOTE_DEFINE_PART(mote_cell_recurrent_int4, mote::running<mote::Int4>)
MOTE_DEFINE_PART(mote_cell_recurrent_training, mote::training)
