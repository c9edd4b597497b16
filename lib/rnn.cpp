#include "rnn.h"

#include <string.h>

namespace mote {
namespace {

using cpu::ConstMat;
using cpu::kLanes;
using cpu::Mat;
using cpu::Tokens;

uint32_t activate(const mote_config &c, Mat x, uint32_t rows) {
    return c.activation == MOTE_TANH ? cpu::tanh_rows(x, rows, c.hidden) : cpu::relu_rows(x, rows, c.hidden);
}

void activation_gradient(const mote_config &c, Mat d, ConstMat h, uint32_t rows) {
    if (c.activation == MOTE_TANH)
        cpu::tanh_gradient(d, h, rows, c.hidden);
    else
        cpu::relu_gradient(d, h, rows, c.hidden);
}

Mat matrix(float *data, size_t rows) { return {data, rows * kLanes}; }

// --- one batch ---

struct Batch {
    const mote_model &model;
    const mote_config &config;
    const RnnWork &work;
    const uint16_t *tokens;

    uint32_t rows() const { return work.batch * work.time; }
    size_t hidden_rows() const { return size_t{work.batch} * (size_t{work.time} + 1); }
    // [(T + 1) B][H]
    Mat hidden(uint32_t layer) const {
        return matrix(work.hidden + layer * hidden_rows() * pad(config.hidden), hidden_rows());
    }
    Mat logits() const { return matrix(work.logits, rows()); }
    Mat delta(uint32_t which) const { return matrix(work.delta[which], rows()); }
    Mat embedded() const { return matrix(work.embedded, rows()); }
    Mat embed_delta() const { return matrix(work.embed_delta, rows()); }
    // The tokens of one time step: column t of [B][T].
    Tokens at(uint32_t t) const { return {tokens + t, work.time}; }
};

// hidden(layer) rows B … are set to bias + Wih x, one product over all rows where x is known for all times.
void input_products(const Batch &b, uint32_t layer) {
    const mote_config &c = b.config;
    const uint32_t batch = b.work.batch;
    const Mat h = b.hidden(layer).row(batch);
    const float *bias = weight(b.model, Role::Bias, layer).data;
    const ConstMat w = weight(b.model, Role::Input, layer);
    if (layer == 0 && c.embed == 0) {
        for (uint32_t t = 0; t < b.work.time; ++t)
            cpu::gather(h.row(size_t{t} * batch), bias, w, b.at(t), batch, c.hidden);
        return;
    }
    if (layer == 0)
        for (uint32_t t = 0; t < b.work.time; ++t)
            cpu::gather(b.embedded().row(size_t{t} * batch), nullptr, weight(b.model, Role::Embedding, 0), b.at(t),
                        batch, c.embed);
    const ConstMat x = layer == 0 ? b.embedded() : b.hidden(layer - 1).row(batch);
    cpu::fill_rows(h, bias, b.rows(), c.hidden);
    cpu::gemm(h, x, w, {b.rows(), c.hidden, layer == 0 ? c.embed : c.hidden});
}

uint32_t recurrence(const Batch &b, uint32_t layer) {
    const uint32_t batch = b.work.batch, width = b.config.hidden;
    const ConstMat w = weight(b.model, Role::Recurrent, layer);
    const Mat h = b.hidden(layer);
    uint32_t bad = 0;
    for (uint32_t t = 0; t < b.work.time; ++t) {
        const Mat next = h.row(size_t{batch} * (t + 1));
        cpu::gemm(next, h.row(size_t{batch} * t), w, {batch, width, width});
        bad |= activate(b.config, next, batch);
    }
    return bad;
}

// --- backward ---

Mat gradient(const Batch &b, float *gradients, Role role, uint32_t layer) {
    const TensorSpec spec = tensor_spec(b.config, tensor_index(b.config, role, layer));
    return matrix(gradients + spec.offset, spec.rows);
}

// The weights turned over, in the order of their use.
struct Transposed {
    float *next;

