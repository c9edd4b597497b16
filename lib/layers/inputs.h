// Input layers: what the first hidden layer, or the output, reads of the text.
#ifndef MOTE_INPUTS_H
#define MOTE_INPUTS_H

#include "linear.h"
#include "linked_parts.h"
#include "state.h"

namespace mote {

// An input that a program may leave out, in two parts: to run a model, and to train one.
struct InputStep : mote_part {
    // What the first layer reads after the token, which the next of the state's two halves takes up.
    StepInput (*step)(mote_state *state, uint16_t token);
    constexpr explicit InputStep(decltype(step) s) : step(s) {}
};
struct InputTraining : mote_part {
    // Fills the workspace's input.
    void (*forward)(const Batch &b);
    // From the gradient of the input to that of the embedding, which passes flush(); returns what it found.
    uint32_t (*backward)(const Batch &b, float *gradients);
    constexpr InputTraining(decltype(forward) f, decltype(backward) b) : forward(f), backward(b) {}
};

bool input_linked_to_run(const mote_config &config);
bool input_linked_to_train(const mote_config &config);

// `token` must outlive the result.
inline StepInput input_step(mote_state *state, const uint16_t *token) {
    const mote_model &model = *state->model;
    switch (model.config.input) {
    case MOTE_INPUT_WINDOW:
        return static_cast<const InputStep *>(mote_input_window)->step(state, *token);
    case MOTE_INPUT_EMBEDDING:
        return {weight(model, Role::Embedding, 0).row(*token), nullptr}; // in place
    default:
        return {{}, token};
    }
}
BatchInput input_forward(const Batch &b);
uint32_t input_backward(const Batch &b, float *gradients);

} // namespace mote

#endif
