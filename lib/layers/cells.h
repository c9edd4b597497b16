// Cells: what a hidden layer computes of its input.
#ifndef MOTE_CELLS_H
#define MOTE_CELLS_H

#include "hidden.h"
#include "linear.h"
#include "parts.h"
#include "state.h"

namespace mote {

// A cell, in two parts: to run a model, and to train one. A program may leave out either.
struct CellStep : mote_part {
    // The activations of one layer for one character. Not 0: NaN or infinity was met.
    uint32_t (*step)(mote_state *state, uint32_t layer, const StepInput &x);
    // All layers of the cell and the output.
    uint32_t (*network_step)(mote_state *state, uint16_t token);

    constexpr explicit CellStep(decltype(step) s) : step(s), network_step(hidden_step) {}
};
struct CellTraining : mote_part {
    // The activations of one layer for a batch. Not 0: NaN or infinity was met.
    uint32_t (*forward)(const Batch &b, uint32_t layer, const BatchInput &x);
    // The gradient of the layer's outputs becomes that of its sums W x + …
    void (*backward)(const Batch &b, uint32_t layer, TransposedWeights *room);
    // … from which follow those of the weights that are not the input's or the bias; they pass flush(), and what it
    // found is returned. Null: there are none.
    uint32_t (*own_gradients)(const Batch &b, uint32_t layer, float *gradients);
    // All layers of the cell and the output.
    uint32_t (*network_forward)(const Batch &b);
    uint32_t (*network_backward)(const Batch &b, float *gradients);

    constexpr CellTraining(decltype(forward) f, decltype(backward) b, decltype(own_gradients) g)
        : forward(f), backward(b), own_gradients(g), network_forward(hidden_forward),
          network_backward(hidden_backward) {}
};

// The parts of a configuration's cell; null where the program left it out.
const CellStep *cell_to_run(const mote_config &config);
const CellTraining *cell_to_train(const mote_config &config);

// b + W x of a layer: the product that every cell begins with.
inline Linear input_product(const mote_model &model, uint32_t layer) {
    const mote_config &c = model.config;
    return {weight(model, Role::Input, layer), weight(model, Role::Bias, layer).data,
            stored_rows(c, Role::Input, layer), c.hidden};
}

inline uint32_t activate(const mote_config &c, cpu::Mat x, uint32_t rows) {
    return c.activation == MOTE_TANH ? cpu::tanh_rows(x, rows, c.hidden) : cpu::relu_rows(x, rows, c.hidden);
}

inline void activation_gradient(const mote_config &c, cpu::Mat d, cpu::ConstMat h, uint32_t rows) {
    if (c.activation == MOTE_TANH)
        cpu::tanh_gradient(d, h, rows, c.hidden);
    else
        cpu::relu_gradient(d, h, rows, c.hidden);
}

} // namespace mote

#endif
