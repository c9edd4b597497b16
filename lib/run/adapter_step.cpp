// Running a base of whatever precision with its adapter.
#include "adapted.h"
#include "step.h"

namespace mote {
namespace {

bool is_of(const mote_adapter *adapter, const mote_state *state) {
    return adapter != nullptr && state != nullptr && state->model == &model_of(*adapter);
}

mote_status read_token(const mote_adapter &adapter, mote_state *state, uint16_t token) {
    if (token >= state->model->config.vocab) return MOTE_ERR_TOKEN;
    give_up_slices(state);
    if (adapted_step(adapter, state, token) != 0) return MOTE_ERR_NUMERIC;
    state->now ^= 1;
    return MOTE_OK;
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" {

mote_status mote_adapter_step(const mote_adapter *adapter, mote_state *state, uint16_t token, const float **logits) {
    if (!is_of(adapter, state) || logits == nullptr) return MOTE_ERR_ARG;
    const mote_status status = read_token(*adapter, state, token);
    if (status == MOTE_OK) *logits = state_logits(state);
    return status;
}

mote_status mote_adapter_score(const mote_adapter *adapter, mote_state *state, uint16_t token, uint16_t next,
                               float *nats) {
    if (!is_of(adapter, state) || nats == nullptr) return MOTE_ERR_ARG;
    if (next >= state->model->config.vocab) return MOTE_ERR_TOKEN;
    const mote_status status = read_token(*adapter, state, token);
    return status == MOTE_OK ? score_step(state, next, nats) : status;
}
}
