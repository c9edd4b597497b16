#include "adapted.h"

#include "network.h"

namespace mote {

namespace {

// A function of its own, so that its frame is gone when the layers are computed.
MOTE_NOINLINE uint32_t learned_logits(const mote_adapter &a, mote_state *state) {
    const Config &c = a.base->config;
    const cpu::Mat logits{state_logits(state), cpu::kLanes};
    cpu::gemm(logits, {hidden_next(state, c.layers - 1), cpu::kLanes}, learned_output(a), {1, c.vocab, c.hidden},
              cpu::from_bias(learned_bias(a)));
    return cpu::flush_denormals(logits, c.vocab);
}

} // namespace

uint32_t adapted_step(const mote_adapter &a, mote_state *state, uint16_t token) {
    const uint32_t bad = network_step(state, token);
    return is_quantized(a.base->config) ? bad | learned_logits(a, state) : bad;
}

} // namespace mote
