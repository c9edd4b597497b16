// What the handles of mote.h point at.
#ifndef MOTE_MODEL_H
#define MOTE_MODEL_H

#include "layout.h"

struct mote_model {
    mote_config config;
    mote_vocab vocab;     // of a model in RAM the code points follow this struct; of a blob they lie in it
    float *weights;       // the flat array; null for a model opened in place
    const uint8_t *tests; // the self-test section of the blob; null where there is none
    const float *tensors[mote::kMaxTensors];
};

struct mote_state {
    const mote_model *model;
    float *hidden[2]; // [L][H padded] each: of an RNN now, and the next; of an MLP the second is null
    float *input;     // of an MLP: the embedded context
    uint16_t *window; // [2][C] of an MLP: its context, the oldest token first; now, and the next
    float *logits;
    uint32_t now; // which of two
};

namespace mote {

static_assert(sizeof(mote_model) <= MOTE_MODEL_RESERVE, "the model's handle outgrew its reserve");
static_assert(sizeof(mote_state) <= MOTE_STATE_RESERVE, "the state's handle outgrew its reserve");

// A tensor of weights as a matrix; a vector's rows are 1.
inline cpu::ConstMat weight(const mote_model &model, Role role, uint32_t layer) {
    const uint32_t i = tensor_index(model.config, role, layer);
    const mote_config &c = model.config;
    uint32_t rows = 1;
    switch (role) {
    case Role::Table:
    case Role::Embedding:
        rows = c.vocab;
        break;
    case Role::Hidden:
    case Role::Input:
        rows = layer == 0 ? input_width(c) : c.hidden;
        break;
    case Role::Recurrent:
    case Role::Output:
        rows = c.hidden;
        break;
    case Role::Bias:
    case Role::OutputBias:
        break;
    }
    return {model.tensors[i], size_t{rows} * cpu::kLanes};
}

// A model in RAM of zero weights, and with characters where there are some.
mote_status make_model(mote_model **model, mote_arena *arena, const mote_config &config, const mote_vocab *vocab);
// Copies what a model that is attached to a blob borrows from it: into its own weights and behind its handle.
void own(mote_model *model, float *weights);
// Whether the program was linked with what runs it.
bool runs(const mote_model &model);
// A state in zeroed memory of state_bytes.
mote_state *place_state(const mote_model &model, void *memory);
mote_status step(mote_state *state, uint16_t token);

} // namespace mote

#endif
