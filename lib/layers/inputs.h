// Input layers: what the first hidden layer, or the output, reads of the text.
#ifndef MOTE_INPUTS_H
#define MOTE_INPUTS_H

#include "linear.h"
#include "linked_parts.h"
#include "state.h"

namespace mote {

// An input, in two parts: to run a model, and to train one. A program may leave out either.
struct InputStep : mote_part {
    // The product of the token and the first layer's weights. A window takes it up.
    void (*read)(mote_state *state, uint16_t token, cpu::ConstMat weights, cpu::RowStep *sums);
    constexpr explicit InputStep(decltype(read) r) : read(r) {}
};
struct InputTraining : mote_part {
    // Fills the workspace's input. Null: there is none.
    void (*forward)(Batch &b);
    // From the gradient of the input to that of the embedding, which passes flush(); returns what it found.
    uint32_t (*backward)(Batch &b);
    // Of an input that nothing is filled for: its products. Null: they are those of the workspace's input.
    const OneHotProducts *products;

    constexpr InputTraining(decltype(forward) f, decltype(backward) b) : forward(f), backward(b), products(nullptr) {}
    constexpr explicit InputTraining(const OneHotProducts *p) : forward(nullptr), backward(nullptr), products(p) {}
};

// The parts of the inputs, as MOTE_CELLS has those of the cells: a line for each input.
#define MOTE_INPUTS(part) &mote_input_one_hot##part, &mote_input_embedding##part, &mote_input_window##part
inline const InputStep *input_to_run(const mote_config &c) {
    static const mote_part *const *const parts[] = {MOTE_INPUTS()};
    return static_cast<const InputStep *>(*parts[c.input - MOTE_INPUT_ONE_HOT]);
}
inline const InputTraining *input_to_train(const mote_config &c) {
    static const mote_part *const *const parts[] = {MOTE_INPUTS(_training)};
    return static_cast<const InputTraining *>(*parts[c.input - MOTE_INPUT_ONE_HOT]);
}
#undef MOTE_INPUTS

// What a layer reads of a batch: the layer before it, or the input.
inline BatchInput read_by(Batch &b, uint32_t layer) {
    if (layer != 0) return {b.hidden(layer - 1), b.config().hidden, nullptr};
    return {b.input(), filled_width(b.config()), input_to_train(b.config())->products};
}

} // namespace mote

#endif
