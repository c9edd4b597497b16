#include "carried.h"

#include <string.h>

namespace mote {

CarriedState::CarriedState(const Config &c, uint32_t batch, uint32_t time)
    : count(is_recurrent(c) ? size_t{c.layers} * (pad(c.hidden) / cpu::kLanes) : 0),
      stride(size_t{batch} * (size_t{time} + 1) * cpu::kLanes), floats(size_t{batch} * cpu::kLanes) {}

void carried_begin(Batch &b, bool carried) {
    const CarriedState state(b.config(), b.batch, b.time);
    float *hidden = at_offset<float>(&b, b.at.hidden);
    for (size_t i = 0; i < state.count; ++i, hidden += state.stride)
        if (carried)
            memcpy(hidden, hidden + b.time * state.floats, state.floats * sizeof(float));
        else
            memset(hidden, 0, state.floats * sizeof(float));
}

} // namespace mote
