#include "adapted.h"

#include "network.h"

namespace mote {

uint32_t adapted_step(const mote_adapter &a, mote_state *state, uint16_t token) {
    const uint32_t bad = network_step(state, token);
    const mote_config &c = a.base->config;
    if (!is_quantized(c)) return bad;
    const cpu::Mat logits{state_logits(state), cpu::kLanes};
    cpu::gemm(logits, {hidden_next(state, c.layers - 1), cpu::kLanes}, learned_output(a), {1, c.vocab, c.hidden},
              {true, learned_bias(a)});
    return bad | cpu::flush_denormals(logits, c.vocab);
}

} // namespace mote
