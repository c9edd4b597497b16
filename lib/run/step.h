// Steps of a stream, for whoever knows that the arguments are good.
#ifndef MOTE_STEP_H
#define MOTE_STEP_H

#include "numeric.h"
#include "state.h"

namespace mote {

// MOTE_ERR_TOKEN, MOTE_ERR_NUMERIC: the state has not moved.
mote_status step(mote_state *state, uint16_t token);
// Takes the last step back; once.
inline void undo_step(mote_state *state) { state->now ^= 1; }
// The surprise of the token that follows the last step; where it is not finite, the step is taken back.
inline mote_status score_step(mote_state *state, uint16_t next, float *nats) {
    const uint32_t bad = cpu::surprise(state_logits(state), state->model->config.vocab, next, nats);
    if (bad == 0) return MOTE_OK;
    undo_step(state);
    return MOTE_ERR_NUMERIC;
}

} // namespace mote

#endif
