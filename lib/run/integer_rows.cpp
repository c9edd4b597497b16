#include "integer_rows.h"

#include "sizes.h"
#include "step.h"

namespace mote {
namespace {

mote_state *state_of(Batch &b, uint32_t row) {
    return at_offset<mote_state>(&b, MOTE_SZ_SCORER_HANDLE + row * state_bytes(b.config()));
}

mote_status read_row(mote_state *state, const uint16_t *tokens, const uint16_t *targets, uint32_t time, float *nats) {
    for (uint32_t t = 0; t < time; ++t) {
        mote_status status = step(state, tokens[t]);
        nats[t] = 0.0f;
        if (status == MOTE_OK && targets[t] != MOTE_IGNORE) status = score_step(state, targets[t], nats + t);
        if (status != MOTE_OK) return status;
    }
    return MOTE_OK;
}

} // namespace

void integer_rows_place(Batch &b) {
    for (uint32_t i = 0; i < b.batch; ++i) place_state(*b.model, state_of(b, i));
}

void integer_rows_reset(Batch &b) {
    for (uint32_t i = 0; i < b.batch; ++i) mote_state_reset(state_of(b, i));
}

mote_status integer_rows_read(Batch &b, const uint16_t *targets, float *nats) {
    const Config &c = b.config();
    const size_t bytes = size_t{b.batch} * state_bytes(c), row = row_tokens(c, b.time);
    mote_state *const before = state_of(b, 0), *const under_way = state_of(b, b.batch);
    memcpy(static_cast<void *>(under_way), before, bytes);
    for (uint32_t i = 0; i < b.batch; ++i) {
        mote_state *const state = state_of(b, b.batch + i);
        const uint16_t *const tokens = b.tokens + i * row;
        const size_t place = size_t{i} * b.time;
        fill_window(state, tokens);
        const mote_status status = read_row(state, tokens + (row - b.time), targets + place, b.time, nats + place);
        if (status != MOTE_OK) return status;
    }
    memcpy(static_cast<void *>(before), under_way, bytes);
    return MOTE_OK;
}

} // namespace mote
