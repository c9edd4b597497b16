#include "slices.h"

#include <string.h>

#include "numeric.h"
#include "optimizer.h"
#include "output.h"

namespace mote {
namespace {

uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }

// The next units of a stage, at most so many: a part of one row, or whole rows; or, by panels, a part of one or whole
// ones.
SlicePart next_part(const SliceWork &work, uint32_t unit, uint32_t units) {
    const uint32_t lines = work.by_panels ? work.panels : work.rows, length = work.by_panels ? work.rows : work.panels;
    const uint32_t line = unit / length, first = unit - line * length;
    Range across{line, line + 1}, along{first, first + smaller(units, length - first)};
    if (units >= length && first == 0) across.end = line + smaller(smaller(units / length, work.most), lines - line);
    return work.by_panels ? SlicePart{along, across} : SlicePart{across, along};
}

// Units of the stage under way, as many as the budget has room for; whether the stage is finished.
bool run_stage(mote_slices &s) {
    const SliceWork &work = s.work;
    const uint32_t all = work.rows * work.panels;
    while (s.unit < all) {
        uint32_t units = s.budget.units(work.call, work.macs);
        if (units == 0) return false;
        const SlicePart part = next_part(work, s.unit, units);
        s.found |= work.run(s, work, part);
        units = part.rows.size() * part.panels.size();
        s.unit += units;
        s.budget.spent += work.call + units * work.macs;
    }
    s.unit = 0;
    return true;
}

// Where the stage after this one is.
void next_stage(mote_slices &s) {
    const Batch &b = s.trainer->batch;
    const bool recurrent = is_recurrent(b.config());
    const SliceStage stage = s.stage;
    s.stage = static_cast<SliceStage>(stage + 1);
    if (stage == kLayerSums) {
        s.time = 0;
        if (s.layer == b.config().layers) s.stage = kLoss;
    } else if (stage == kGates) {
        s.stage = kStateSums;
        if (recurrent && ++s.time < b.time) return;
        s.stage = kLayerSums;
        ++s.layer;
    } else if (stage == kLoss) {
        s.stage = s.trainer->counted != 0 ? kWeights : kCarry;
        if (s.stage == kCarry) s.trainer->ready |= kUpdating; // the hidden state is what changes
    } else if (stage == kThroughTime) {
        if (!recurrent || s.time == 0) return;
        s.stage = kThroughTime;
        --s.time;
    } else if (stage == kInputDelta && s.layer != 0) {
        s.stage = kThroughTime;
        --s.layer;
        s.time = b.time - 1;
    }
}

// Where the model finds its weights from now on.
void show_weights(mote_model *model, const float *weights) {
    const uintptr_t distance = reinterpret_cast<uintptr_t>(weights) - reinterpret_cast<uintptr_t>(flat_weights(model));
    uint32_t *const offsets = at_offset<uint32_t>(model, model->tensor_offsets);
    for (uint32_t i = 0; i < tensor_count(model->config); ++i) offsets[i] += static_cast<uint32_t>(distance);
}

// The new weights become those of the model, whole.
void show_update(mote_slices &s) {
    mote_trainer &t = *s.trainer;
    float *const weights = gradients_of(t) + update_distance(t);
    const size_t bytes = size_t{t.batch.at.count} * sizeof *weights;
    const uintptr_t end = reinterpret_cast<uintptr_t>(weights) + bytes - reinterpret_cast<uintptr_t>(t.model);
    // Offsets of 32 bits reach everything where pointers have as many.
    if (sizeof(void *) == sizeof(uint32_t) || end <= UINT32_MAX)
        show_weights(t.model, weights);
    else
        memcpy(s.home, weights, bytes);
    t.step = next_step(t);
    if (t.train.clip_norm > 0.0f) t.norm = s.norm;
}

mote_status after_loss(mote_slices &s) {
    mote_trainer &t = *s.trainer;
    s.loss = sum_lanes(t.nats) / loss_divisor(t);
    return s.found == 0 && finite(s.loss) ? MOTE_OK : MOTE_ERR_NUMERIC;
}

mote_status after_gradients(mote_slices &s) {
    const mote_train_config &train = s.trainer->train;
    if ((s.found & cpu::kNotFinite) != 0) return MOTE_ERR_NUMERIC;
    const bool clipped = train.clip_value > 0.0f || train.clip_norm > 0.0f;
    return !clipped && (s.found & cpu::kTooLarge) != 0 ? MOTE_ERR_NUMERIC : MOTE_OK;
}

mote_status after_squares(mote_slices &s) {
    if (!(s.trainer->train.clip_norm > 0.0f)) return MOTE_OK;
    s.norm = cpu::sqrt1(s.norm);
    return finite(s.norm) ? MOTE_OK : MOTE_ERR_NUMERIC;
}

// What is to be done at the end of a stage.
mote_status finish_stage(mote_slices &s) {
    switch (s.stage) {
    case kCheckTokens:
        return (s.found & kBadToken) != 0 ? MOTE_ERR_TOKEN : MOTE_OK;
    case kLoss:
        return after_loss(s);
    case kFlushTable:
        return after_gradients(s);
    case kSquares:
        return after_squares(s);
    case kScale:
        s.trainer->ready |= kUpdating;
        return MOTE_OK;
    case kUpdate:
        show_update(s);
        return MOTE_OK;
    case kCopyBack:
        show_weights(s.trainer->model, s.home); // where they are at home, nothing changes
        return MOTE_OK;
    default:
        return MOTE_OK;
    }
}

// The trainer is free again.
void end_step(mote_slices &s) {
    const bool reset = (s.trainer->ready & kResetWanted) != 0;
    s.trainer->ready = 0;
    s.stage = kSliceStages;
    if (reset) network_begin(s.trainer->batch, false);
}

// Whether it learns with weights of integers: the batch's model is then made of them.
bool has_quantizer(const mote_trainer &t) { return t.batch.model != t.model; }

bool takes_slices(const mote_trainer &t) {
    const Config &c = t.batch.config();
    const Workspace &at = t.batch.at;
    if (c.cell == MOTE_CELL_GATED && gated_slices() == nullptr) return false;
    if (c.input == MOTE_INPUT_WINDOW && window_slices() == nullptr) return false;
    // The room of the logits, which new weights need behind the gradients, begins where these end.
    return !has_quantizer(t) && at.logits == at.gradients + at.count * uint32_t{sizeof(float)};
}

bool is_under_way(const mote_slices &s) { return s.stage != kSliceStages; }

} // namespace
} // namespace mote

