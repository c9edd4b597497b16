// Steps of a stream, for whoever knows that the arguments are good.
#ifndef MOTE_STEP_H
#define MOTE_STEP_H

#include "state.h"

namespace mote {

// A state in zeroed memory of state_bytes.
mote_state *place_state(const mote_model &model, void *memory);
// MOTE_ERR_TOKEN, MOTE_ERR_NUMERIC: the state has not moved.
mote_status step(mote_state *state, uint16_t token);
// Takes the last step back; once.
inline void undo_step(mote_state *state) { state->now ^= 1; }

} // namespace mote

#endif
