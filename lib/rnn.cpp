// The vanilla RNN (Elman 1990): one step of a stream; forward and backward through time over a batch.
#include "linked_parts.h"

#include <string.h>

namespace mote {
namespace {

using cpu::ConstMat;
using cpu::kLanes;
using cpu::Mat;
using cpu::Tokens;

// --- one batch ---

struct Batch {
    const mote_model &model;
    const mote_config &config;
    const Work &work;
    const uint16_t *tokens;

    uint32_t rows() const { return work.rows(); }
    // Multiply-adds of a product of all rows with a matrix of so many inputs.
    uint64_t cost(uint32_t inputs) const { return uint64_t{rows()} * config.hidden * inputs; }
    size_t hidden_rows() const { return size_t{work.batch} * (size_t{work.time} + 1); }
    // [(T + 1) B][H]
    Mat hidden(uint32_t layer) const {
        return matrix(work.hidden + layer * hidden_rows() * pad(config.hidden), hidden_rows());
    }
    Mat delta(uint32_t which) const { return matrix(work.delta[which], rows()); }
    Mat embedded() const { return matrix(work.input, rows()); }
    Mat embed_delta() const { return matrix(work.input_delta, rows()); }
    // The tokens of one time step: column t of [B][T].
    Tokens at(uint32_t t) const { return {tokens + t, work.time}; }
};

// What a layer above the one-hot input reads, and how wide it is.
struct LayerInput {
    ConstMat x;
    uint32_t width;
};
LayerInput layer_input(const Batch &b, uint32_t layer) {
    if (layer == 0) return {b.embedded(), b.config.embed};
    return {b.hidden(layer - 1).row(b.work.batch), b.config.hidden};
}

// hidden(layer) rows B … are set to bias + Wih x, for a one-hot x, …
MOTE_NOINLINE void one_hot_products(const Batch &b, Range times) {
    const uint32_t batch = b.work.batch, width = b.config.hidden;
    const Mat h = b.hidden(0);
    const float *bias = weight(b.model, Role::Bias, 0).data;
    const ConstMat w = weight(b.model, Role::Input, 0);
    for (uint32_t t = times.first; t < times.end; ++t)
        cpu::gather(h.row(size_t{batch} * (t + 1)), bias, w, b.at(t), batch, width);
}

MOTE_NOINLINE void embed(const Batch &b, Range times) {
    const uint32_t batch = b.work.batch;
    const ConstMat table = weight(b.model, Role::Embedding, 0);
    for (uint32_t t = times.first; t < times.end; ++t)
        cpu::gather(b.embedded().row(size_t{t} * batch), nullptr, table, b.at(t), batch, b.config.embed);
}

// … or one product over all rows of the times.
MOTE_NOINLINE void dense_products(const Batch &b, uint32_t layer, Range times) {
    const uint32_t batch = b.work.batch, rows = times.size() * batch;
    const size_t first = size_t{times.first} * batch;
    const Mat h = b.hidden(layer).row(batch + first);
    const LayerInput input = layer_input(b, layer);
    cpu::gemm(h, input.x.row(first), weight(b.model, Role::Input, layer), {rows, b.config.hidden, input.width},
              {true, weight(b.model, Role::Bias, layer).data});
}

void input_products(const Batch &b, uint32_t layer, Range times) {
    if (layer == 0 && b.config.embed == 0) return one_hot_products(b, times);
    if (layer == 0) embed(b, times);
    dense_products(b, layer, times);
}

// Some rows of the batch, through all times.
MOTE_NOINLINE uint32_t recurrence(const Batch &b, uint32_t layer, Range rows) {
    const uint32_t batch = b.work.batch, width = b.config.hidden;
    const ConstMat w = weight(b.model, Role::Recurrent, layer);
    const Mat h = b.hidden(layer).row(rows.first);
    uint32_t bad = 0;
    for (uint32_t t = 0; t < b.work.time; ++t) {
        const Mat next = h.row(size_t{batch} * (t + 1));
        cpu::gemm(next, h.row(size_t{batch} * t), w, {rows.size(), width, width}, cpu::kOnTop);
        bad |= activate(b.config, next, rows.size());
    }
    return bad;
}

MOTE_NOINLINE uint32_t layer_forward(const Batch &b, uint32_t layer) {
    const uint64_t cost = b.cost(b.config.hidden);
    each_part(b.work.parts, b.work.time, 1, cost, [&](Range times) {
        input_products(b, layer, times);
        return 0u;
    });
    return each_part(b.work.parts, b.work.batch, 1, cost, [&](Range rows) { return recurrence(b, layer, rows); });
}

// --- backward ---

// delta holds the gradients of a layer's outputs; they become those of its sums, from the last time to the first.
MOTE_INLINE void rows_through_time(const Batch &b, uint32_t layer, Mat delta, const Through &recurrent, Range rows) {
    const uint32_t batch = b.work.batch;
    const Mat d = delta.row(rows.first), h = b.hidden(layer).row(rows.first);
    for (uint32_t t = b.work.time; t-- > 0;) {
        const Mat now = d.row(size_t{batch} * t);
        if (t + 1 < b.work.time) recurrent.run(now, d.row(size_t{batch} * (t + 1)), rows.size(), cpu::kOnTop);
        activation_gradient(b.config, now, h.row(size_t{batch} * (t + 1)), rows.size());
    }
}

MOTE_NOINLINE void through_time(const Batch &b, uint32_t layer, Mat delta, Transposed *turned) {
    const uint32_t width = b.config.hidden;
    const Through recurrent(weight(b.model, Role::Recurrent, layer), width, width, b.rows(), turned);
    each_part(b.work.parts, b.work.batch, 1, b.cost(width), [&](Range rows) {
        rows_through_time(b, layer, delta, recurrent, rows);
        return 0u;
    });
}

// The gradients of a layer's recurrent weights and bias.
MOTE_NOINLINE uint32_t recurrent_gradients(const Batch &b, uint32_t layer, Mat delta, float *gradients) {
    const mote_config &c = b.config;
    const uint32_t found = product_gradients(b.work.parts, tensor_of(gradients, c, Role::Recurrent, layer),
                                             b.hidden(layer), delta, {c.hidden, c.hidden, b.rows()});
    return found |
           bias_gradients(b.work.parts, tensor_of(gradients, c, Role::Bias, layer).data, delta, b.rows(), c.hidden);
}

// table[token] = the sum of the rows of delta, through all times.
MOTE_NOINLINE uint32_t table_gradients(const Batch &b, Mat table, Mat delta, uint32_t width) {
    const uint32_t batch = b.work.batch;
    return each_part(b.work.parts, width, kLanes, uint64_t{b.rows()} * width, [&](Range range) {
        const size_t panel = range.first / kLanes;
        const Mat to{table.data + panel * table.panel, table.panel},
            from{delta.data + panel * delta.panel, delta.panel};
        const size_t count = size_t{pad(range.size())} / kLanes * to.panel;
        memset(to.data, 0, count * sizeof(float));
        for (uint32_t t = 0; t < b.work.time; ++t)
            cpu::scatter_add(to, from.row(size_t{t} * batch), b.at(t), batch, range.size());
        return cpu::flush(to.data, count);
    });
}

// And of its input weights.
MOTE_NOINLINE uint32_t input_gradients(const Batch &b, uint32_t layer, Mat delta, float *gradients) {
    const mote_config &c = b.config;
    const Mat gradient = tensor_of(gradients, c, Role::Input, layer);
    if (layer == 0 && c.embed == 0) return table_gradients(b, gradient, delta, c.hidden);
    const LayerInput input = layer_input(b, layer);
    return product_gradients(b.work.parts, gradient, input.x, delta, {input.width, c.hidden, b.rows()});
}

// The gradients of some rows of its inputs.
MOTE_INLINE void rows_to_inputs(const Batch &b, uint32_t layer, Mat delta, const Through &through, Range rows) {
    const Mat below = (layer == 0 ? b.embed_delta() : b.delta((b.config.layers - layer) % 2)).row(rows.first);
    through.run(below, delta.row(rows.first), rows.size(), cpu::kFromZero);
}

// Where they come from something that learns.
MOTE_NOINLINE void to_inputs(const Batch &b, uint32_t layer, Mat delta, Transposed *turned) {
    const mote_config &c = b.config;
    const uint32_t width = layer == 0 ? c.embed : c.hidden;
    if (width == 0) return;
    const Through through(weight(b.model, Role::Input, layer), width, c.hidden, b.rows(), turned);
    each_part(b.work.parts, b.rows(), 1, b.cost(width), [&](Range rows) {
        rows_to_inputs(b, layer, delta, through, rows);
        return 0u;
    });
}

MOTE_NOINLINE uint32_t embedding_gradients(const Batch &b, float *gradients) {
    return table_gradients(b, tensor_of(gradients, b.config, Role::Embedding, 0), b.embed_delta(), b.config.embed);
}

Mat next_hidden(const mote_state &state, uint32_t layer) {
    return {state.hidden[state.now ^ 1] + layer * size_t{pad(state.model->config.hidden)}, kLanes};
}

// h = bias + Wih x for one character: one-hot, …
MOTE_NOINLINE void step_one_hot(const mote_state &state, uint16_t token) {
    const mote_model &model = *state.model;
    cpu::gather(next_hidden(state, 0), weight(model, Role::Bias, 0).data, weight(model, Role::Input, 0), {&token, 0}, 1,
                model.config.hidden);
}

// … or embedded, or what the layer below has made of it.
MOTE_NOINLINE void step_input(const mote_state &state, uint32_t layer, uint16_t token) {
    const mote_model &model = *state.model;
    const mote_config &c = model.config;
    const Mat h = next_hidden(state, layer);
    ConstMat x{h.data - pad(c.hidden), kLanes};
    if (layer == 0) {
        const ConstMat table = weight(model, Role::Embedding, 0);
        x = {table.data + size_t{token} * kLanes, table.panel}; // a row, in place
    }
    cpu::gemm(h, x, weight(model, Role::Input, layer), {1, c.hidden, layer == 0 ? c.embed : c.hidden},
              {true, weight(model, Role::Bias, layer).data});
}

// h = act(h + Whh h before)
MOTE_NOINLINE uint32_t step_recurrent(const mote_state &state, uint32_t layer) {
    const mote_config &c = state.model->config;
    const Mat h = next_hidden(state, layer);
    cpu::gemm(h, {state.hidden[state.now] + layer * size_t{pad(c.hidden)}, kLanes},
              weight(*state.model, Role::Recurrent, layer), {1, c.hidden, c.hidden}, cpu::kOnTop);
    return activate(c, h, 1);
}

Work rnn_place(const mote_config &c, const mote_train_config &train, Carver *carver) {
    const uint64_t rows = uint64_t{train.batch} * train.time;
    Work work{};
    work.batch = train.batch;
    work.time = train.time;
    work.hidden = carver->floats(c.layers * (rows + train.batch) * pad(c.hidden));
    work.logits = carver->floats(rows * pad(c.vocab));
    work.delta[0] = carver->floats(rows * pad(c.hidden));
    if (c.layers > 1) work.delta[1] = carver->floats(rows * pad(c.hidden));
    work.input = carver->floats(rows * pad(c.embed));
    work.input_delta = carver->floats(rows * pad(c.embed));
    if (train.workspace == MOTE_WORKSPACE_PACKED) work.transposed = carver->floats(transposed_count(c));
    return work;
}

uint32_t rnn_step(const mote_state &state, uint16_t token) {
    const mote_config &c = state.model->config;
    const float *after = state.hidden[state.now ^ 1];
    uint32_t bad = 0;
    for (uint32_t l = 0; l < c.layers; ++l) {
        if (l == 0 && c.embed == 0)
            step_one_hot(state, token);
        else
            step_input(state, l, token);
        bad |= step_recurrent(state, l);
    }
    const Mat logits{state.logits, kLanes};
    output_forward(*state.model, logits, {after + (c.layers - 1) * size_t{pad(c.hidden)}, kLanes}, 1);
    return bad | cpu::settle(logits, c.vocab);
}

uint32_t rnn_forward(const mote_model &model, const Work &work, const uint16_t *tokens) {
    const Batch b{model, model.config, work, tokens};
    uint32_t bad = 0;
    for (uint32_t l = 0; l < b.config.layers; ++l) bad |= layer_forward(b, l);
    batch_output(model, work, b.hidden(b.config.layers - 1).row(work.batch));
    return bad;
}

uint32_t rnn_backward(const mote_model &model, const Work &work, const uint16_t *tokens, float *gradients) {
    const Batch b{model, model.config, work, tokens};
    const mote_config &c = b.config;
    Transposed turned{work.transposed, work.parts};

    uint32_t found = output_gradients(model, work, b.hidden(c.layers - 1).row(work.batch), gradients);
    output_delta(model, work, &turned);
    for (uint32_t l = c.layers; l-- > 0;) {
        const Mat delta = b.delta((c.layers - 1 - l) % 2);
        through_time(b, l, delta, &turned);
        found |= recurrent_gradients(b, l, delta, gradients);
        found |= input_gradients(b, l, delta, gradients);
        to_inputs(b, l, delta, &turned);
    }
    if (c.embed != 0) found |= embedding_gradients(b, gradients);
    return found;
}

// The state after the batch becomes the state before the next; or zero.
void rnn_carry(const mote_config &c, const Work &work) {
    const size_t panel = size_t{work.batch} * (size_t{work.time} + 1) * kLanes;
    const size_t state = size_t{work.batch} * kLanes;
    for (size_t p = 0; p < size_t{c.layers} * (pad(c.hidden) / kLanes); ++p)
        memcpy(work.hidden + p * panel, work.hidden + p * panel + work.time * state, state * sizeof(float));
}

void rnn_reset(const mote_config &c, const Work &work) {
    const size_t panel = size_t{work.batch} * (size_t{work.time} + 1) * kLanes;
    for (size_t p = 0; p < size_t{c.layers} * (pad(c.hidden) / kLanes); ++p)
        memset(work.hidden + p * panel, 0, size_t{work.batch} * kLanes * sizeof(float));
}

constexpr Running rnn_running(rnn_step);
constexpr Training rnn_training(rnn_place, rnn_forward, rnn_backward, rnn_carry, rnn_reset);

} // namespace
} // namespace mote

MOTE_LINKED(mote_running_rnn, mote::rnn_running)
MOTE_LINKED(mote_training_rnn, mote::rnn_training)
