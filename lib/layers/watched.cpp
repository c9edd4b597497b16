// A network whose stages a hook watches.
#include "hidden_walk.h"
#include "output.h"

namespace mote {

uint32_t watched_step(mote_state *state, uint16_t token, const Watched &watch) {
    const Config &c = state->model->config;
    if (c.layers != 0 && c.precision == MOTE_PRECISION_INT4) return walk_step<Int4>(state, token, watch);
    if (c.layers != 0)
        return is_quantized(c) ? walk_step<Int8>(state, token, watch) : walk_step<Float32>(state, token, watch);
    watch.before(MOTE_STAGE_OUTPUT, 0);
    const uint32_t bad = network_step(state, token);
    watch.after(MOTE_STAGE_OUTPUT, 0);
    return bad;
}

namespace {

// Whether the loss of a network without hidden layers is computed at once: there are no logits then.
bool has_no_logits(const CellTraining &cell) { return cpu::kRoomForCode && cell.network_loss != nullptr; }

} // namespace

uint32_t watched_forward(Batch &b, const Watched &watch) {
    if (b.config().layers != 0) return walk_forward(b, watch);
    const CellTraining &cell = *cell_to_train(b.config());
    watch.before(MOTE_STAGE_OUTPUT, 0);
    const uint32_t bad = has_no_logits(cell) ? 0 : cell.network_forward(b);
    watch.after(MOTE_STAGE_OUTPUT, 0);
    return bad;
}

uint32_t watched_loss(Batch &b, const uint16_t *targets, float scale, float *nats, const Watched &watch) {
    const CellTraining &cell = *cell_to_train(b.config());
    watch.before(MOTE_STAGE_LOSS, 0);
    const uint32_t bad =
        has_no_logits(cell) ? cell.network_loss(b, targets, scale, nats) : cross_entropy(b, targets, scale, nats);
    watch.after(MOTE_STAGE_LOSS, 0);
    return bad;
}

uint32_t watched_backward(Batch &b, const Watched &watch) {
    if (b.config().layers != 0) return walk_backward(b, kThroughLayers | kOfWeights, watch);
    watch.before(MOTE_STAGE_OUTPUT_BACKWARD, 0);
    const uint32_t found = cell_to_train(b.config())->network_backward(b);
    watch.after(MOTE_STAGE_OUTPUT_BACKWARD, 0);
    return found;
}

} // namespace mote
