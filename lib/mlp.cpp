// The MLP over a window of characters (Bengio et al. 2003): one step of a stream; forward and backward over a batch.
#include "linked_parts.h"

namespace mote {
namespace {

using cpu::ConstMat;
using cpu::kLanes;
using cpu::Mat;

// The context of a prediction: `context` tokens, the oldest first. A boundary hides what stands before it.
void copy_window(uint16_t *window, const uint16_t *tokens, uint32_t context, bool boundary) {
    bool hidden = false;
    for (uint32_t j = context; j-- > 0;) {
        window[j] = hidden ? uint16_t{0} : tokens[j];
        hidden = hidden || (boundary && tokens[j] == 0);
    }
}

MOTE_NOINLINE void make_windows(const mote_model &model, const Work &work, const uint16_t *tokens) {
    const uint32_t context = model.config.context, row = row_tokens(model.config, work.time);
    const bool boundary = model.vocab.boundary != 0;
    for (uint32_t t = 0; t < work.time; ++t)
        for (uint32_t b = 0; b < work.batch; ++b)
            copy_window(work.windows + (size_t{t} * work.batch + b) * context, tokens + size_t{b} * row + t, context,
                        boundary);
}

// h = act(bias + W x) over `rows` rows.
uint32_t layer_forward(const mote_model &model, uint32_t layer, Mat h, ConstMat x, uint32_t rows) {
    const mote_config &c = model.config;
    cpu::gemm(h, x, weight(model, Role::Hidden, layer), {rows, c.hidden, layer == 0 ? input_width(c) : c.hidden},
              {true, weight(model, Role::Bias, layer).data});
    return activate(c, h, rows);
}

Mat hidden(const mote_config &c, const Work &work, uint32_t layer) {
    return matrix(work.hidden + size_t{layer} * work.rows() * pad(c.hidden), work.rows());
}

MOTE_NOINLINE uint32_t batch_layer(const mote_model &model, const Work &work, uint32_t layer, ConstMat x) {
    const mote_config &c = model.config;
    const uint32_t rows = work.rows(), inputs = layer == 0 ? input_width(c) : c.hidden;
    const Mat h = hidden(c, work, layer);
    return each_part(work.parts, rows, 1, uint64_t{rows} * inputs * c.hidden, [&](Range range) {
        return layer_forward(model, layer, h.row(range.first), x.row(range.first), range.size());
    });
}

// Gradients of a layer's outputs, from the last layer down in turns.
Mat delta_of(const mote_config &c, const Work &work, uint32_t layer) {
    return matrix(work.delta[(c.layers - 1 - layer) % 2], work.rows());
}

// The gradients of one layer's weights; its delta becomes that of its sums.
MOTE_NOINLINE uint32_t layer_gradients(const mote_config &c, const Work &work, uint32_t layer, float *gradients) {
    const uint32_t rows = work.rows();
    const ConstMat x = layer == 0 ? matrix(work.input, rows) : hidden(c, work, layer - 1);
    const Mat delta = delta_of(c, work, layer), h = hidden(c, work, layer);
    each_part(work.parts, rows, 1, uint64_t{rows} * c.hidden, [&](Range range) {
        activation_gradient(c, delta.row(range.first), h.row(range.first), range.size());
        return 0u;
    });
    const uint32_t found = product_gradients(work.parts, tensor_of(gradients, c, Role::Hidden, layer), x, delta,
                                             {layer == 0 ? input_width(c) : c.hidden, c.hidden, rows});
    return found | bias_gradients(work.parts, tensor_of(gradients, c, Role::Bias, layer).data, delta, rows, c.hidden);
}

// And of its inputs.
MOTE_NOINLINE void to_inputs(const mote_model &model, const Work &work, uint32_t layer, Transposed *turned) {
    const mote_config &c = model.config;
    const uint32_t rows = work.rows(), inputs = layer == 0 ? input_width(c) : c.hidden;
    const Mat below = layer == 0 ? matrix(work.input_delta, rows) : delta_of(c, work, layer - 1);
    const Mat delta = delta_of(c, work, layer);
    const Through through(weight(model, Role::Hidden, layer), inputs, c.hidden, rows, turned);
    each_part(work.parts, rows, 1, uint64_t{rows} * inputs * c.hidden, [&](Range range) {
        through.run(below.row(range.first), delta.row(range.first), range.size(), cpu::kFromZero);
        return 0u;
    });
}

MOTE_NOINLINE uint32_t embedding_gradients(const mote_config &c, const Work &work, float *gradients) {
    const Mat table = zeroed_tensor(gradients, c, Role::Embedding, 0);
    cpu::scatter_windows(table, matrix(work.input_delta, work.rows()), work.windows, work.rows(), c.context, c.embed);
    return cpu::flush(table.data, size_t{c.vocab} * pad(c.embed));
}

Work mlp_place(const mote_config &c, const mote_train_config &train, Carver *carver) {
    const uint64_t rows = uint64_t{train.batch} * train.time;
    Work work{};
    work.batch = train.batch;
    work.time = train.time;
    work.hidden = carver->floats(c.layers * rows * pad(c.hidden));
    work.logits = carver->floats(rows * pad(c.vocab));
    work.delta[0] = carver->floats(rows * pad(c.hidden));
    if (c.layers > 1) work.delta[1] = carver->floats(rows * pad(c.hidden));
    work.input = carver->floats(rows * pad(input_width(c)));
    work.input_delta = carver->floats(rows * pad(input_width(c)));
    if (train.workspace == MOTE_WORKSPACE_PACKED) work.transposed = carver->floats(transposed_count(c));
    work.windows = reinterpret_cast<uint16_t *>(carver->bytes(MOTE_ROUND64(2 * c.context * rows)));
    return work;
}

uint32_t mlp_step(const mote_state &state, uint16_t token) {
    const mote_model &model = *state.model;
    const mote_config &c = model.config;
    const uint16_t *before = state.window + size_t{state.now} * c.context;
    uint16_t *window = state.window + size_t{state.now ^ 1} * c.context;
    const bool fresh = token == 0 && model.vocab.boundary != 0;
    for (uint32_t j = 0; j + 1 < c.context; ++j) window[j] = fresh ? uint16_t{0} : before[j + 1];
    window[c.context - 1] = token;

    const Mat input{state.input, kLanes};
    cpu::gather_windows(input, weight(model, Role::Embedding, 0), window, 1, c.context, c.embed);
    ConstMat x = input;
    uint32_t bad = 0;
    for (uint32_t l = 0; l < c.layers; ++l) {
        const Mat h{state.hidden[0] + size_t{l} * pad(c.hidden), kLanes};
        bad |= layer_forward(model, l, h, x, 1);
        x = h;
    }
    const Mat logits{state.logits, kLanes};
    output_forward(model, logits, x, 1);
    return bad | cpu::settle(logits, c.vocab);
}

// Tokens [B][C + T - 1].
uint32_t mlp_forward(const mote_model &model, const Work &work, const uint16_t *tokens) {
    const mote_config &c = model.config;
    const uint32_t rows = work.rows();
    make_windows(model, work, tokens);
    const Mat input = matrix(work.input, rows);
    cpu::gather_windows(input, weight(model, Role::Embedding, 0), work.windows, rows, c.context, c.embed);
    ConstMat x = input;
    uint32_t bad = 0;
    for (uint32_t l = 0; l < c.layers; ++l) {
        bad |= batch_layer(model, work, l, x);
        x = hidden(c, work, l);
    }
    batch_output(model, work, x);
    return bad;
}

uint32_t mlp_backward(const mote_model &model, const Work &work, const uint16_t *, float *gradients) {
    const mote_config &c = model.config;
    Transposed turned{work.transposed, work.parts};
    uint32_t found = output_gradients(model, work, hidden(c, work, c.layers - 1), gradients);
    output_delta(model, work, &turned);
    for (uint32_t l = c.layers; l-- > 0;) {
        found |= layer_gradients(c, work, l, gradients);
        to_inputs(model, work, l, &turned);
    }
    return found | embedding_gradients(c, work, gradients);
}

constexpr Running mlp_running(mlp_step);
constexpr Training mlp_training(mlp_place, mlp_forward, mlp_backward);

} // namespace
} // namespace mote

MOTE_LINKED(mote_running_mlp, mote::mlp_running)
MOTE_LINKED(mote_training_mlp, mote::mlp_training)
