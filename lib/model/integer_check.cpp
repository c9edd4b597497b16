#include "integer_check.h"

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
mote_status check_quad(const int8_t *at, uint32_t row, uint32_t count, const TensorSpec &spec) {
    for (uint32_t i = 0; i < cpu::kQuadBytes; ++i) {
        const mote_status status = check_integer(at[i], row + i % 4 < spec.rows && i / 4 < count);
        if (status != MOTE_OK) return status;
    }
    return MOTE_OK;
}

// A panel of which the first `count` outputs are some.
mote_status check_int8_panel(const int8_t *at, uint32_t count, const TensorSpec &spec) {
    mote_status status = check_scales(reinterpret_cast<const float *>(at), count);
    at += kScaleBytes;
    for (uint32_t row = 0; status == MOTE_OK && row < spec.rows; row += 4, at += cpu::kQuadBytes)
        status = check_quad(at, row, count, spec);
    return status;
}

// Of 4 bits the integers of groups: 1 … 15, and 0 where there is no output or no group.
mote_status check_groups(const int8_t *at, uint32_t count, const TensorSpec &spec) {
    for (uint32_t i = 0; i < 2 * cpu::quant4_group_bytes(spec.rows); ++i) {
        const uint32_t group = i / cpu::kLanes, output = i % cpu::kLanes / 2 + i % 2 * (cpu::kLanes / 2);
        const bool is_one = group * cpu::kQuant4Group < spec.rows && output < count;
        if (!is_one && half_at(at, i) != 0) return MOTE_ERR_FORMAT;
        if (is_one && half_at(at, i) == 0) return MOTE_ERR_NUMERIC;
    }
    return MOTE_OK;
}

// Halves of bytes: 1 … 15, which are -7 … 7, and 8 where there is no weight.
mote_status check_int4_panel(const int8_t *at, uint32_t count, const TensorSpec &spec) {
    const int8_t *const groups = at + kScaleBytes, *const weights = groups + cpu::quant4_group_bytes(spec.rows);
    mote_status status = check_scales(reinterpret_cast<const float *>(at), count);
    if (status == MOTE_OK) status = check_groups(groups, count, spec);
    for (uint32_t row = 0; status == MOTE_OK && row < (spec.rows + 7) / 8 * 8; ++row)
        for (uint32_t i = 0; i < cpu::kLanes; ++i) {
            const uint32_t half = half_at(weights, row / 8 * (2 * cpu::kQuadBytes) + 8 * i + row % 4 * 2 + row / 4 % 2);
            if ((row >= spec.rows || i >= count) && half != 8) return MOTE_ERR_FORMAT;
            if (half == 0) return MOTE_ERR_NUMERIC;
        }
    return status;
}

template <typename Check> mote_status check_panels(const int8_t *at, const TensorSpec &spec, const Check &check) {
    const size_t panel = kPanelUnit * size_t{panel_units(spec.type(), spec.rows)};
    for (uint32_t first = 0; first < spec.columns; first += cpu::kLanes, at += panel) {
        const mote_status status = check(at, spec.columns - first, spec);
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

// What is the same of each precision.
template <typename Check>
mote_status check_tensor(const void *elements, const TensorSpec &spec, const mote_config &config, const Check &check) {
    if (spec.role == Role::Scales) return check_input_scales(static_cast<const float *>(elements), spec, config);
    if (!spec.is_quantized()) return MOTE_OK;
    const int8_t *const integers = static_cast<const int8_t *>(elements);
    return spec.has_scales() ? check_panels(integers, spec, check) : check_rows(integers, spec);
}

} // namespace

mote_status check_int8_tensor(const void *elements, const TensorSpec &spec, const mote_config &config) {
    return check_tensor(elements, spec, config, check_int8_panel);
}

mote_status check_int4_tensor(const void *elements, const TensorSpec &spec, const mote_config &config) {
    return check_tensor(elements, spec, config, check_int4_panel);
}

} // namespace mote
