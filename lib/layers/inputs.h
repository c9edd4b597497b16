// Input layers: what the first hidden layer, or the output, reads of the text.
#ifndef MOTE_INPUTS_H
#define MOTE_INPUTS_H

#include "linear.h"
#include "weights_float32.h"
#include "weights_integer.h"

namespace mote {

// An input, in two parts: to run a model, and to train one. A program may leave out either.
template <typename Weights> struct InputStep : mote_part {
    // The product of the token and the first layer's weights. A window takes it up.
    void (*read)(mote_state *state, uint16_t token, typename Weights::Matrix weights, typename Weights::Step *sums);
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

// The parts of the inputs that train, as cell_to_train() has those of the cells.
inline const InputTraining *input_to_train(const Config &c) {
    static const mote_part *const *const parts[] = {&mote_input_one_hot_training, &mote_input_embedding_training,
                                                    &mote_input_window_training};
    return static_cast<const InputTraining *>(linked_part(*parts[c.input - MOTE_INPUT_ONE_HOT]));
}

// What a layer reads of a batch: the layer before it, or the input.
inline BatchInput read_by(Batch &b, uint32_t layer) {
    if (layer != 0) return {b.hidden(layer - 1), b.config().hidden, nullptr};
    return {b.input(), filled_width(b.config()), input_to_train(b.config())->products};
}

} // namespace mote

#endif
