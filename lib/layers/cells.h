// Cells: what a hidden layer computes of its input.
#ifndef MOTE_CELLS_H
#define MOTE_CELLS_H

#include "hidden.h"
#include "linear.h"
#include "linked_parts.h"
#include "state.h"

namespace mote {

// A cell, in two parts: to run a model, and to train one. A program may leave out either, and with it whatever only a
// network of this cell needs. A model without hidden layers has a cell without layers, MOTE_CELL_NONE.
struct CellStep : mote_part {
    // All layers and the logits, as network_step().
    uint32_t (*network_step)(mote_state *state, uint16_t token);
    // The next activations of one layer, which so far are b + W x. Not 0: NaN or infinity was met.
    uint32_t (*step)(mote_state *state, uint32_t layer);

    constexpr CellStep(decltype(network_step) n, decltype(step) s) : network_step(n), step(s) {}
};
struct CellTraining : mote_part {
    // All layers and the logits, as network_forward() and network_backward().
    uint32_t (*network_forward)(const Batch &b);
    uint32_t (*network_backward)(const Batch &b, float *gradients);
    // The activations of one layer for a batch. Not 0: NaN or infinity was met.
    uint32_t (*forward)(const Batch &b, uint32_t layer, const BatchInput &x);
    // The gradient of the layer's outputs becomes that of its sums W x + …
    void (*backward)(const Batch &b, uint32_t layer, TransposedWeights *room);
    // … from which follow those of the weights that are not the input's or the bias; they pass flush(), and what it
    // found is returned. Null: there are none.
    uint32_t (*own_gradients)(const Batch &b, uint32_t layer, float *gradients);

    constexpr CellTraining(decltype(network_forward) nf, decltype(network_backward) nb, decltype(forward) f,
                           decltype(backward) b, decltype(own_gradients) g)
        : network_forward(nf), network_backward(nb), forward(f), backward(b), own_gradients(g) {}
};

// A part of a cell by its number; null where the program left it out. A line for each cell. It is a macro, so that a
// program that only runs models does not link what trains them.
#define MOTE_CELL_PART(cell, part)                                                                                     \
    ((cell) == MOTE_CELL_NONE        ? mote_cell_none##part                                                            \
     : (cell) == MOTE_CELL_DENSE     ? mote_cell_dense##part                                                           \
     : (cell) == MOTE_CELL_RECURRENT ? mote_cell_recurrent##part                                                       \
                                     : nullptr)
inline const CellStep *cell_to_run(const mote_config &c) {
    return static_cast<const CellStep *>(MOTE_CELL_PART(c.cell, ));
}
inline const CellTraining *cell_to_train(const mote_config &c) {
    return static_cast<const CellTraining *>(MOTE_CELL_PART(c.cell, _training));
}
#undef MOTE_CELL_PART

// b + W x of a layer: the product that every cell begins with.
MOTE_NOINLINE inline Linear input_product(const mote_model &model, uint32_t layer) {
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