    ConstMat take(ConstMat w, uint32_t rows, uint32_t columns) {
        const Mat t = matrix(next, columns);
        cpu::transpose(t, w, rows, columns);
        next += size_t{pad(rows)} * columns;
        return t;
    }
};

// x += d w^T over m rows: w stored with k rows (its inputs) and n columns (its outputs).
void backward_product(Mat x, ConstMat d, ConstMat w, ConstMat turned, bool packed, cpu::Shape s) {
    if (packed)
        cpu::gemm(x, d, turned, {s.m, s.k, s.n});
    else
        cpu::gemm_nt(x, d, w, {s.m, s.k, s.n});
}

void zero_rows(Mat x, uint32_t rows, uint32_t columns) {
    memset(x.data, 0, size_t{rows} * pad(columns) * sizeof(float));
}

// The gradients of the output's weights, and of the last layer's hidden states.
MOTE_NOINLINE void output_gradients(const Batch &b, float *gradients, Transposed *turned) {
    const mote_config &c = b.config;
    const uint32_t rows = b.rows();
    cpu::gemm_tn(gradient(b, gradients, Role::Output, 0), b.hidden(c.layers - 1).row(b.work.batch), b.logits(),
                 {c.hidden, c.vocab, rows});
    cpu::column_sum(gradient(b, gradients, Role::OutputBias, 0).data, b.logits(), rows, c.vocab);
    const ConstMat w = weight(b.model, Role::Output, 0);
    const bool packed = turned->next != nullptr;
    const ConstMat wt = packed ? turned->take(w, c.hidden, c.vocab) : w;
    zero_rows(b.delta(0), rows, c.hidden);
    backward_product(b.delta(0), b.logits(), w, wt, packed, {rows, c.vocab, c.hidden});
}

// delta holds the gradients of a layer's outputs; they become those of its sums, from the last time to the first.
MOTE_NOINLINE void through_time(const Batch &b, uint32_t layer, Mat delta, Transposed *turned) {
    const uint32_t batch = b.work.batch, width = b.config.hidden;
    const bool packed = turned->next != nullptr;
    const ConstMat w = weight(b.model, Role::Recurrent, layer);
    const ConstMat wt = packed ? turned->take(w, width, width) : w;
    for (uint32_t t = b.work.time; t-- > 0;) {
        const Mat now = delta.row(size_t{batch} * t);
        if (t + 1 < b.work.time)
            backward_product(now, delta.row(size_t{batch} * (t + 1)), w, wt, packed, {batch, width, width});
        activation_gradient(b.config, now, b.hidden(layer).row(size_t{batch} * (t + 1)), batch);
    }
}

// The gradients of one layer's weights, and of its inputs where it has any to learn.
MOTE_NOINLINE void layer_gradients(const Batch &b, uint32_t layer, Mat delta, float *gradients, Transposed *turned) {
    const mote_config &c = b.config;
    const uint32_t rows = b.rows(), batch = b.work.batch;
    cpu::gemm_tn(gradient(b, gradients, Role::Recurrent, layer), b.hidden(layer), delta, {c.hidden, c.hidden, rows});
    cpu::column_sum(gradient(b, gradients, Role::Bias, layer).data, delta, rows, c.hidden);
    const Mat input_gradient = gradient(b, gradients, Role::Input, layer);
    if (layer == 0 && c.embed == 0) {
        for (uint32_t t = 0; t < b.work.time; ++t)
            cpu::scatter_add(input_gradient, delta.row(size_t{t} * batch), b.at(t), batch, c.hidden);
        return;
    }
    const uint32_t width = layer == 0 ? c.embed : c.hidden;
    const ConstMat x = layer == 0 ? b.embedded() : b.hidden(layer - 1).row(batch);
    cpu::gemm_tn(input_gradient, x, delta, {width, c.hidden, rows});
    const Mat below = layer == 0 ? b.embed_delta() : b.delta((b.config.layers - layer) % 2);
    const ConstMat w = weight(b.model, Role::Input, layer);
    const bool packed = turned->next != nullptr;
    const ConstMat wt = packed ? turned->take(w, width, c.hidden) : w;
    zero_rows(below, rows, width);
    backward_product(below, delta, w, wt, packed, {rows, c.hidden, width});
}

} // namespace

RnnWork rnn_place(const mote_config &c, const mote_train_config &train, Carver *carver) {
    const uint64_t rows = uint64_t{train.batch} * train.time;
    RnnWork work{};
    work.batch = train.batch;
    work.time = train.time;
    work.hidden = carver->floats(c.layers * (rows + train.batch) * pad(c.hidden));
    work.logits = carver->floats(rows * pad(c.vocab));
    work.delta[0] = carver->floats(rows * pad(c.hidden));
    if (c.layers > 1) work.delta[1] = carver->floats(rows * pad(c.hidden));
    work.embedded = carver->floats(rows * pad(c.embed));
    work.embed_delta = carver->floats(rows * pad(c.embed));
    if (train.workspace == MOTE_WORKSPACE_PACKED)
        work.transposed = carver->floats(MOTE_RNN_TRANSPOSED(c.vocab, c.embed, c.hidden, c.layers));
    return work;
}

uint32_t rnn_step(const mote_state &state, uint16_t token) {
    const mote_model &model = *state.model;
    const mote_config &c = model.config;
    const size_t width = pad(c.hidden);
    const float *before = state.hidden[state.now];
    float *after = state.hidden[state.now ^ 1];
    uint32_t bad = 0;
    ConstMat x{};
    if (c.embed != 0) {
        const ConstMat table = weight(model, Role::Embedding, 0);
        x = {table.data + size_t{token} * kLanes, table.panel}; // a row, in place
    }
    for (uint32_t l = 0; l < c.layers; ++l) {
        const Mat h{after + l * width, kLanes};
        const float *bias = weight(model, Role::Bias, l).data;
        const ConstMat w = weight(model, Role::Input, l);
        if (x.data == nullptr) {
            cpu::gather(h, bias, w, {&token, 0}, 1, c.hidden);
        } else {
            cpu::fill_rows(h, bias, 1, c.hidden);
            cpu::gemm(h, x, w, {1, c.hidden, l == 0 ? c.embed : c.hidden});
        }
        cpu::gemm(h, {before + l * width, kLanes}, weight(model, Role::Recurrent, l), {1, c.hidden, c.hidden});
        bad |= activate(c, h, 1);
        x = h;
    }
    const Mat logits{state.logits, kLanes};
    cpu::fill_rows(logits, weight(model, Role::OutputBias, 0).data, 1, c.vocab);
    cpu::gemm(logits, x, weight(model, Role::Output, 0), {1, c.vocab, c.hidden});
    return bad | cpu::not_finite(state.logits, c.vocab);
}

uint32_t rnn_forward(const mote_model &model, const RnnWork &work, const uint16_t *tokens) {
    const Batch b{model, model.config, work, tokens};
    uint32_t bad = 0;
    for (uint32_t l = 0; l < b.config.layers; ++l) {
        input_products(b, l);
        bad |= recurrence(b, l);
    }
    const Mat top = b.hidden(b.config.layers - 1).row(work.batch);
    cpu::fill_rows(b.logits(), weight(model, Role::OutputBias, 0).data, b.rows(), b.config.vocab);
    cpu::gemm(b.logits(), top, weight(model, Role::Output, 0), {b.rows(), b.config.vocab, b.config.hidden});
    return bad;
}

void rnn_backward(const mote_model &model, const RnnWork &work, const uint16_t *tokens, float *gradients) {
    const Batch b{model, model.config, work, tokens};
    const mote_config &c = b.config;
    memset(gradients, 0, static_cast<size_t>(weight_count(c)) * sizeof(float));
    Transposed turned{work.transposed};

    output_gradients(b, gradients, &turned);
    for (uint32_t l = c.layers; l-- > 0;) {
        const Mat delta = b.delta((c.layers - 1 - l) % 2);
        through_time(b, l, delta, &turned);
        layer_gradients(b, l, delta, gradients, &turned);
    }
    if (c.embed == 0) return;
    const Mat table = gradient(b, gradients, Role::Embedding, 0);
    for (uint32_t t = 0; t < work.time; ++t)
        cpu::scatter_add(table, b.embed_delta().row(size_t{t} * work.batch), b.at(t), work.batch, c.embed);
}

void rnn_carry(const mote_config &c, const RnnWork &work) {
    const size_t panel = size_t{work.batch} * (size_t{work.time} + 1) * kLanes;
    const size_t state = size_t{work.batch} * kLanes;
    for (size_t p = 0; p < size_t{c.layers} * (pad(c.hidden) / kLanes); ++p)
        memcpy(work.hidden + p * panel, work.hidden + p * panel + work.time * state, state * sizeof(float));
}

void rnn_reset(const mote_config &c, const RnnWork &work) {
    const size_t panel = size_t{work.batch} * (size_t{work.time} + 1) * kLanes;
    for (size_t p = 0; p < size_t{c.layers} * (pad(c.hidden) / kLanes); ++p)
        memset(work.hidden + p * panel, 0, size_t{work.batch} * kLanes * sizeof(float));
}

} // namespace mote
