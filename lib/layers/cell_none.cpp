// No cell: without hidden layers the logits are a row of a table.
#include "cells.h"
#include "lookup.h"

namespace mote {
namespace {

// The only tensor.
cpu::ConstMat table_of(const mote_model &model) {
    return {static_cast<const float *>(tensor_data(model, 0)), size_t{model.config.vocab} * cpu::kLanes};
}

uint32_t table_step(mote_state *state, uint16_t token) {
    float *const logits = state_logits(state);
    const uint32_t vocab = state->model->config.vocab;
    cpu::gather({logits, cpu::kLanes}, nullptr, table_of(*state->model), {&token, 0}, 1, vocab);
    return cpu::not_finite(logits, vocab);
}

uint32_t table_forward(Batch &b) {
    lookup_forward(b, b.logits(), table_of(*b.model), nullptr, b.config().vocab);
    return 0;
}

uint32_t table_backward(Batch &b) {
    return lookup_gradient(b, gradient_of(b, table_of(*b.model)), b.logits(), b.config().vocab);
}

constexpr CellStep running(table_step, nullptr);
constexpr CellTraining training(nullptr, table_forward, table_backward, nullptr, nullptr, nullptr, nullptr);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_cell_none, mote::running)
MOTE_DEFINE_PART(mote_cell_none_training, mote::training)
