// Steps of a base and its adapter.
#ifndef MOTE_ADAPTED_H
#define MOTE_ADAPTED_H

#include "model_adapter.h"
#include "state.h"

namespace mote {

// As network_step(), through a state of model_of(adapter).
uint32_t adapted_step(const mote_adapter &adapter, mote_state *state, uint16_t token);

} // namespace mote

#endif
