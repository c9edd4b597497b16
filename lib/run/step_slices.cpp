// A step of a stream in slices: the stages of network_step(), layer by layer, of which the products are cut into panels
// of 16 outputs.
#include "budget.h"
#include "cells.h"
#include "gated_sums.h"
#include "linked_parts.h"
#include "mote_slices.h"
#include "network.h"
#include "state.h"

namespace mote {
namespace {

using cpu::ConstMat;
using cpu::Mat;

// Of each layer, in order; the output has the first alone.
enum StepStage : uint8_t {
    kNoStep,
    kStepSums,      // W x, and of recurrent cells U h, and the activation; of gated ones W x alone
    kStepStateSums, // of gated cells, U h
    kStepGates,     // of gated cells
    kStepComputed   // activations become integers, where weights are
};

// A number of a bigram's row, looked up and checked; an activation made an integer.
constexpr uint32_t kRowMacs = 4, kIntegerMacs = 8;

bool is_gated(const Config &c) { return c.cell == MOTE_CELL_GATED; }

// Units of a stage and what each counts.
struct StageUnits {
    uint32_t count, macs, call;
};

// The numbers that the product of a layer's input reads.
uint32_t read_width(const Config &c, uint32_t layer) {
    if (layer != 0) return c.hidden;
    return c.input == MOTE_INPUT_ONE_HOT ? 1 : filled_width(c);
}

StageUnits sums_units(const Config &c, uint32_t layer) {
    if (c.layers == 0) return {1, c.vocab * kRowMacs, 0};
    // A slice that begins in the first layer reads a window anew.
    const uint32_t call = kCallMacs + (layer == 0 ? filled_width(c) * kCopyMacs + c.context * kTokenMacs : 0);
    const uint32_t inputs = read_width(c, layer);
    if (layer == c.layers) return {pad(c.vocab) / cpu::kLanes, cpu::kLanes * inputs, call};
    if (is_gated(c)) return {product_width(c) / cpu::kLanes, cpu::kLanes * inputs, call};
    const uint32_t activation = c.activation == MOTE_TANH ? kTanhMacs : kReluMacs;
    const uint32_t state = is_recurrent(c) ? c.hidden : 0;
    return {pad(c.hidden) / cpu::kLanes, cpu::kLanes * (inputs + state + activation), call};
}

StageUnits stage_units(const Config &c, const SlicedStep &at) {
    switch (at.stage) {
    case kStepSums:
        return sums_units(c, at.layer);
    case kStepStateSums:
        return {product_width(c) / cpu::kLanes, cpu::kLanes * c.hidden, kCallMacs + pad(c.hidden) * kCopyMacs};
    case kStepGates:
        return {pad(c.hidden) / cpu::kLanes, cpu::kLanes * kGatesMacs, kCallMacs};
    default:
        return {is_quantized(c) ? 1u : 0u, c.hidden * kIntegerMacs, kCallMacs};
    }
}

// The matrix of a product from a panel on.
template <typename Weights> void skip_panels(cpu::RowProduct *product, uint32_t panels) {
    product->w.data += panels * product->w.panel;
}
template <typename Weights> void skip_panels(cpu::QuantProduct *product, uint32_t panels) {
    product->w += panels * Weights::panel_bytes(product->k);
}

// All sums of a stage, and where they go.
template <typename Weights> Mat tell_sums(mote_state *s, typename Weights::Step *sums) {
    const SlicedStep &at = s->sliced;
    const Config &c = s->model->config;
    tell_layer<Weights>(s, at.layer, at.token, sums);
    if (at.layer == c.layers) return {state_logits(s), cpu::kLanes};
    if (is_recurrent(c) && (!is_gated(c) || at.stage == kStepStateSums))
        sums->products[is_gated(c) ? 0 : 1] =
            Weights::now(s, at.layer, Weights::matrix(*s->model, Role::Recurrent, at.layer));
    if (!is_gated(c)) return {hidden_next(s, at.layer), cpu::kLanes};
    const Mat all{state_sums(s), cpu::kLanes};
    sums->n = product_width(c);
    sums->activation = cpu::kLinear;
    if (at.stage == kStepSums) return all;
    if (at.unit == 0) begin_candidate(c, all, state_bias(*s->model, at.layer), 1);
    sums->bias = of_state(c, all).data; // what they hold
    return of_state(c, all);
}

template <typename Weights> MOTE_NOINLINE uint32_t run_sums(mote_state *s, uint32_t first, uint32_t end) {
    typename Weights::Step sums;
    Mat to = tell_sums<Weights>(s, &sums);
    const uint32_t before = first * cpu::kLanes;
    to.data += before;
    if (sums.bias != nullptr) sums.bias += before;
    sums.n = (end * cpu::kLanes < sums.n ? end * cpu::kLanes : sums.n) - before;
    for (typename Weights::Product &product : sums.products)
        if (product.k != 0) skip_panels<Weights>(&product, first);
    return Weights::run(to, sums);
}

template <typename Weights> uint32_t run_units(mote_state *s, uint32_t first, uint32_t end) {
    if (s->sliced.stage == kStepSums || s->sliced.stage == kStepStateSums) return run_sums<Weights>(s, first, end);
    Weights::computed(s, s->sliced.layer);
    return 0;
}

// Parts that a program may leave out: what runs the units of a stage, of the gates, and of all else for each precision.
struct SlicedUnits : mote_part {
    uint32_t (*run)(mote_state *s, uint32_t first, uint32_t end);
    constexpr explicit SlicedUnits(decltype(run) r) : run(r) {}
};
const SlicedUnits *units_of(uint32_t precision) {
    static const mote_part *const *const parts[] = {&mote_precision_float32_slices, &mote_precision_int8_slices,
                                                    &mote_precision_int4_slices};
    static_assert(sizeof parts / sizeof *parts == MOTE_PRECISION_COUNT, "one for each precision");
    return static_cast<const SlicedUnits *>(linked_part(*parts[precision]));
}
const SlicedUnits *gated_units() { return static_cast<const SlicedUnits *>(linked_part(mote_cell_gated_step_slices)); }

uint32_t run_any(mote_state *s, uint32_t first, uint32_t end) {
    const Config &c = s->model->config;
    if (c.layers == 0) return network_step(s, s->sliced.token);
    const bool gates = s->sliced.stage == kStepGates;
    return (gates ? gated_units() : units_of(c.precision))->run(s, first, end);
}

// Units of the stage under way, as many as the budget has room for; whether the stage is finished.
bool run_stage(mote_state *s, Budget *budget) {
    SlicedStep &at = s->sliced;
    const StageUnits stage = stage_units(s->model->config, at);
    if (at.unit < stage.count) {
        uint32_t units = budget->units(stage.call, stage.macs);
        if (units == 0) return false;
        if (units > stage.count - at.unit) units = stage.count - at.unit;
        if (run_any(s, at.unit, at.unit + units) != 0) at.bad = 1;
        at.unit += units;
        budget->spent += stage.call + units * stage.macs;
    }
    return at.unit == stage.count;
}

// Goes on to the next stage; to none after the output.
void next_stage(const Config &c, SlicedStep *at) {
    at->unit = 0;
    if (at->stage == kStepSums && at->layer == c.layers) {
        at->stage = kNoStep;
    } else if (at->stage == kStepComputed) {
        at->stage = kStepSums;
        ++at->layer;
    } else if (at->stage == kStepSums && !is_gated(c)) {
        at->stage = kStepComputed;
    } else {
        ++at->stage;
    }
}

uint32_t run_gates(mote_state *s, uint32_t first, uint32_t end) {
    const Config &c = s->model->config;
    const uint32_t layer = s->sliced.layer;
    uint32_t bad = 0;
    for (uint32_t i = first * cpu::kLanes; i < end * cpu::kLanes; i += cpu::kLanes)
        // The four sums of a panel of units are as far apart as the panels of a matrix of that panel alone would be.
        bad |= cpu::gates({hidden_next(s, layer) + i, cpu::kLanes}, {state_sums(s) + i, pad(c.hidden)},
                          ConstMat{hidden_now(s, layer) + i, cpu::kLanes}, 1,
                          c.hidden - i < cpu::kLanes ? c.hidden - i : cpu::kLanes);
    return bad;
}

constexpr SlicedUnits gates(run_gates), float32_units(run_units<Float32>), int8_units(run_units<Int8>),
    int4_units(run_units<Int4>);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_cell_gated_step_slices, mote::gates)
MOTE_DEFINE_PART(mote_precision_float32_slices, mote::float32_units)
MOTE_DEFINE_PART(mote_precision_int8_slices, mote::int8_units)
MOTE_DEFINE_PART(mote_precision_int4_slices, mote::int4_units)

using namespace mote;

extern "C" {

mote_status mote_step_begin(mote_state *state, uint16_t token) {
    if (state == nullptr) return MOTE_ERR_ARG;
    const Config &c = state->model->config;
    if (c.layers != 0 && (units_of(c.precision) == nullptr || (is_gated(c) && gated_units() == nullptr)))
        return MOTE_ERR_UNSUPPORTED;
    if (token >= c.vocab) return MOTE_ERR_TOKEN;
    state->sliced = {};
    state->sliced.token = token;
    state->sliced.stage = kStepSums;
    return MOTE_OK;
}

mote_status mote_step_slice(mote_state *state, uint32_t budget, const float **logits) {
    if (state == nullptr || budget == 0 || logits == nullptr) return MOTE_ERR_ARG;
    SlicedStep &at = state->sliced;
    if (at.stage == kNoStep) return MOTE_ERR_SEQUENCE;
    *logits = nullptr;
    Budget left{budget, 0};
    while (at.stage != kNoStep && run_stage(state, &left)) next_stage(state->model->config, &at);
    at.spent = left.spent;
    if (at.stage != kNoStep) return MOTE_OK;
    if (at.bad != 0) return MOTE_ERR_NUMERIC;
    state->now ^= 1;
    *logits = state_logits(state);
    return MOTE_OK;
}
}
