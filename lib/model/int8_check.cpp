#include "int8_check.h"

#include "numeric.h"

namespace mote {
namespace {

// Positive and within low … high; the bits of such floats are in their order.
bool is_scale(float x, float low, float high) {
    return mote_bits(x) - mote_bits(low) <= mote_bits(high) - mote_bits(low);
}

// An integer is -127 … 127, and 0 where there is no element.
mote_status check_integer(int8_t integer, bool is_element) {
    if (!is_element) return integer == 0 ? MOTE_OK : MOTE_ERR_FORMAT;
    return integer < -127 ? MOTE_ERR_NUMERIC : MOTE_OK;
}

mote_status check_rows(const int8_t *at, const TensorSpec &spec) {
    for (uint32_t r = 0; r < spec.rows; ++r) {
        for (uint32_t c = 0; c < pad(spec.columns); ++c, ++at) {
            const mote_status status = check_integer(*at, c < spec.columns);
            if (status != MOTE_OK) return status;
        }
    }
    for (uint32_t r = spec.rows; r % 4 != 0; ++r)
        for (uint32_t c = 0; c < pad(spec.columns); ++c, ++at)
            if (*at != 0) return MOTE_ERR_FORMAT;
    return MOTE_OK;
}

// The scales of a panel, of which the first `count` are of outputs: +0 or in their range.
mote_status check_scales(const float *scales, uint32_t count) {
    for (uint32_t i = 0; i < cpu::kLanes; ++i) {
        if (mote_bits(scales[i]) == 0) continue;
        if (i >= count) return MOTE_ERR_FORMAT;
        if (!is_scale(scales[i], cpu::kQuantum, kLargestScale)) return MOTE_ERR_NUMERIC;
    }
    return MOTE_OK;
}

// The weights of four inputs from `row` on and of a panel's outputs.
mote_status check_unit(const int8_t *at, uint32_t row, uint32_t count, const TensorSpec &spec) {
    for (uint32_t i = 0; i < kPanelUnit; ++i) {
        const mote_status status = check_integer(at[i], row + i % 4 < spec.rows && i / 4 < count);
        if (status != MOTE_OK) return status;
    }
    return MOTE_OK;
}

mote_status check_panels(const int8_t *at, const TensorSpec &spec) {
    for (uint32_t first = 0; first < spec.columns; first += cpu::kLanes) {
        const uint32_t count = spec.columns - first;
        mote_status status = check_scales(reinterpret_cast<const float *>(at), count);
        at += kPanelUnit;
        for (uint32_t row = 0; status == MOTE_OK && row < spec.rows; row += 4, at += kPanelUnit)
            status = check_unit(at, row, count, spec);
        if (status != MOTE_OK) return status;
    }
    return MOTE_OK;
}

// The scales of what products read: each has a range, of which the inverse is not denormal, and but for an embedding
// and ReLU one value.
mote_status check_input_scales(const float *scales, const TensorSpec &spec, const mote_config &c) {
    for (uint32_t i = 0; i < spec.columns; ++i) {
        const float fixed = i == 0 ? 1.0f : 1.0f / 127;
        const bool free = i == 0 ? c.embed != 0 : c.activation == MOTE_RELU;
        if (free ? !is_scale(scales[i], cpu::kQuantum, cpu::kLargest) : mote_bits(scales[i]) != mote_bits(fixed))
            return MOTE_ERR_NUMERIC;
    }
    return MOTE_OK;
}

} // namespace

mote_status check_int8_tensor(const void *elements, const TensorSpec &spec, const mote_config &config) {
    if (spec.role == Role::Scales) return check_input_scales(static_cast<const float *>(elements), spec, config);
    if (!spec.is_int8()) return MOTE_OK;
    const int8_t *const integers = static_cast<const int8_t *>(elements);
    return spec.has_scales() ? check_panels(integers, spec) : check_rows(integers, spec);
}

} // namespace mote
