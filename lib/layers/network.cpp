#include "network.h"

#include "cells.h"
#include "inputs.h"
#include "output.h"
#include "sizes.h"

namespace mote {

bool network_runs(const Config &c) {
    const Precision *const parts = precision_of(c);
    return parts != nullptr && parts->cell(c) != nullptr && parts->input(c) != nullptr;
}
bool network_trains(const Config &c) {
    return !is_quantized(c) && cell_to_train(c) != nullptr && input_to_train(c) != nullptr;
}

namespace {

// check_batch() without a way out of its loops, so that compilers check several tokens at a time.
MOTE_INLINE mote_status check_several(uint32_t vocab, size_t read, const uint16_t *tokens, size_t rows,
                                      const uint16_t *targets, uint32_t *counted) {
    const uint16_t last = static_cast<uint16_t>(vocab - 1);
    uint16_t beyond = 0;
    uint32_t ignored = 0;
    for (size_t i = 0; i < read; ++i) beyond = static_cast<uint16_t>(beyond | (tokens[i] > last ? 1 : 0));
    for (size_t i = 0; i < rows; ++i) {
        const bool ignore = targets[i] == MOTE_IGNORE;
        ignored += ignore;
        beyond = static_cast<uint16_t>(beyond | (targets[i] > last && !ignore ? 1 : 0));
    }
    *counted = static_cast<uint32_t>(rows) - ignored;
    return beyond == 0 ? MOTE_OK : MOTE_ERR_TOKEN;
}

} // namespace

MOTE_NOINLINE mote_status check_batch(const Config &c, uint32_t batch, uint32_t time, const uint16_t *tokens,
                                      const uint16_t *targets, uint32_t *counted) {
    const size_t read = size_t{batch} * row_tokens(c, time), rows = size_t{batch} * time;
    if (cpu::kRoomForCode) return check_several(c.vocab, read, tokens, rows, targets, counted);
    for (size_t i = 0; i < read; ++i)
        if (tokens[i] >= c.vocab) return MOTE_ERR_TOKEN;
    *counted = 0;
    for (size_t i = 0; i < rows; ++i) {
        if (targets[i] == MOTE_IGNORE) continue;
        if (targets[i] >= c.vocab) return MOTE_ERR_TOKEN;
        ++*counted;
    }
    return MOTE_OK;
}

uint32_t network_step(mote_state *state, uint16_t token) {
    const Config &c = state->model->config;
    return static_cast<const CellStep *>(precision_of(c)->cell(c))->network_step(state, token);
}

uint32_t network_forward(Batch &b) { return cell_to_train(b.config())->network_forward(b); }
uint32_t network_loss(Batch &b, const uint16_t *targets, float scale, float *nats) {
    const CellTraining &cell = *cell_to_train(b.config());
    if (cpu::kRoomForCode && cell.network_loss != nullptr) return cell.network_loss(b, targets, scale, nats);
    const uint32_t bad = cell.network_forward(b);
    return bad | cross_entropy(b, targets, scale, nats);
}
uint32_t network_backward(Batch &b) { return cell_to_train(b.config())->network_backward(b); }

bool network_update(Batch &b, const WeightUpdate &update, uint32_t *found) {
    const CellTraining &cell = *cell_to_train(b.config());
    // With tasks of the caller's, an update waits until it is known that none was left out.
    return cell.network_update != nullptr && b.split.run == nullptr && cell.network_update(b, update, found);
}

void place_batch(Batch *b, uint32_t batch, uint32_t time, bool backward, Offsets *offsets) {
    const Config &c = b->config();
    const uint32_t rows = batch * time;
    b->batch = batch;
    b->time = time;
    if (backward) {
        b->at.count = static_cast<uint32_t>(weight_count(c));
        b->at.gradients = offsets->floats(b->at.count);
    }
    b->at.logits = offsets->floats(b->logit_rows() * pad(c.vocab));
    if (cell_to_train(c)->network_place != nullptr) cell_to_train(c)->network_place(b, rows, backward, offsets);
}

void network_begin(Batch &b, bool carried) {
    const CellTraining &cell = *cell_to_train(b.config());
    if (cell.network_begin != nullptr) cell.network_begin(b, carried);
}

} // namespace mote
