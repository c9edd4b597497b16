// The ways through the hidden layers, for whoever watches them (watch.h).
#ifndef MOTE_HIDDEN_WALK_H
#define MOTE_HIDDEN_WALK_H

#include "cells.h"
#include "hidden.h"
#include "inputs.h"
#include "watch.h"

namespace mote {

template <typename Weights, typename Watch>
MOTE_INLINE uint32_t walk_step(mote_state *state, uint16_t token, const Watch &watch) {
    const Config &c = state->model->config;
    uint32_t bad = 0;
    for (uint32_t l = 0;; ++l) {
        watch.before(l == c.layers ? MOTE_STAGE_OUTPUT : MOTE_STAGE_LAYER, l);
        typename Weights::Step sums; // to clear what is not used would take longer than a small layer's sums
        tell_layer<Weights>(state, l, token, &sums);
        // The logits' sums may be denormal where a weight is.
        if (l == c.layers) {
            bad |= Weights::run({state_logits(state), cpu::kLanes}, sums);
            watch.after(MOTE_STAGE_OUTPUT, l);
            return bad;
        }
        bad |= static_cast<const LayerStep<Weights> *>(Weights::parts.cell(c))->step(state, l, &sums);
        Weights::computed(state, l);
        watch.after(MOTE_STAGE_LAYER, l);
    }
}

template <typename Watch> MOTE_INLINE uint32_t walk_forward(Batch &b, const Watch &watch) {
    const Config &c = b.config();
    if (filled_width(c) != 0) {
        watch.before(MOTE_STAGE_INPUT, 0);
        input_to_train(c)->forward(b);
        watch.after(MOTE_STAGE_INPUT, 0);
    }
    uint32_t bad = 0;
    for (uint32_t l = 0; l < c.layers; ++l) {
        watch.before(MOTE_STAGE_LAYER, l);
        bad |= cell_to_train(c)->forward(b, l);
        watch.after(MOTE_STAGE_LAYER, l);
    }
    watch.before(MOTE_STAGE_OUTPUT, c.layers);
    layer_forward(b, c.layers, b.logits());
    watch.after(MOTE_STAGE_OUTPUT, c.layers);
    return bad;
}

template <typename Watch> MOTE_INLINE uint32_t walk_backward(Batch &b, uint32_t pass, const Watch &watch) {
    const Config &c = b.config();
    const CellTraining &cell = *cell_to_train(c);
    TransposedWeights room{b.at.transposed != 0 ? at_offset<float>(&b, b.at.transposed) : nullptr, b.split};
    uint32_t found = 0;
    for (uint32_t l = c.layers;; --l) {
        const uint32_t stage = l == c.layers ? MOTE_STAGE_OUTPUT_BACKWARD : MOTE_STAGE_LAYER_BACKWARD;
        watch.before(stage, l);
        if (l != c.layers) {
            if ((pass & kThroughLayers) != 0) cell.backward(b, l, &room);
            if ((pass & kOfWeights) != 0 && cell.own_gradients != nullptr) found |= cell.own_gradients(b, l);
        }
        found |= layer_backward(b, l, &room, pass);
        watch.after(stage, l);
        if (l == 0) break;
    }
    if ((pass & kOfWeights) == 0 || filled_width(c) == 0) return found;
    watch.before(MOTE_STAGE_INPUT_BACKWARD, 0);
    found |= input_to_train(c)->backward(b);
    watch.after(MOTE_STAGE_INPUT_BACKWARD, 0);
    return found;
}

} // namespace mote

#endif
