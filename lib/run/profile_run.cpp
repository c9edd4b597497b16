// Steps of a stream with a hook around each of their stages.
#include "step.h"
#include "watch.h"

namespace mote {
namespace {

mote_status profiled_step(mote_state *state, uint16_t token, const Watched &watch) {
    if (token >= state->model->config.vocab) return MOTE_ERR_TOKEN;
    give_up_slices(state);
    if (watched_step(state, token, watch) != 0) return MOTE_ERR_NUMERIC;
    state->now ^= 1;
    return MOTE_OK;
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" {

mote_status mote_profile_step(mote_state *state, uint16_t token, const float **logits, mote_stage_fn hook, void *user) {
    if (state == nullptr || logits == nullptr || hook == nullptr) return MOTE_ERR_ARG;
    const mote_status status = profiled_step(state, token, Watched{hook, user});
    if (status == MOTE_OK) *logits = state_logits(state);
    return status;
}

mote_status mote_profile_score(mote_state *state, uint16_t token, uint16_t next, float *nats, mote_stage_fn hook,
                               void *user) {
    if (state == nullptr || nats == nullptr || hook == nullptr) return MOTE_ERR_ARG;
    if (next >= state->model->config.vocab) return MOTE_ERR_TOKEN;
    const Watched watch{hook, user};
    mote_status status = profiled_step(state, token, watch);
    if (status != MOTE_OK) return status;
    watch.before(MOTE_STAGE_LOSS, 0);
    status = score_step(state, next, nats);
    watch.after(MOTE_STAGE_LOSS, 0);
    return status;
}
}
