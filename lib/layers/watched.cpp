// A network whose stages a hook watches.
#include "hidden_walk.h"

namespace mote {

uint32_t watched_step(mote_state *state, uint16_t token, const Watched &watch) {
    if (state->model->config.layers != 0) return walk_step(state, token, watch);
    watch.before(MOTE_STAGE_OUTPUT, 0);
    const uint32_t bad = cell_to_run(state->model->config)->network_step(state, token);
    watch.after(MOTE_STAGE_OUTPUT, 0);
    return bad;
}

uint32_t watched_forward(Batch &b, const Watched &watch) {
    if (b.config().layers != 0) return walk_forward(b, watch);
    watch.before(MOTE_STAGE_OUTPUT, 0);
    const uint32_t bad = cell_to_train(b.config())->network_forward(b);
    watch.after(MOTE_STAGE_OUTPUT, 0);
    return bad;
}

uint32_t watched_backward(Batch &b, const Watched &watch) {
    if (b.config().layers != 0) return walk_backward(b, watch);
    watch.before(MOTE_STAGE_OUTPUT_BACKWARD, 0);
    const uint32_t found = cell_to_train(b.config())->network_backward(b);
    watch.after(MOTE_STAGE_OUTPUT_BACKWARD, 0);
    return found;
}

} // namespace mote
