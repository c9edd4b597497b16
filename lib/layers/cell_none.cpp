// No cell: without hidden layers the logits are a row of a table.
#include "cells.h"
#include "lookup.h"

namespace mote {
namespace {

uint32_t table_step(mote_state *state, uint16_t token) {
    float *const logits = state_logits(state);
    const uint32_t vocab = state->model->config.vocab;
    cpu::gather({logits, cpu::kLanes}, nullptr, weight(*state->model, Role::Table, 0), {&token, 0}, 1, vocab);
    return cpu::not_finite(logits, vocab);
}

uint32_t table_forward(Batch &b) {
    lookup_forward(b, b.logits(), weight(*b.model, Role::Table, 0), nullptr, b.config().vocab);
    return 0;
}

uint32_t table_backward(Batch &b) {
    return lookup_gradient(b, gradient_of(b, weight(*b.model, Role::Table, 0)), b.logits(), b.config().vocab);
}

constexpr CellStep running(table_step, nullptr);
constexpr CellTraining training(table_forward, table_backward, nullptr, nullptr, nullptr, nullptr);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_cell_none, mote::running)
MOTE_DEFINE_PART(mote_cell_none_training, mote::training)
