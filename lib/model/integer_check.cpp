#include "integer_check.h"

#include "numeric.h"

namespace mote {
namespace {

// Positive and within low … high, of which these are the bits, whose order is that of such floats.
bool is_within(float x, uint32_t low, uint32_t high) { return mote_bits(x) - low <= high - low; }

// Integers of rows by `columns`, padded: -127 … 127, and 0 where there is no element. Each column is `step` bytes from
// the next: 1 in rows by themselves, or 4, of four rows side by side.
mote_status check_integers(const int8_t *at, uint32_t columns, uint32_t step, uint32_t rows) {
    const uint32_t padded = step == 1 ? pad(columns) : cpu::kLanes;
    for (uint32_t r = 0; r < (rows + 3) / 4 * 4; ++r) {
        const int8_t *integer = at + r / step * (step * padded) + r % step;
        for (uint32_t c = 0; c < padded; ++c, integer += step) {
            if ((r >= rows || c >= columns) && *integer != 0) return MOTE_ERR_FORMAT;
            if (*integer < -127) return MOTE_ERR_NUMERIC;
        }
    }
    return MOTE_OK;
}

// The scales of a panel, of which the first `count` are of outputs: +0 or in their range.
mote_status check_scales(const float *scales, uint32_t count) {
    for (uint32_t i = 0; i < cpu::kLanes; ++i) {
        if (mote_bits(scales[i]) == 0) continue;
        if (i >= count) return MOTE_ERR_FORMAT;
        if (!is_within(scales[i], mote_bits(cpu::kQuantum), mote_bits(kLargestScale))) return MOTE_ERR_NUMERIC;
    }
    return MOTE_OK;
}

// A panel of which the first `count` outputs are some.
mote_status check_int8_panel(const int8_t *at, uint32_t count, const TensorSpec &spec) {
    const mote_status status = check_scales(reinterpret_cast<const float *>(at), count);
    return status == MOTE_OK ? check_integers(at + kScaleBytes, count, 4, spec.rows) : status;
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

using PanelCheck = mote_status(const int8_t *at, uint32_t count, const TensorSpec &spec);

template <PanelCheck &check> mote_status check_panels(const int8_t *at, const TensorSpec &spec) {
    const size_t panel = kPanelUnit * size_t{panel_units(spec.type(), spec.rows)};
    for (uint32_t first = 0; first < spec.columns; first += cpu::kLanes, at += panel) {
        const mote_status status = check(at, spec.columns - first, spec);
        if (status != MOTE_OK) return status;
    }
    return MOTE_OK;
}

// The scales of what products read: each has a range, of which the inverse is not denormal, and but for an embedding
// and ReLU one value.
mote_status check_input_scales(const float *scales, const TensorSpec &spec, const Config &c) {
    bool free = c.embed != 0;
    uint32_t fixed = mote_bits(1.0f);
    for (uint32_t i = 0; i < spec.columns; ++i) {
        if (free ? !is_within(scales[i], mote_bits(cpu::kQuantum), mote_bits(cpu::kLargest))
                 : mote_bits(scales[i]) != fixed)
            return MOTE_ERR_NUMERIC;
        free = c.activation == MOTE_RELU;
        fixed = mote_bits(1.0f / 127);
    }
    return MOTE_OK;
}

// What is the same of each precision.
template <PanelCheck &check>
mote_status check_tensor(const void *elements, const TensorSpec &spec, const Config &config) {
    if (spec.role == Role::Scales) return check_input_scales(static_cast<const float *>(elements), spec, config);
    if (!spec.is_quantized()) return MOTE_OK;
    const int8_t *const integers = static_cast<const int8_t *>(elements);
    return spec.has_scales() ? check_panels<check>(integers, spec)
                             : check_integers(integers, spec.columns, 1, spec.rows);
}

} // namespace

mote_status check_int8_tensor(const void *elements, const TensorSpec &spec, const Config &config) {
    return check_tensor<check_int8_panel>(elements, spec, config);
}

mote_status check_int4_tensor(const void *elements, const TensorSpec &spec, const Config &config) {
    return check_tensor<check_int4_panel>(elements, spec, config);
}

} // namespace mote
