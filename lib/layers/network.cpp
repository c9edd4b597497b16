#include "network.h"

#include "cells.h"
#include "inputs.h"
#include "sizes.h"

namespace mote {

bool network_runs(const mote_config &c) { return cell_to_run(c) != nullptr && input_to_run(c) != nullptr; }
bool network_trains(const mote_config &c) { return cell_to_train(c) != nullptr && input_to_train(c) != nullptr; }

uint32_t network_step(mote_state *state, uint16_t token) {
    return cell_to_run(state->model->config)->network_step(state, token);
}

uint32_t network_forward(Batch &b) { return cell_to_train(b.config())->network_forward(b); }
uint32_t network_backward(Batch &b) { return cell_to_train(b.config())->network_backward(b); }

// The bytes of all of it fit into 32 bits, or there is no trainer.
Workspace place_workspace(const mote_config &c, const mote_train_config &train, Offsets *offsets) {
    const uint32_t rows = train.batch * train.time_steps, carried = is_recurrent(c) ? train.batch : 0;
    const uint32_t layer = rows * pad(c.hidden), input = rows * pad(filled_width(c));
    Workspace at{};
    at.gradients = offsets->floats(static_cast<uint32_t>(weight_count(c)));
    at.hidden = offsets->floats(c.layers * (carried * pad(c.hidden) + layer));
    at.logits = offsets->floats(rows * pad(c.vocab));
    if (c.layers > 0) at.delta[0] = offsets->floats(layer);
    if (c.layers > 1) at.delta[1] = offsets->floats(layer);
    at.input = offsets->floats(input);
    at.input_delta = offsets->floats(input);
    at.windows = offsets->bytes(2 * c.context * rows);
    // The last of all, so that how many they are is not asked here.
    if (train.workspace == MOTE_WORKSPACE_PACKED) at.transposed = offsets->bytes(0);
    return at;
}

void network_begin(Batch &b, bool carried) {
    const CellTraining &cell = *cell_to_train(b.config());
    if (cell.network_begin != nullptr) cell.network_begin(b, carried);
}

} // namespace mote
