// Learning-rate schedules: functions of the step.
#include "mote.h"
#include "numeric.h"

namespace mote {
namespace {

bool usable(const mote_schedule &s) {
    if (!within(s.learning_rate, cpu::kQuantum, 0x1p16f) || !within(s.factor, 0.0f, 1.0f)) return false;
    switch (s.kind) {
    case MOTE_SCHEDULE_CONSTANT:
        return true;
    case MOTE_SCHEDULE_STEP:
        return s.period >= 1;
    case MOTE_SCHEDULE_COSINE:
        return s.total > s.warmup;
    default:
        return false;
    }
}

float ratio(uint32_t a, uint32_t b) { return static_cast<float>(a) / static_cast<float>(b); }

// From 1 down to factor along half a cosine.
float cosine(const mote_schedule &s, uint32_t step) {
    const float x = step >= s.total ? 1.0f : ratio(step - s.warmup, s.total - s.warmup);
    return s.factor + (1.0f - s.factor) * (0.5f * (1.0f + cpu::cos_pi(x)));
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" mote_status mote_schedule_learning_rate(const mote_schedule *schedule, uint32_t step, float *learning_rate) {
    if (schedule == nullptr || learning_rate == nullptr || !usable(*schedule)) return MOTE_ERR_ARG;
    const mote_schedule &s = *schedule;
    float factor = 1.0f;
    if (step < s.warmup)
        factor = ratio(step + 1, s.warmup);
    else if (s.kind == MOTE_SCHEDULE_STEP)
        factor = power(s.factor, step / s.period);
    else if (s.kind == MOTE_SCHEDULE_COSINE)
        factor = cosine(s, step);
    const float r = s.learning_rate * factor;
    *learning_rate = r < cpu::kQuantum ? cpu::kQuantum : r;
    return MOTE_OK;
}
