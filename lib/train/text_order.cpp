// Splits, shuffling and items of a text: functions of the seed, for host and firmware alike.
#include "text_order.h"

#include "rng.h"

using namespace mote;

extern "C" {

mote_status mote_split(size_t count, const uint32_t percent[3], size_t bounds[4]) {
    if (percent == nullptr || bounds == nullptr) return MOTE_ERR_ARG;
    if (percent[0] > 100 || percent[1] > 100 || percent[2] > 100 || percent[0] + percent[1] + percent[2] != 100)
        return MOTE_ERR_ARG;
    // In parts of a hundredth and what is over, so that nothing overflows.
    const size_t hundredth = count / 100, rest = count % 100;
    uint32_t sum = 0;
    bounds[0] = 0;
    for (int i = 0; i < 3; ++i) {
        sum += percent[i];
        bounds[i + 1] = hundredth * sum + rest * sum / 100;
    }
    return MOTE_OK;
}

mote_status mote_shuffle(uint32_t *order, uint32_t count, uint64_t seed, uint64_t epoch) {
    if (order == nullptr && count != 0) return MOTE_ERR_ARG;
    mote_rng rng;
    mote_rng_derive(&rng, seed, MOTE_PURPOSE_SHUFFLE, epoch);
    for (uint32_t i = 0; i < count; ++i) order[i] = i;
    for (uint32_t i = count; i > 1; --i) {
        const uint32_t j = mote_rng_below(&rng, i);
        const uint32_t swap = order[i - 1];
        order[i - 1] = order[j];
        order[j] = swap;
    }
    return MOTE_OK;
}

mote_status mote_items_find(const uint16_t *tokens, size_t count, uint32_t *starts, size_t capacity, size_t *found) {
    if ((tokens == nullptr && count != 0) || (starts == nullptr && capacity != 0) || found == nullptr)
        return MOTE_ERR_ARG;
    if (too_long(count)) return MOTE_ERR_ARG;
    size_t n = 0;
    for (size_t i = 0; i < count; ++i) {
        if (tokens[i] == 0 || (i != 0 && tokens[i - 1] != 0)) continue;
        if (n < capacity) starts[n] = static_cast<uint32_t>(i);
        ++n;
    }
    *found = n;
    return n > capacity ? MOTE_ERR_CAPACITY : MOTE_OK;
}

mote_status mote_items_arrange(const uint16_t *tokens, size_t count, const uint32_t *starts, const uint32_t *order,
                               size_t items, uint16_t *arranged, size_t capacity, size_t *written) {
    if (tokens == nullptr || written == nullptr || ((starts == nullptr || order == nullptr) && items != 0) ||
        (arranged == nullptr && capacity != 0))
        return MOTE_ERR_ARG;
    size_t n = 0;
    const auto put = [&](uint16_t token) {
        if (n < capacity) arranged[n] = token;
        ++n;
    };
    put(0);
    for (size_t i = 0; i < items; ++i) {
        if (order[i] >= items || starts[order[i]] >= count) return MOTE_ERR_ARG;
        for (size_t at = starts[order[i]]; at < count && tokens[at] != 0; ++at) put(tokens[at]);
        put(0);
    }
    *written = n;
    return n > capacity ? MOTE_ERR_CAPACITY : MOTE_OK;
}
}
