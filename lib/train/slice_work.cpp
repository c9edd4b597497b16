// What each stage of a step in slices has to do: operands, units and what they cost.
#include "carried.h"
#include "cells.h"
#include "gated_sums.h"
#include "inputs.h"
#include "optimizer.h"
#include "slices.h"

namespace mote {

using cpu::ConstMat;
using cpu::Mat;

namespace {

uint32_t panels_of(uint32_t width) { return pad(width) / cpu::kLanes; }
bool is_gated(const Batch &b) { return b.at.sums != 0; }

// A pass over rows by columns, `macs` for each number.
void rows_work(SliceWork *work, SliceRun run, Mat to, uint32_t rows, uint32_t width, uint32_t macs) {
    work->run = run;
    work->to = to;
    work->rows = rows;
    work->panels = panels_of(width);
    work->width = width;
    work->macs = cpu::kLanes * macs;
}
// One whose rows are units as they are, `macs` each.
void whole_rows_work(SliceWork *work, SliceRun run, Mat to, uint32_t rows, uint32_t macs) {
    work->run = run;
    work->to = to;
    work->rows = rows;
    work->panels = 1;
    work->macs = macs;
}
void flat_work(SliceWork *work, SliceRun run, float *to, uint32_t count, uint32_t macs) {
    rows_work(work, run, {to, 0}, count / cpu::kLanes, cpu::kLanes, macs);
}

// to = a b, m rows and n columns, `depth` multiply-adds for each.
void product_work(SliceWork *work, SliceRun run, Mat to, ConstMat a, ConstMat b, const cpu::Shape &s) {
    rows_work(work, run, to, s.m, s.n, s.k);
    work->a = a;
    work->b = b;
    work->depth = s.k;
    work->by_panels = true;
}

// The product that a layer begins with, and what it gives: of layer L the logits.
struct LayerSums {
    Linear product;
    BatchInput x;
    Mat sums;