using namespace mote;

extern "C" {

mote_status mote_slices_init(mote_slices **slices, mote_arena *arena, mote_trainer *trainer) {
    if (slices == nullptr || arena == nullptr || trainer == nullptr) return MOTE_ERR_ARG;
    if (!takes_slices(*trainer)) return MOTE_ERR_UNSUPPORTED;
    void *memory;
    const mote_status status = arena_alloc(arena, MOTE_SLICES_BYTES, &memory);
    if (status != MOTE_OK) return status;
    mote_slices *const s = static_cast<mote_slices *>(memory);
    s->trainer = trainer;
    s->stage = kSliceStages;
    *slices = s;
    return MOTE_OK;
}

mote_status mote_train_begin(mote_slices *slices, const uint16_t *tokens, const uint16_t *targets) {
    if (slices == nullptr || tokens == nullptr || targets == nullptr) return MOTE_ERR_ARG;
    mote_trainer &t = *slices->trainer;
    if (has_quantizer(t)) return MOTE_ERR_UNSUPPORTED;
    if (t.ready > kGradients) return MOTE_ERR_SEQUENCE;
    t.ready = kInSlices;
    t.counted = 0;
    memset(t.nats, 0, sizeof t.nats);
    t.batch.tokens = tokens;
    *slices = mote_slices{};
    slices->trainer = &t;
    slices->targets = targets;
    slices->home = flat_weights(t.model);
    slices->learning_rate = t.train.learning_rate;
    find_work(*slices);
    return MOTE_OK;
}

mote_status mote_train_slice(mote_slices *slices, uint32_t budget, uint32_t *done, float *loss) {
    if (slices == nullptr || budget == 0 || done == nullptr || loss == nullptr) return MOTE_ERR_ARG;
    mote_slices &s = *slices;
    if (!is_under_way(s)) return MOTE_ERR_SEQUENCE;
    *done = 0;
    // Another model, which nothing of this step was computed with; the update has no need of it.
    if (has_quantizer(*s.trainer) && (s.trainer->ready & kUpdating) == 0) {
        end_step(s);
        return MOTE_ERR_UNSUPPORTED;
    }
    s.budget = {budget, 0};
    while (run_stage(s)) {
        const mote_status status = finish_stage(s);
        if (status != MOTE_OK) {
            end_step(s);
            return status;
        }
        next_stage(s);
        find_work(s);
        if (is_under_way(s)) continue;
        *done = 1;
        *loss = s.loss;
        end_step(s);
        return MOTE_OK;
    }
    return MOTE_OK;
}

mote_status mote_train_cancel(mote_slices *slices) {
    if (slices == nullptr) return MOTE_ERR_ARG;
    if (!is_under_way(*slices) || (slices->trainer->ready & kUpdating) != 0) return MOTE_ERR_SEQUENCE;
    end_step(*slices);
    return MOTE_OK;
}
}
