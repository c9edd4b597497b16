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
void place_batch(Batch *b, const mote_train_config &train, Offsets *offsets) {
    const mote_config &c = b->config();
    const uint32_t rows = train.batch * train.time_steps;
    Workspace &at = b->at;
    b->batch = train.batch;
    b->time = train.time_steps;
    at.count = static_cast<uint32_t>(weight_count(c));
    at.gradients = offsets->floats(at.count);
    at.logits = offsets->floats(rows * pad(c.vocab));
    if (cell_to_train(c)->network_place != nullptr) cell_to_train(c)->network_place(b, rows, offsets);
}

void network_begin(Batch &b, bool carried) {
    const CellTraining &cell = *cell_to_train(b.config());
    if (cell.network_begin != nullptr) cell.network_begin(b, carried);
}

} // namespace mote
