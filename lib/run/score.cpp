// How surprising a text is to a model.
#include "step.h"

namespace mote {
namespace {

// The state is as it was where it returns anything but MOTE_OK.
mote_status score_next(mote_state *state, uint16_t token, uint16_t next, float *nats) {
    const mote_status status = step(state, token);
    if (status != MOTE_OK) return status;
    return score_step(state, next, nats);
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" mote_status mote_score(mote_state *state, const uint16_t *tokens, size_t count, float *nats,
                                  size_t *scored) {
    if (scored != nullptr) *scored = 0;
    if (state == nullptr || tokens == nullptr || nats == nullptr || count < 2) return MOTE_ERR_ARG;
    for (size_t i = 0; i < count; ++i)
        if (tokens[i] >= state->model->config.vocab) return MOTE_ERR_TOKEN;
    for (size_t i = 0; i + 1 < count; ++i) {
        const mote_status status = score_next(state, tokens[i], tokens[i + 1], nats + i);
        if (status != MOTE_OK) return status;
        if (scored != nullptr) *scored = i + 1;
    }
    return MOTE_OK;
}
