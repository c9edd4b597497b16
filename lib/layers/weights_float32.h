// Weights of float32, as a step reads them.
#ifndef MOTE_WEIGHTS_FLOAT32_H
#define MOTE_WEIGHTS_FLOAT32_H

#include "hidden.h"
#include "precision.h"
#include "state.h"

namespace mote {

// What the templates of a step take: how one layer of one row is told to a kernel, and which. Int8 and Int4 have
// the same members.
struct Float32 {
    static constexpr bool kIsFloat = true;
    using Step = cpu::RowStep;
    using Product = cpu::RowProduct;
    using Matrix = cpu::ConstMat;

    static constexpr const Precision &parts = float32_parts;

    static Linear layer(const mote_model &model, uint32_t layer) { return layer_product(model, layer); }
    static Matrix matrix(const mote_model &model, Role role, uint32_t layer) { return weight(model, role, layer); }

    static Product one_hot(const Config &, uint16_t token, Matrix w) {
        return {{&cpu::kOne, cpu::kLanes}, w.row(token), 1};
    }
    // Read in place, in the table: a panel there is further from the next than in a row by itself.
    static Product embedded(const mote_model &model, uint16_t token, Matrix w) {
        return {weight(model, Role::Embedding, 0).row(token), w, model.config.embed};
    }
    static Product window(mote_state *state, const uint16_t *tokens, Matrix w) {
        const Config &c = state->model->config;
        const cpu::Mat input{at_offset<float>(state, state->input), cpu::kLanes};
        cpu::gather_windows(input, weight(*state->model, Role::Embedding, 0), tokens, 1, c.context, c.embed);
        return {input, w, filled_width(c)};
    }
    // Activations of a layer after the last step, and of the one under way.
    static Product now(mote_state *state, uint32_t layer, Matrix w) {
        return {{hidden_now(state, layer), cpu::kLanes}, w, state->model->config.hidden};
    }
    static Product next(mote_state *state, uint32_t layer, Matrix w) {
        return {{hidden_next(state, layer), cpu::kLanes}, w, state->model->config.hidden};
    }

    static uint32_t run(cpu::Mat y, const Step &sums) { return cpu::row_step(y, sums); }
    // What is to be done with the activations of a layer before they are read.
    static void computed(mote_state *, uint32_t) {}
};

} // namespace mote

#endif