    LayerSums(Batch &b, uint32_t layer) : product(), x(read_by(b, layer)), sums() {
        const Config &c = b.config();
        const bool output = layer == c.layers;
        sums = output ? b.logits() : is_gated(b) ? b.sums(layer) : b.hidden(layer);
        if (c.layers == 0) { // the logits are rows of a table
            product = {weight(*b.model, Role::Table, 0), nullptr, c.vocab, c.vocab};
            return;
        }
        product = layer_product(*b.model, layer);
        if (!output && is_gated(b)) product.outputs = product_width(c);
    }
    // The gradient of the sums.
    Mat delta(Batch &b, uint32_t layer) const {
        return layer == b.config().layers || is_gated(b) ? sums : b.delta(layer);
    }
};

void input_work(Batch &b, SliceWork *work) {
    const Config &c = b.config();
    if (filled_width(c) == 0) return;
    if (c.input == MOTE_INPUT_WINDOW)
        whole_rows_work(work, window_slices()->read, b.input(), b.rows(),
                        filled_width(c) * kCopyMacs + c.context * kTokenMacs);
    else
        rows_work(work, run_lookup, b.input(), b.rows(), c.embed, kCopyMacs);
    work->a = weight(*b.model, Role::Embedding, 0);
}

uint32_t activation_macs(const Config &c) { return c.activation == MOTE_TANH ? kTanhMacs : kReluMacs; }

void sums_work(Batch &b, uint32_t layer, SliceWork *work) {
    const LayerSums l(b, layer);
    if (l.x.one_hot != nullptr) {
        rows_work(work, run_lookup, l.sums, b.rows(), l.product.outputs, 2 * kCopyMacs);
        work->a = l.product.weights;
    } else {
        const bool activated = layer != b.config().layers && !is_recurrent(b.config());
        product_work(work, activated ? run_activated : run_product, l.sums, l.x.x, l.product.weights,
                     {b.rows(), l.product.outputs, l.product.inputs});
        if (activated) work->macs += cpu::kLanes * activation_macs(b.config());
    }
    work->bias = l.product.bias;
}

// A time step of a recurrent layer: what the state before it adds.
void state_sums_work(Batch &b, uint32_t layer, uint32_t time, SliceWork *work) {
    const Config &c = b.config();
    if (!is_recurrent(c)) return;
    const size_t now = size_t{b.batch} * time;
    const Mat h = b.hidden_with_carried(layer);
    const bool gated = is_gated(b);
    const Mat to = gated ? of_state(c, b.sums(layer).row(now)) : h.row(now + b.batch);
    product_work(work, gated ? run_product : run_activated, to, h.row(now), weight(*b.model, Role::Recurrent, layer),
                 {b.batch, gated ? product_width(c) : c.hidden, c.hidden});
    if (!gated) work->macs += cpu::kLanes * activation_macs(c);
    work->accumulate = true;
}

void gates_work(Batch &b, uint32_t layer, uint32_t time, SliceWork *work) {
    if (!is_gated(b)) return;
    const Mat before = b.hidden_with_carried(layer).row(size_t{b.batch} * time);
    rows_work(work, gated_slices()->gates, before.row(b.batch), b.batch, b.config().hidden, kGatesMacs);
    work->a = before;
}

// A time step back: what the gradients of the one behind it give to those of a layer's outputs, and from these follow
// those of its sums.
void through_time_work(Batch &b, uint32_t layer, uint32_t time, SliceWork *work) {
    const Config &c = b.config();
    const bool gated = is_gated(b), recurrent = is_recurrent(c);
    const Mat d = recurrent ? b.delta(layer).row(size_t{b.batch} * time) : b.delta(layer);
    const uint32_t rows = recurrent ? b.batch : b.rows();
    const SliceRun run = gated ? gated_slices()->gate_deltas : run_activation_delta;
    rows_work(work, run, d, rows, c.hidden, gated ? kGateDeltasMacs : kReluMacs);
    work->depth = 0;
    if (!recurrent || time + 1 == b.time) return;
    const Mat next = gated ? of_state(c, b.sums(layer)) : b.delta(layer);
    work->depth = gated ? product_width(c) : c.hidden;
    work->macs += cpu::kLanes * work->depth;
    work->a = next.row(size_t{b.batch} * (time + 1));
    work->b = weight(*b.model, Role::Recurrent, layer);
    work->accumulate = true;
}

void state_weights_work(Batch &b, uint32_t layer, SliceWork *work) {
    const Config &c = b.config();
    if (!is_recurrent(c) || layer == c.layers) return;
    const bool gated = is_gated(b);
    product_work(work, run_gradient, gradient_of(b, weight(*b.model, Role::Recurrent, layer)),
                 b.hidden_with_carried(layer), gated ? of_state(c, b.sums(layer)) : b.delta(layer),
                 {c.hidden, gated ? product_width(c) : c.hidden, b.rows()});
}

void bias_work(Batch &b, float *to, ConstMat delta, uint32_t width, SliceWork *work) {
    rows_work(work, run_column_sums, {to, 0}, 1, width, b.rows() * kPassMacs);
    work->a = delta;
    work->depth = b.rows();
}

void weights_work(Batch &b, uint32_t layer, SliceWork *work) {
    const LayerSums l(b, layer);
    if (l.x.one_hot != nullptr) return; // a table
    product_work(work, run_gradient, gradient_of(b, l.product.weights), l.x.x, l.delta(b, layer),
                 {l.x.width, l.product.outputs, b.rows()});
}

void bias_gradient_work(Batch &b, uint32_t layer, SliceWork *work) {
    const LayerSums l(b, layer);
    if (l.product.bias != nullptr)
        bias_work(b, gradients_of(b, l.product.bias), l.delta(b, layer), l.product.outputs, work);
}

void input_delta_work(Batch &b, uint32_t layer, SliceWork *work) {
    const LayerSums l(b, layer);
    if (l.x.width == 0) return;
    product_work(work, run_transposed, layer != 0 ? b.delta(layer - 1) : b.input_delta(), l.delta(b, layer),
                 l.product.weights, {b.rows(), l.product.inputs, l.product.outputs});
}

// The table that tokens pick rows of: the first layer's weights, or the embedding.
void table_work(Batch &b, SliceStage stage, SliceWork *work) {
    const Config &c = b.config();
    const LayerSums l(b, 0);
    if (l.x.one_hot == nullptr && filled_width(c) == 0) return;
    const bool embedded = l.x.one_hot == nullptr;
    const Mat table = gradient_of(b, embedded ? weight(*b.model, Role::Embedding, 0) : l.product.weights);
    const uint32_t width = embedded ? c.embed : l.product.outputs;
    const uint32_t count = static_cast<uint32_t>(panels_of(width) * table.panel);
    if (stage == kClearTable) return flat_work(work, run_clear, table.data, count, kCopyMacs);
    if (stage == kFlushTable) return flat_work(work, run_flush, table.data, count, kPassMacs);
    if (embedded && c.input == MOTE_INPUT_WINDOW)
        whole_rows_work(work, window_slices()->add, table, b.rows(), filled_width(c) * kPassMacs);
    else
        rows_work(work, run_add_rows, table, b.rows(), width, kPassMacs);
    work->a = embedded ? b.input_delta() : l.delta(b, 0);
}

// What an update of a weight counts, by the optimizer, a copy of the weight included.
uint32_t update_macs(uint32_t optimizer) {
    constexpr uint8_t macs[] = {3, 6, 10, 24};
    static_assert(sizeof macs == MOTE_OPTIMIZER_COUNT, "an entry for each optimizer");
    return macs[optimizer];
}

void update_work(mote_trainer &t, float *gradients, SliceWork *work) {
    flat_work(work, run_update, gradients, t.batch.at.count, update_macs(t.train.optimizer));
    work->most = update_distance(t) / cpu::kLanes;
    if (t.train.optimizer == MOTE_ADAMW) work->call = kAdamWCallMacs;
}

void carried_work(Batch &b, SliceWork *work) {
    const CarriedState state(b.config(), b.batch, b.time);
    whole_rows_work(work, run_carried, {at_offset<float>(&b, b.at.hidden), 0}, static_cast<uint32_t>(state.count),
                    static_cast<uint32_t>(state.floats) * kCopyMacs);
}

// What follows the gradients.
void gradients_work(mote_slices &s, SliceWork *work) {
    mote_trainer &t = *s.trainer;
    float *const gradients = gradients_of(t);
    const uint32_t count = t.batch.at.count;
    if (s.stage == kClipValue && t.train.clip_value > 0.0f) flat_work(work, run_clip, gradients, count, kPassMacs);
    if (s.stage == kSquares && t.train.clip_norm > 0.0f) {
        whole_rows_work(work, run_squares, {gradients, 0}, (count + kSquaresBlock - 1) / kSquaresBlock,
                        kSquaresBlock * kSquareMacs);
        work->depth = count;
    }
    if (s.stage == kScale && t.train.clip_norm > 0.0f && norm_factor(s.norm, t.train.clip_norm) < 1.0f)
        flat_work(work, run_scale, gradients, count, kPassMacs);
    if (s.stage == kUpdate) update_work(t, gradients, work);
    if (s.stage == kCopyBack && flat_weights(t.model) != s.home) {
        flat_work(work, run_copy, s.home, count, kCopyMacs);
        work->a = {flat_weights(t.model), 0};
    }
}

} // namespace

uint32_t update_distance(const mote_trainer &t) { return t.batch.logit_rows() * pad(t.batch.config().vocab); }

void find_work(mote_slices &s) {
    SliceWork *const work = &s.work;
    Batch &b = s.trainer->batch;
    const Config &c = b.config();
    // The rest is set where there are rows, or not looked at: to clear it takes longer than most of the stages below.
    work->rows = work->panels = 0;
    work->call = kCallMacs;
    work->most = UINT32_MAX;
    work->by_panels = work->accumulate = false;
    work->bias = nullptr;
    switch (s.stage) {
    case kCheckTokens:
        whole_rows_work(work, run_tokens, {nullptr, 0}, b.batch, kTokenMacs * (1 + (c.context > 1 ? c.context : 1)));
        work->panels = b.time;
        break;
    case kResetState:
        if (s.trainer->train.state == MOTE_STATE_RESET) carried_work(b, work);
        break;
    case kReadInput:
        input_work(b, work);
        break;
    case kLayerSums:
        sums_work(b, s.layer, work);
        break;
    case kStateBias:
        if (!is_gated(b)) break;
        whole_rows_work(work, gated_slices()->begin_states, b.sums(s.layer), b.rows(), pad(c.hidden) * kCopyMacs);
        work->bias = state_bias(*b.model, s.layer);
        break;
    case kStateSums:
        state_sums_work(b, s.layer, s.time, work);
        break;
    case kGates:
        gates_work(b, s.layer, s.time, work);
        break;
    case kLoss:
        whole_rows_work(work, run_loss, b.logits(), b.rows(), c.vocab * kSoftmaxMacs);
        break;
    case kThroughTime:
        through_time_work(b, s.layer, s.time, work);
        break;
    case kStateWeights:
        state_weights_work(b, s.layer, work);
        break;
    case kStateBiasGradient:
        if (is_gated(b))
            bias_work(b, gradients_of(b, state_bias(*b.model, s.layer)), from_sum(c, b.sums(s.layer), 3), c.hidden,
                      work);
        break;
    case kWeights:
        weights_work(b, s.layer, work);
        break;
    case kBiasGradient:
        bias_gradient_work(b, s.layer, work);
        break;
    case kInputDelta:
        input_delta_work(b, s.layer, work);
        break;
    case kClearTable:
    case kAddToTable:
    case kFlushTable:
        table_work(b, s.stage, work);
        break;
    case kClipValue:
    case kSquares:
    case kScale:
    case kUpdate:
    case kCopyBack:
        gradients_work(s, work);
        break;
    case kCarry:
        if (s.trainer->train.state == MOTE_STATE_CARRY) carried_work(b, work);
        break;
    case kSliceStages:
        break;
    }
}

} // namespace mote
