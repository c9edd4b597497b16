// What a stream keeps from one character to the next, and what a step computes.
#ifndef MOTE_STATE_H
#define MOTE_STATE_H

#include <string.h>

#include "model.h"

namespace mote {

// A step in slices (step_slices.cpp). Whatever else steps or resets the state gives it up: its stage becomes 0.
struct SlicedStep {
    uint16_t token;
    uint8_t stage; // 0: there is none under way
    uint8_t bad;
    uint32_t layer, unit; // where the stage is; units of it that are done
    uint32_t spent;       // multiply-adds of the last slice
};

} // namespace mote

// The arrays lie behind the handle; offsets count bytes from it.
struct mote_state {
    const mote_model *model;
    uint32_t now;       // which of two: a step reads one and writes the other
    uint32_t hidden[2]; // [L][H padded] each, of integers then as such, too; not carried, both are one
    uint32_t input;     // of a window: the embedded context
    uint32_t window;    // of a window: [2][C], the oldest token first
    uint32_t logits;    // and, in their place, of gated cells the sums of the layer under way, [4][H padded]
    mote::SlicedStep sliced;
};

namespace mote {

static_assert(sizeof(mote_state) <= MOTE_SZ_STATE_HANDLE, "the state's handle is larger than its size macro says");

inline size_t layer_offset(const mote_state &s, uint32_t layer) { return layer * size_t{pad(s.model->config.hidden)}; }
// Activations of a layer: after the last step, and of the step that is being computed.
inline float *hidden_now(mote_state *s, uint32_t layer) {
    return at_offset<float>(s, s->hidden[s->now]) + layer_offset(*s, layer);
}
inline float *hidden_next(mote_state *s, uint32_t layer) {
    return at_offset<float>(s, s->hidden[s->now ^ 1]) + layer_offset(*s, layer);
}
// The same as integers, where weights are.
MOTE_INLINE_OR_ONE_COPY int8_t *integers_of(mote_state *s, uint32_t which, uint32_t layer) {
    return at_offset<int8_t>(s, s->hidden[which]) + layer_offset(*s, s->model->config.layers) * sizeof(float) +
           layer_offset(*s, layer);
}
// All of either, in bytes.
inline uint32_t hidden_bytes(const Config &c) { return (is_quantized(c) ? 5 : 4) * c.layers * pad(c.hidden); }
inline float *state_logits(mote_state *s) { return at_offset<float>(s, s->logits); }
inline float *state_sums(mote_state *s) { return state_logits(s); }
inline uint16_t *window_now(mote_state *s) {
    return at_offset<uint16_t>(s, s->window) + size_t{s->now} * s->model->config.context;
}
inline uint16_t *window_next(mote_state *s) {
    return at_offset<uint16_t>(s, s->window) + size_t{s->now ^ 1} * s->model->config.context;
}

inline void give_up_slices(mote_state *s) { s->sliced.stage = 0; }

uint32_t state_bytes(const Config &config); // a multiple of MOTE_ALIGN
// A state in zeroed memory of state_bytes.
mote_state *place_state(const mote_model &model, void *memory);
// Fills a state's window but for its last token: a row of a batch begins with what is read before.
void fill_window(mote_state *state, const uint16_t *tokens);

// The context of the next step: a token moves into it. A boundary hides what stands before it.
inline uint16_t *window_take(mote_state *s, uint16_t token) {
    uint16_t *const window = window_next(s);
    const uint16_t kept = static_cast<uint16_t>(s->model->config.context - 1);
    memcpy(window, window_now(s) + 1, kept * sizeof *window);
    if (token == 0 && s->model->boundary != 0) memset(window, 0, kept * sizeof *window);
    window[kept] = token;
    return window;
}

} // namespace mote

#endif
