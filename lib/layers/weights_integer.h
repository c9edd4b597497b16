// Weights of integers, of 8 and of 4 bits, as a step reads them.
#ifndef MOTE_WEIGHTS_INTEGER_H
#define MOTE_WEIGHTS_INTEGER_H

#include <string.h>

#include "hidden.h"
#include "precision.h"
#include "state.h"

namespace mote {

// The members that Float32 has, but for those that differ.
struct IntegerWeights {
    static constexpr bool kIsFloat = false;
    using Step = cpu::QuantStep;
    using Product = cpu::QuantProduct;
    using Matrix = const int8_t *;

    struct Layer {
        Matrix weights;
        const float *bias;
        uint32_t outputs;
    };
    static Layer layer(const mote_model &model, uint32_t layer) {
        const Config &c = model.config;
        const bool output = layer == c.layers;
        return {matrix(model, output ? Role::Output : Role::Input, layer),
                reinterpret_cast<const float *>(matrix(model, output ? Role::OutputBias : Role::Bias, layer)),
                output ? c.vocab : c.hidden};
    }
    static Matrix matrix(const mote_model &model, Role role, uint32_t layer) {
        return integer_weight(model, role, layer);
    }

    static Product one_hot(const Config &c, uint16_t token, Matrix w) { return {nullptr, w, c.vocab, token, 1.0f}; }
    static const int8_t *embedding(const mote_model &model, uint16_t token) {
        return integer_weight(model, Role::Embedding, 0) + size_t{token} * pad(model.config.embed);
    }
    static Product embedded(const mote_model &model, uint16_t token, Matrix w) {
        return {embedding(model, token), w, model.config.embed, 0, *scales_of(model)};
    }
    static Product window(mote_state *state, const uint16_t *tokens, Matrix w) {
        const mote_model &model = *state->model;
        const uint32_t width = model.config.embed;
        int8_t *const input = at_offset<int8_t>(state, state->input);
        for (uint32_t i = 0; i < model.config.context; ++i)
            memcpy(input + size_t{i} * width, embedding(model, tokens[i]), width);
        return {input, w, filled_width(model.config), 0, *scales_of(model)};
    }
    // Activations of a layer in one of the two hidden states.
    MOTE_INLINE_OR_ONE_COPY static Product hidden(mote_state *state, uint32_t which, uint32_t layer, Matrix w) {
        const mote_model &model = *state->model;
        return {integers_of(state, which, layer), w, model.config.hidden, 0, scales_of(model)[layer + 1]};
    }
    static Product now(mote_state *state, uint32_t layer, Matrix w) { return hidden(state, state->now, layer, w); }
    static Product next(mote_state *state, uint32_t layer, Matrix w) { return hidden(state, state->now ^ 1, layer, w); }

    // A function of its own, so that what it needs is not in the frame beneath a layer's product.
    MOTE_NOINLINE static void computed(mote_state *state, uint32_t layer) {
        cpu::quantize_row(integers_of(state, state->now ^ 1, layer), {hidden_next(state, layer), cpu::kLanes},
                          state->model->config.hidden, 1.0f / scales_of(*state->model)[layer + 1]);
    }
};

struct Int8 : IntegerWeights {
    static constexpr const Precision &parts = int8_parts;
    static uint32_t run(cpu::Mat y, const Step &sums) { return cpu::quant_step(y, sums); }
    static size_t panel_bytes(uint32_t inputs) { return cpu::quant_panel_bytes(inputs); }
    static int32_t integer(const void *panels, uint32_t input, uint32_t output, uint32_t inputs) {
        return static_cast<const int8_t *>(panels)[int8_index(input, output, inputs)];
    }
};

struct Int4 : IntegerWeights {
    static constexpr const Precision &parts = int4_parts;
    static uint32_t run(cpu::Mat y, const Step &sums) { return cpu::quant4_step(y, sums); }
    static size_t panel_bytes(uint32_t inputs) { return cpu::quant4_panel_bytes(inputs); }
    static int32_t integer(const void *panels, uint32_t input, uint32_t output, uint32_t inputs) {
        return int4_weight(panels, input, output, inputs);
    }
};

} // namespace mote

#endif
