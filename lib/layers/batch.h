// A batch under way: the arrays of a trainer that the layers fill, forward and backward.
#ifndef MOTE_BATCH_H
#define MOTE_BATCH_H

#include "model.h"
#include "parallel.h"

namespace mote {

// Where the arrays are: byte offsets from the batch, which its handle begins with. R = B * T rows, row r = t * B + b;
// all in panels of 16 columns.
struct Workspace {
    uint32_t count;       // weights, padding included
    uint32_t gradients;   // of the weights, in the same order
    uint32_t hidden;      // [L][carried + R][H]; with a recurrent cell, rows 0 … B-1 are the state before the batch
    uint32_t logits;      // [R][V], then their gradients; with room for MOTE_SZ_LOGIT_ROWS(R) rows
    uint32_t delta[2];    // [R][H]: gradients of a layer's outputs; the second only with L > 1
    uint32_t sums;        // [L][R][4][H]: of gated cells the sums, then their gradients
    uint32_t input;       // [R][width]: what the first layer reads, unless that is a one-hot
    uint32_t input_delta; // its gradient
    uint32_t transposed;  // the weights transposed, or blocks of them; 0: products go by their columns instead
    uint32_t windows;     // [R][C]: the context of each prediction
};

// Updates weights in the place of storing their gradients, which are known to be finite: an optimizer's kernels, and
// what they are given.
struct WeightUpdate {
    decltype(&cpu::scalar::sgd_product) product;
    decltype(&cpu::scalar::sgd_rows) rows;
    cpu::Update with;
};

// Plain data at the beginning of a trainer, so that a step makes none of it anew.
struct Batch {
    const mote_model *model;
    const uint16_t *tokens; // [B][T], or [B][C + T - 1]
    uint32_t batch, time;
    Workspace at;
    WorkSplit split;
    const WeightUpdate *update; // null: gradients are stored

    // Whether what computes gradients is to update the weights with them.
    bool updates() const { return cpu::kRoomForCode && update != nullptr; }

    const Config &config() const { return model->config; }

    uint32_t rows() const { return batch * time; }
    uint64_t macs(uint32_t inputs, uint32_t outputs) const { return uint64_t{rows()} * inputs * outputs; }
    cpu::Mat array(uint32_t offset) { return matrix(at_offset<float>(this, offset), rows()); }

    // Rows that stand before the batch's own in the activations of a layer.
    uint32_t carried_rows() const { return is_recurrent(config()) ? batch : 0; }
    size_t hidden_rows() const { return size_t{carried_rows()} + rows(); }
    // A layer's activations with the rows carried into the batch; and without.
    cpu::Mat hidden_with_carried(uint32_t layer) {
        float *const hidden = at_offset<float>(this, at.hidden);
        return matrix(hidden + layer * hidden_rows() * pad(config().hidden), hidden_rows());
    }
    cpu::Mat hidden(uint32_t layer) { return hidden_with_carried(layer).row(carried_rows()); }

    // The four sums of a gated layer side by side.
    cpu::Mat sums(uint32_t layer) { return array(at.sums + layer * sums_bytes()); }
    uint32_t sums_bytes() const { return 4 * 4 * rows() * pad(config().hidden); }
    uint32_t logit_rows() const { return static_cast<uint32_t>(MOTE_SZ_LOGIT_ROWS(rows())); }
    cpu::Mat logits() { return matrix(at_offset<float>(this, at.logits), logit_rows()); }
    // Gradients of a layer's outputs, from the last layer down in turns.
    cpu::Mat delta(uint32_t layer) { return array(at.delta[(config().layers - 1 - layer) % 2]); }
    cpu::Mat input() { return array(at.input); }
    cpu::Mat input_delta() { return array(at.input_delta); }
    uint16_t *windows() { return at_offset<uint16_t>(this, at.windows); }
    // The tokens of one time step: column t of [B][T].
    cpu::Tokens tokens_at(uint32_t t) const { return {tokens + t, time}; }
};

// The gradients of a tensor of the batch's model, which is in RAM, from the tensor's first weight.
MOTE_NOINLINE inline float *gradients_of(Batch &b, const float *tensor) {
    const float *const first = static_cast<const float *>(tensor_data(*b.model, 0));
    return at_offset<float>(&b, b.at.gradients) + (tensor - first);
}
inline cpu::Mat gradient_of(Batch &b, cpu::ConstMat tensor) { return {gradients_of(b, tensor.data), tensor.panel}; }

} // namespace mote

#endif
