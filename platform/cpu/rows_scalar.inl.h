// What is shorter a number at a time: one comparison of its bits tells the usual case.

// Numbers below `low` to +0; kTooLarge where some are above `high`, kNotFinite where some are NaN or infinite.
MOTE_NOINLINE static uint32_t settle_flat(float *x, size_t count, float low, float high) {
    constexpr uint32_t sign = 1;
    const uint32_t least_size = mote_bits(low) << sign, most = mote_bits(high) << sign;
    uint32_t found = 0;
    for (float *const end = x + count; x != end; x += kLanes) MOTE_UNROLL_4 for (uint32_t i = 0; i < kLanes; ++i) {
            const uint32_t size = mote_bits(x[i]) << sign;
            if (__builtin_expect(size - least_size <= most - least_size, 1)) continue;
            if (size < least_size)
                x[i] = 0.0f;
            else
                found |= size > mote_bits(kMaxFloat) << sign ? kNotFinite | kTooLarge : kTooLarge;
        }
    return found;
}

uint32_t settle(Mat c, uint32_t n) {
    constexpr float smallest_normal = 0x1p-126f;
    uint32_t found = 0;
    for (uint32_t p = 0; p < panels(n); ++p)
        found |= settle_flat(c.data + p * c.panel, kLanes, smallest_normal, kMaxFloat);
    return found;
}

// tanh of a flat array, as tanh_vec has it; kNotFinite where one is NaN or infinite.
MOTE_INLINE uint32_t tanh_flat(float *x, size_t count) {
    const uint32_t quantum = mote_bits(kQuantum), saturated = mote_bits(kTanhSaturated);
    uint32_t found = 0;
    for (float *const end = x + count; x != end; ++x) {
        const uint32_t bits = mote_bits(*x), size = bits & 0x7fffffffu, sign = bits ^ size;
        if (__builtin_expect(size - quantum < saturated - quantum, 1)) {
            *x = mote_float(mote_bits(tanh_between({mote_float(size)}).v) | sign);
            continue;
        }
        if (size > mote_bits(kMaxFloat)) found = kNotFinite;
        *x = size < quantum ? 0.0f : mote_float(mote_bits(1.0f) | sign);
    }
    return found;
}

uint32_t tanh_rows(Mat c, uint32_t m, uint32_t n) {
    uint32_t found = 0;
    for (uint32_t p = 0; p < panels(n); ++p) found |= tanh_flat(c.data + p * c.panel, size_t{m} * kLanes);
    return found;
}

MOTE_INLINE uint32_t relu_flat(float *x, size_t count) {
    uint32_t found = 0;
    for (float *const end = x + count; x != end; ++x) {
        const uint32_t bits = mote_bits(*x);
        if ((bits & 0x7fffffffu) > mote_bits(kMaxFloat)) found = kNotFinite;
        if (static_cast<int32_t>(bits) < static_cast<int32_t>(mote_bits(kQuantum))) *x = 0.0f;
    }
    return found;
}

uint32_t relu_rows(Mat c, uint32_t m, uint32_t n) {
    uint32_t found = 0;
    for (uint32_t p = 0; p < panels(n); ++p) found |= relu_flat(c.data + p * c.panel, size_t{m} * kLanes);
    return found;
}
