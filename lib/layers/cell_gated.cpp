// The gated recurrent unit (Cho et al. 2014), the reset gate applied behind the product:
//   r = s(b_ir + Wir x + Whr h),  z = s(b_iz + Wiz x + Whz h),  n = tanh((b_in + Win x) + r (b_hn + Whn h)),
//   h' = n + z (h - n).
// The four sums stand side by side, n's of the input, r, z, n's of the state, so that the product of the input gives
// the first three of them and the product of the state the last three; in training the gradients take their places.
#include "carried.h"
#include "cells.h"
#include "gated_sums.h"
#include "inputs.h"

namespace mote {
namespace {

using cpu::ConstMat;
using cpu::Mat;

// One step of some rows, of which the input's sums are there.
uint32_t step_rows(const mote_model &model, uint32_t layer, Mat next, Mat sums, ConstMat now, uint32_t rows) {
    const Config &c = model.config;
    begin_candidate(c, sums, state_bias(model, layer), rows);
    cpu::gemm(of_state(c, sums), now, weight(model, Role::Recurrent, layer), {rows, product_width(c), c.hidden},
              cpu::kAccumulate);
    return cpu::gates(next, sums, now, rows, c.hidden);
}

// All of a layer's step at once. `product`: that of the input.
template <typename Weights>
MOTE_NOINLINE uint32_t step_at_once(mote_state *state, uint32_t layer, typename Weights::Step *product) {
    product->n = state->model->config.hidden;
    product->products[1] = Weights::now(state, layer, Weights::matrix(*state->model, Role::Recurrent, layer));
    return cpu::gated_row({hidden_next(state, layer), cpu::kLanes}, *product);
}

// Its products, and then the gates.
template <typename Weights>
MOTE_NOINLINE uint32_t step_in_turn(mote_state *state, uint32_t layer, typename Weights::Step *product) {
    const mote_model &model = *state->model;
    const Config &c = model.config;
    const Mat sums{state_sums(state), cpu::kLanes};
    product->n = product_width(c);
    product->activation = cpu::kLinear;
    product->products[1].k = 0;
    Weights::run(sums, *product); // what is not finite stays so
    begin_candidate(c, sums, state_bias(model, layer), 1);
    product->bias = of_state(c, sums).data; // what they hold
    product->products[0] = Weights::now(state, layer, Weights::matrix(model, Role::Recurrent, layer));
    Weights::run(of_state(c, sums), *product);
    return cpu::gates({hidden_next(state, layer), cpu::kLanes}, sums, ConstMat{hidden_now(state, layer), cpu::kLanes},
                      1, c.hidden);
}

template <typename Weights> uint32_t gated_step(mote_state *state, uint32_t layer, typename Weights::Step *product) {
    if constexpr (cpu::kHasGatedRow && Weights::kIsFloat)
        if (cpu::has_gated_row() && state->model->config.hidden <= cpu::kLongestGated &&
            product->products[0].k <= cpu::kLongestGated)
            return step_at_once<Weights>(state, layer, product);
    return step_in_turn<Weights>(state, layer, product);
}

void gated_place(Batch *b, uint32_t rows, bool backward, Offsets *offsets) {
    hidden_place(b, rows, backward, offsets);
    b->at.sums = offsets->bytes(b->config().layers * b->sums_bytes());
}

// Some rows of the batch, through all times.
MOTE_NOINLINE uint32_t rows_forward(Batch &b, uint32_t layer, Range rows) {
    const Mat h = b.hidden_with_carried(layer).row(rows.first), sums = b.sums(layer).row(rows.first);
    uint32_t bad = 0;
    for (uint32_t t = 0; t < b.time; ++t)
        bad |= step_rows(*b.model, layer, h.row(size_t{b.batch} * (t + 1)), sums.row(size_t{b.batch} * t),
                         h.row(size_t{b.batch} * t), rows.size());
    return bad;
}

// What does not wait for the time before. A function of its own, so that its frame is not beside that of the rows.
MOTE_NOINLINE void sums_forward(Batch &b, uint32_t layer) {
    Linear product = layer_product(*b.model, layer);
    product.outputs = product_width(b.config());
    linear_forward(product, b, b.sums(layer), read_by(b, layer));
}

MOTE_NOINLINE uint32_t gated_forward(Batch &b, uint32_t layer) {
    const Config &c = b.config();
    sums_forward(b, layer);
    return parallel_for(b.split, b.batch, 1, b.macs(c.hidden, product_width(c)),
                        [&](Range rows) { return rows_forward(b, layer, rows); });
}

// From the last time step to the first.
MOTE_INLINE void rows_backward(Batch &b, uint32_t layer, const InputGradient &through, Range rows) {
    const Config &c = b.config();
    const Mat d = b.delta(layer).row(rows.first), sums = b.sums(layer).row(rows.first),
              before = b.hidden_with_carried(layer).row(rows.first);
    for (uint32_t t = b.time; t-- > 0;) {
        const size_t now = size_t{b.batch} * t;
        if (t + 1 < b.time) through.add_through_time(d.row(now), of_state(c, sums.row(now + b.batch)), rows.size(), t);
        cpu::gates_gradient(sums.row(now), d.row(now), before.row(now), t != 0 ? d.row(now - b.batch) : Mat{nullptr, 0},
                            rows.size(), c.hidden);
    }
}

MOTE_NOINLINE void gated_backward(Batch &b, uint32_t layer, TransposedWeights *room) {
    const uint32_t hidden = b.config().hidden, width = product_width(b.config());
    const InputGradient through(weight(*b.model, Role::Recurrent, layer), hidden, width, b.rows(), room);
    parallel_for(b.split, b.batch, 1, b.macs(hidden, width), [&](Range rows) {
        rows_backward(b, layer, through, rows);
        return 0u;
    });
}

uint32_t gated_gradients(Batch &b, uint32_t layer) {
    const Config &c = b.config();
    return product_gradient(b, gradient_of(b, weight(*b.model, Role::Recurrent, layer)), b.hidden_with_carried(layer),
                            of_state(c, b.sums(layer)), c.hidden, product_width(c)) |
           bias_gradient(b, gradients_of(b, state_bias(*b.model, layer)), from_sum(c, b.sums(layer), 3), c.hidden);
}

template <typename Weights> constexpr LayerStep<Weights> running(hidden_step<Weights>, gated_step<Weights>);
constexpr CellTraining training(gated_place, hidden_forward, hidden_backward, gated_forward, gated_backward,
                                gated_gradients, carried_begin);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_cell_gated, mote::running<mote::Float32>)
MOTE_DEFINE_PART(mote_cell_gated_int8, mote::running<mote::Int8>)
MOTE_DEFINE_PART(mote_cell_gated_int4, mote::running<mote::Int4>)
MOTE_DEFINE_PART(mote_cell_gated_training, mote::training)
