// Batches, splits, shuffling and schedules: functions of seed and step, for host and firmware alike.
#include "numeric.h"
#include "rng.h"

namespace mote {
namespace {

bool usable(const mote_schedule &s) {
    if (!within(s.rate, cpu::kQuantum, 0x1p16f) || !within(s.factor, 0.0f, 1.0f)) return false;
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

// A pass of as many full batches leaves a shorter one at its end out. Its mean is over few characters, and a full step
// along it costs more than they teach: 1.762 against 1.753 nats on a text of 490 full batches and 10 characters of one,
// over four seeds and two.
constexpr size_t kManyBatches = 100;

// Targets of row b start behind this index of the text.
size_t row_start(size_t count, uint32_t batch, uint32_t b) {
    return static_cast<size_t>(static_cast<uint64_t>(count - 1) * b / batch);
}

// Places in a text are 32 bits, on every target.
bool too_long(size_t count) {
    const uint64_t wide = count;
    return wide > 0xffffffffu;
}

// What batches are cut from, and how.
struct Cut {
    const uint16_t *text;
    size_t count;
    uint32_t context, batch, time;

    bool usable(const void *tokens, const void *targets) const {
        return text != nullptr && tokens != nullptr && targets != nullptr && batch != 0 && time != 0 &&
               context <= MOTE_MAX_CONTEXT && count >= 2 && !too_long(count);
    }

    // Row b predicts text[first + 1] …, at most up to text[end].
    void set_row(uint32_t b, size_t first, size_t end, uint16_t *tokens, uint16_t *targets) const {
        const size_t before = context > 1 ? context - 1 : 0, width = before + time;
        for (size_t i = 0; i < width; ++i) {
            const size_t at = first + i; // of the token, moved on by `before`
            tokens[b * width + i] = at >= before && at - before < end ? text[at - before] : uint16_t{0};
        }
        for (size_t t = 0; t < time; ++t)
            targets[size_t{b} * time + t] = first + t < end ? text[first + t + 1] : uint16_t{MOTE_IGNORE};
    }
};

} // namespace
} // namespace mote

using namespace mote;

extern "C" {

mote_status mote_schedule_rate(const mote_schedule *schedule, uint32_t step, float *rate) {
    if (schedule == nullptr || rate == nullptr || !usable(*schedule)) return MOTE_ERR_ARG;
    const mote_schedule &s = *schedule;
    float factor = 1.0f;
    if (step < s.warmup)
        factor = ratio(step + 1, s.warmup);
    else if (s.kind == MOTE_SCHEDULE_STEP)
        factor = power(s.factor, step / s.period);
    else if (s.kind == MOTE_SCHEDULE_COSINE)
        factor = cosine(s, step);
    const float r = s.rate * factor;
    *rate = r < cpu::kQuantum ? cpu::kQuantum : r;
    return MOTE_OK;
}

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

size_t mote_stream_batches(size_t count, uint32_t batch, uint32_t time) {
    if (batch == 0 || time == 0 || count < 2 || too_long(count)) return 0;
    const size_t longest = (count - 1) / batch + ((count - 1) % batch != 0 ? 1 : 0);
    const size_t full = longest / time;
    return full + (longest % time != 0 && full < kManyBatches ? 1 : 0);
}

mote_status mote_stream_batch(const uint16_t *text, size_t count, uint32_t context, uint32_t batch, uint32_t time,
                              size_t index, uint16_t *tokens, uint16_t *targets) {
    const Cut cut{text, count, context, batch, time};
    if (!cut.usable(tokens, targets) || index >= mote_stream_batches(count, batch, time)) return MOTE_ERR_ARG;
    for (uint32_t b = 0; b < batch; ++b)
        cut.set_row(b, row_start(count, batch, b) + index * time, row_start(count, batch, b + 1), tokens, targets);
    return MOTE_OK;
}

mote_status mote_random_batch(const uint16_t *text, size_t count, uint32_t context, uint32_t batch, uint32_t time,
                              uint64_t seed, uint64_t step, uint16_t *tokens, uint16_t *targets) {
    const Cut cut{text, count, context, batch, time};
    if (!cut.usable(tokens, targets) || count <= time) return MOTE_ERR_ARG;
    mote_rng rng;
    mote_rng_derive(&rng, seed, MOTE_PURPOSE_BATCH, step);
    for (uint32_t b = 0; b < batch; ++b) {
        const size_t first = mote_rng_below(&rng, static_cast<uint32_t>(count - time));
        cut.set_row(b, first, first + time, tokens, targets);
    }
    return MOTE_OK;
}

size_t mote_chunk_count(size_t count, uint32_t time) {
    if (time == 0 || count < 2 || too_long(count)) return 0;
    return (count - 1) / time + ((count - 1) % time != 0 ? 1 : 0);
}

mote_status mote_chunk_batch(const uint16_t *text, size_t count, uint32_t context, uint32_t batch, uint32_t time,
                             const uint32_t *chunks, uint32_t rows, uint16_t *tokens, uint16_t *targets) {
    const Cut cut{text, count, context, batch, time};
    if (!cut.usable(tokens, targets) || rows > batch || (chunks == nullptr && rows != 0)) return MOTE_ERR_ARG;
    const size_t chunk_count = mote_chunk_count(count, time);
    for (uint32_t b = 0; b < rows; ++b)
        if (chunks[b] >= chunk_count) return MOTE_ERR_ARG;
    for (uint32_t b = 0; b < batch; ++b) {
        const size_t first = b < rows ? size_t{chunks[b]} * time : 0;
        cut.set_row(b, first, b < rows ? count - 1 : 0, tokens, targets);
    }
    return MOTE_OK;
}
}
