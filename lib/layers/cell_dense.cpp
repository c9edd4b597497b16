// The dense cell: h = act(b + W x).
#include "cells.h"
#include "inputs.h"

namespace mote {
namespace {

using cpu::Mat;

template <typename Weights> uint32_t dense_step(mote_state *state, uint32_t layer, typename Weights::Step *sums) {
    return Weights::run({hidden_next(state, layer), cpu::kLanes}, *sums);
}

MOTE_NOINLINE uint32_t dense_forward(Batch &b, uint32_t layer) {
    const Linear product = layer_product(*b.model, layer);
    const cpu::ConstMat x = read_by(b, layer).x;
    const Mat h = b.hidden(layer);
    return parallel_for(b.split, b.rows(), 1, b.macs(product.inputs, product.outputs), [&](Range rows) {
        const Mat y = h.row(rows.first);
        if (cpu::kRoomForCode && b.rows() == 1)
            return cpu::row_step(y, {product.bias,
                                     {{x, product.weights, product.inputs}, {}},
                                     product.outputs,
                                     activation_of(b.config()),
                                     false});
        cpu::gemm(y, x.row(rows.first), product.weights, {rows.size(), product.outputs, product.inputs},
                  cpu::from_bias(product.bias));
        return activate(b.config(), y, rows.size());
    });
}

MOTE_NOINLINE void dense_backward(Batch &b, uint32_t layer, TransposedWeights *) {
    const Mat delta = b.delta(layer), h = b.hidden(layer);
    parallel_for(b.split, b.rows(), 1, b.macs(1, b.config().hidden), [&](Range rows) {
        activation_gradient(b.config(), delta.row(rows.first), h.row(rows.first), rows.size());
        return 0u;
    });
}

template <typename Weights> constexpr LayerStep<Weights> running(hidden_step<Weights>, dense_step<Weights>);
constexpr CellTraining training(hidden_place, hidden_forward, hidden_backward, dense_forward, dense_backward, nullptr,
                                nullptr);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_cell_dense, mote::running<mote::Float32>)
MOTE_DEFINE_PART(mote_cell_dense_int8, mote::running<mote::Int8>)
MOTE_DEFINE_PART(mote_cell_dense_int4, mote::running<mote::Int4>)
MOTE_DEFINE_PART(mote_cell_dense_training, mote::training)
