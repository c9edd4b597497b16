// Running a base of whatever precision with its adapter.
#include "adapted.h"

using namespace mote;

extern "C" mote_status mote_adapter_step(const mote_adapter *adapter, mote_state *state, uint16_t token,
                                         const float **logits) {
    if (adapter == nullptr || state == nullptr || logits == nullptr || state->model != &model_of(*adapter))
        return MOTE_ERR_ARG;
    if (token >= state->model->config.vocab) return MOTE_ERR_TOKEN;
    if (adapted_step(*adapter, state, token) != 0) return MOTE_ERR_NUMERIC;
    state->now ^= 1;
    *logits = state_logits(state);
    return MOTE_OK;
}
