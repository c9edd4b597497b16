// Cells: what a hidden layer computes of its input.
#ifndef MOTE_CELLS_H
#define MOTE_CELLS_H

#include "hidden.h"
#include "linear.h"
#include "weights_float32.h"
#include "weights_integer.h"

namespace mote {

// A cell, in two parts: to run a model, and to train one. A program may leave out either, and with it whatever only a
// network of this cell needs. A model without hidden layers has a cell without layers, MOTE_CELL_NONE.
struct CellStep : mote_part {
    // All layers and the logits, as network_step().
    uint32_t (*network_step)(mote_state *state, uint16_t token);

    constexpr explicit CellStep(decltype(network_step) n) : network_step(n) {}
};
// Of a network with hidden layers, whose weights are Float32, Int8 or Int4.
template <typename Weights> struct LayerStep : CellStep {
    // The next activations of one layer, of whose sums b + W x is told already. Not 0: NaN or infinity was met.
    uint32_t (*step)(mote_state *state, uint32_t layer, typename Weights::Step *sums);

    constexpr LayerStep(decltype(network_step) n, decltype(step) s) : CellStep(n), step(s) {}
};
struct CellTraining : mote_part {
    // Places the arrays of a batch of that many rows but for gradients and logits. Null: there are none.
    void (*network_place)(Batch *b, uint32_t rows, bool backward, Offsets *offsets);
    // All layers and the logits, as network_forward() and network_backward().
    uint32_t (*network_forward)(Batch &b);
    uint32_t (*network_backward)(Batch &b);
    // As network_update(). Null: it is false.
    bool (*network_update)(Batch &b, const WeightUpdate &update, uint32_t *found);
    // As network_loss(). Null: it follows from the logits.
    uint32_t (*network_loss)(Batch &b, const uint16_t *targets, float scale, float *nats);
    // The activations of one layer for a batch. Not 0: NaN or infinity was met.
    uint32_t (*forward)(Batch &b, uint32_t layer);
    // The gradient of the layer's outputs becomes that of its sums W x + …, in delta, or of gated cells in sums.
    void (*backward)(Batch &b, uint32_t layer, TransposedWeights *room);
    // … from which follow those of the weights that are not the input's or the bias; they pass flush(), and what it
    // found is returned. Null: there are none.
    uint32_t (*own_gradients)(Batch &b, uint32_t layer);
    // As network_begin(). Null: nothing is carried from batch to batch.
    void (*network_begin)(Batch &b, bool carried);

    // Of a network with hidden layers.
    constexpr CellTraining(decltype(network_place) p, decltype(network_forward) nf, decltype(network_backward) nb,
                           decltype(forward) f, decltype(backward) b, decltype(own_gradients) g,
                           decltype(network_begin) c)
        : network_place(p), network_forward(nf), network_backward(nb),
          network_update(cpu::kRoomForCode ? hidden_update : nullptr), network_loss(nullptr), forward(f), backward(b),
          own_gradients(g), network_begin(c) {}
    // Of one without.
    constexpr CellTraining(decltype(network_forward) nf, decltype(network_backward) nb, decltype(network_loss) l)
        : network_place(nullptr), network_forward(nf), network_backward(nb), network_update(nullptr), network_loss(l),
          forward(nullptr), backward(nullptr), own_gradients(nullptr), network_begin(nullptr) {}
};

// The parts of the cells that train, in the order of their numbers, as Precision has those that run: an entry for each
// cell.
inline const CellTraining *cell_to_train(const Config &c) {
    static const mote_part *const *const parts[] = {&mote_cell_none_training, &mote_cell_dense_training,
                                                    &mote_cell_recurrent_training, &mote_cell_gated_training};
    return static_cast<const CellTraining *>(linked_part(*parts[c.cell - MOTE_CELL_NONE]));
}

static_assert(uint32_t{cpu::kTanh} == MOTE_TANH && uint32_t{cpu::kRelu} == MOTE_RELU,
              "the kernels' numbers are the configuration's");
inline cpu::Activation activation_of(const Config &c) { return static_cast<cpu::Activation>(c.activation); }

// Of rows of `width` columns.
inline uint32_t activate(const Config &c, cpu::Mat x, uint32_t rows, uint32_t width) {
    return c.activation == MOTE_TANH ? cpu::tanh_rows(x, rows, width) : cpu::relu_rows(x, rows, width);
}
inline uint32_t activate(const Config &c, cpu::Mat x, uint32_t rows) { return activate(c, x, rows, c.hidden); }

inline void activation_gradient(const Config &c, cpu::Mat d, cpu::ConstMat h, uint32_t rows, uint32_t width) {
    if (c.activation == MOTE_TANH)
        cpu::tanh_gradient(d, h, rows, width);
    else
        cpu::relu_gradient(d, h, rows, width);
}
inline void activation_gradient(const Config &c, cpu::Mat d, cpu::ConstMat h, uint32_t rows) {
    activation_gradient(c, d, h, rows, c.hidden);
}

} // namespace mote

#endif
