// Clipping gradients, by value and by their global norm.
#include "optimizer.h"

namespace mote {
namespace {

mote_status clip_by_norm(float *gradients, size_t count, float limit, float *norm) {
    const float found = cpu::sqrt1(cpu::sum_squares(gradients, count));
    if (!finite(found)) return MOTE_ERR_NUMERIC;
    *norm = found;
    const float factor = norm_factor(found, limit);
    if (factor < 1.0f) cpu::scale(gradients, count, flushed(factor));
    return MOTE_OK;
}

constexpr NormClipping by_norm(clip_by_norm);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_clipping_norm, mote::by_norm)

using namespace mote;

extern "C" {

mote_status mote_clip_norm(float *gradients, size_t count, float max_norm, float *norm_before) {
    const mote_status status = check_arrays(gradients, gradients, count);
    if (status != MOTE_OK) return status;
    if (!within(max_norm, cpu::kQuantum, 0x1p32f)) return MOTE_ERR_ARG;
    float norm;
    return clip_by_norm(gradients, count, max_norm, norm_before != nullptr ? norm_before : &norm);
}

mote_status mote_clip_value(float *gradients, size_t count, float limit) {
    const mote_status status = check_arrays(gradients, gradients, count);
    if (status != MOTE_OK) return status;
    if (!within(limit, cpu::kQuantum, cpu::kLargest)) return MOTE_ERR_ARG;
    cpu::clip(gradients, count, limit);
    return MOTE_OK;
}
}
