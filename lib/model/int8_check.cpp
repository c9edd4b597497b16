#include "int8_check.h"

#include "numeric.h"

namespace mote {
namespace {

// Positive and within low … high; the bits of such floats are in their order.
bool is_scale(float x, float low, float high) {
    return mote_bits(x) - mote_bits(low) <= mote_bits(high) - mote_bits(low);
}

// What a byte of a tensor of int8 belongs to: a scale, or an integer at this place.
struct Place {
    bool scale;
    uint32_t row, column;
};

Place place_of(uint32_t byte, const TensorSpec &spec) {
    if (!spec.has_scales()) return {false, byte / pad(spec.columns), byte % pad(spec.columns)};
    constexpr uint32_t unit = kPanelUnit;
    const uint32_t units = int8_units(spec.rows), of_panel = byte / unit % units;
    const uint32_t column = byte / unit / units * cpu::kLanes + byte % unit / 4;
    return {of_panel == 0, of_panel == 0 ? 0 : (of_panel - 1) * 4 + byte % 4, column};
}

// Integers are -127 … 127, scales +0 or in their range, and what is no element is 0.
mote_status check_integers(const void *elements, const TensorSpec &spec) {
    const int8_t *const integers = static_cast<const int8_t *>(elements);
    for (uint32_t i = 0; i < spec.bytes(); ++i) {
        const Place place = place_of(i, spec);
        if (place.row >= spec.rows || place.column >= spec.columns) {
            if (integers[i] != 0) return MOTE_ERR_FORMAT;
        } else if (!place.scale) {
            if (integers[i] < -127) return MOTE_ERR_NUMERIC;
        } else if (i % 4 == 0) {
            const float scale = static_cast<const float *>(elements)[i / 4];
            if (mote_bits(scale) != 0 && !is_scale(scale, cpu::kQuantum, kLargestScale)) return MOTE_ERR_NUMERIC;
        }
    }
    return MOTE_OK;
}

} // namespace

mote_status check_int8_tensor(const void *elements, const TensorSpec &spec) {
    if (spec.is_int8()) return check_integers(elements, spec);
    // The inverse of an activation's scale is computed, and may not be denormal.
    const float *const floats = static_cast<const float *>(elements);
    for (uint32_t i = 0; spec.role == Role::Scales && i < spec.columns; ++i)
        if (!is_scale(floats[i], cpu::kQuantum, cpu::kLargest)) return MOTE_ERR_NUMERIC;
    return MOTE_OK;
}

} // namespace mote
