// Biases of layers, whose gradients come back through the layers and through time. Of the output only the logits of one
// time step are there: what they give to the output's gradients, and to those of the last layer, is taken at once.
#include "cells.h"
#include "hidden.h"
#include "inputs.h"
#include "learner.h"
#include "network.h"

namespace mote {
namespace {

using cpu::Mat;

Mat logits_of(Batch &b) { return matrix(at_offset<float>(&b, b.at.logits), b.batch); }
// What the output reads at one time, and where the gradients of that go.
Mat last_hidden(Batch &b, uint32_t time) { return b.hidden(b.config().layers - 1).row(size_t{time} * b.batch); }
Mat last_delta(Batch &b, uint32_t time) { return b.delta(b.config().layers - 1).row(size_t{time} * b.batch); }

// The output of one time, the loss, and the gradients that follow from it: functions of their own, so that the frame of
// one is not beside that of another.
MOTE_NOINLINE void output_forward(Batch &b, uint32_t time) {
    const Linear output = layer_product(*b.model, b.config().layers);
    cpu::gemm(logits_of(b), last_hidden(b, time), output.weights, {b.batch, output.outputs, output.inputs},
              cpu::from_bias(output.bias));
}

MOTE_NOINLINE uint32_t output_loss(mote_learner &t, uint32_t time, const LearnerPass &pass) {
    Batch &b = t.batch;
    return cpu::cross_entropy(logits_of(b), b.batch, b.config().vocab, {pass.targets + time, b.time}, pass.scale,
                              t.nats, time * b.batch);
}

MOTE_NOINLINE void output_backward(mote_learner &t, uint32_t time) {
    Batch &b = t.batch;
    const Linear output = layer_product(*b.model, b.config().layers);
    add_output_gradients(t, last_hidden(b, time), logits_of(b), b.batch);
    cpu::gemm_nt(last_delta(b, time), logits_of(b), output.weights, {b.batch, output.inputs, output.outputs},
                 cpu::kFromZero);
}

MOTE_NOINLINE uint32_t learned_forward(mote_learner &t, const LearnerPass &pass) {
    Batch &b = t.batch;
    const Config &c = b.config();
    uint32_t bad = 0;
    if (filled_width(c) != 0) input_to_train(c)->forward(b);
    for (uint32_t l = 0; l < c.layers; ++l) bad |= cell_to_train(c)->forward(b, l);
    for (uint32_t time = 0; time < b.time; ++time) {
        output_forward(b, time);
        bad |= output_loss(t, time, pass);
        output_backward(t, time);
    }
    return bad;
}

// A layer's biases lie one behind the other, as the sums do that they are added to.
uint32_t layer_biases(mote_learner &t, uint32_t layer) {
    Batch &b = t.batch;
    const uint32_t each = pad(b.config().hidden);
    float *const gradients = gradients_of(t);
    if (b.at.sums == 0) return bias_gradient(b, gradients + layer * each, b.delta(layer), b.config().hidden);
    return bias_gradient(b, gradients + layer * 4 * each, b.sums(layer), 4 * each);
}

// From the gradients of a layer's sums to those of the layer before it, as layer_backward() has it without the
// gradients of weights.
MOTE_NOINLINE void through_layer(Batch &b, uint32_t layer, TransposedWeights *room) {
    Linear product = layer_product(*b.model, layer);
    if (b.at.sums != 0) product.outputs = 3 * pad(product.outputs);
    input_gradient(b, product, b.delta(layer - 1), b.at.sums != 0 ? b.sums(layer) : b.delta(layer), room);
}

MOTE_NOINLINE uint32_t learned_backward(mote_learner &t) {
    Batch &b = t.batch;
    TransposedWeights room{nullptr, b.split};
    uint32_t found = 0;
    for (uint32_t l = b.config().layers; l-- > 0;) {
        cell_to_train(b.config())->backward(b, l, &room);
        found |= layer_biases(t, l);
        if (l != 0) through_layer(b, l, &room);
    }
    return found;
}

void layers_place(mote_learner *t, Offsets *offsets) {
    Batch &b = t->batch;
    const Config &c = b.config();
    cell_to_train(c)->network_place(&b, b.rows(), false, offsets);
    for (uint32_t i = 0; i < (c.layers < 2 ? c.layers : 2); ++i)
        b.at.delta[i] = offsets->floats(b.rows() * pad(c.hidden));
    b.at.logits = offsets->floats(b.batch * pad(c.vocab));
}

uint32_t layers_pass(mote_learner &t, const LearnerPass &pass) {
    const uint32_t bad = learned_forward(t, pass);
    return bad != 0 ? bad : learned_backward(t) & cpu::kNotFinite;
}

void layers_reset(mote_learner &t) { network_begin(t.batch, false); }

void layers_carry(mote_learner &t, bool succeeded) {
    if (succeeded && t.train.state == MOTE_STATE_CARRY) network_begin(t.batch, true);
}

constexpr LearningWay way(network_trains, layers_place, layers_reset, layers_pass, layers_carry);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_learning_biases, mote::way)
