// Batches of a text: functions of seed and step, for host and firmware alike.
#include "rng.h"
#include "text_order.h"
#include "text_places.h"

namespace mote {
namespace {

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

size_t mote_stream_batches(size_t count, uint32_t batch, uint32_t time) {
    if (batch == 0 || time == 0 || count < 2 || too_long(count)) return 0;
    return batches_in_order(count, batch, time);
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
    return chunks_of(count, time);
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
