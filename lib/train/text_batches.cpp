// Batches of a text that is read piece by piece, for host and firmware alike.
#include "mote_text.h"

#include "rng.h"
#include "text_places.h"

namespace mote {
namespace {

// So long that the product of a place and the rows of a batch has 64 bits: 2^48 tokens and 2^16 rows.
constexpr uint64_t kLongestText = uint64_t{1} << 48;
constexpr uint32_t kMostRows = 65536;

bool can_be_cut(uint64_t count, uint32_t batch, uint32_t time) {
    return count >= 2 && count <= kLongestText && batch != 0 && batch <= kMostRows && time != 0;
}

// What batches are cut from, and how.
struct ReadCut {
    const mote_text *text;
    uint32_t context, batch, time;

    bool usable(const void *tokens, const void *targets) const {
        return text != nullptr && text->read != nullptr && tokens != nullptr && targets != nullptr &&
               context <= MOTE_MAX_CONTEXT && can_be_cut(text->count, batch, time);
    }

    // Row b predicts text[first + 1] …, at most up to text[end].
    mote_status set_row(uint32_t b, uint64_t first, uint64_t end, uint16_t *tokens, uint16_t *targets) const {
        const size_t before = context > 1 ? context - 1 : 0, width = before + time;
        uint16_t *const row = tokens + b * width, *const wanted = targets + size_t{b} * time;
        const size_t there = first < end ? static_cast<size_t>(end - first < time ? end - first : time) : 0;
        const size_t seen = first < before ? static_cast<size_t>(first) : before; // of what is before, not token 0
        for (size_t i = 0; i < width; ++i) row[i] = 0;
        for (size_t i = 0; i < time; ++i) wanted[i] = MOTE_IGNORE; // GCC 14 warns of a loop from `there` on
        const uint64_t from = first - seen;
        // A row that begins behind its end may have a window that does not.
        const uint64_t until = there != 0 ? first + there : end;
        if (from < until) {
            const uint64_t most = seen + there;
            const size_t length = static_cast<size_t>(until - from < most ? until - from : most);
            const mote_status status = text->read(text->user, from, length, row + (before - seen));
            if (status != MOTE_OK) return status;
        }
        if (there == 0) return MOTE_OK;
        for (size_t i = 0; i + 1 < there; ++i) wanted[i] = row[before + i + 1];
        return text->read(text->user, first + there, 1, wanted + there - 1);
    }
};

} // namespace
} // namespace mote

using namespace mote;

extern "C" {

uint64_t mote_text_stream_batches(uint64_t count, uint32_t batch, uint32_t time) {
    return can_be_cut(count, batch, time) ? batches_in_order(count, batch, time) : 0;
}

mote_status mote_text_stream_batch(const mote_text *text, uint32_t context, uint32_t batch, uint32_t time,
                                   uint64_t index, uint16_t *tokens, uint16_t *targets) {
    const ReadCut cut{text, context, batch, time};
    if (!cut.usable(tokens, targets) || index >= batches_in_order(text->count, batch, time)) return MOTE_ERR_ARG;
    for (uint32_t b = 0; b < batch; ++b) {
        const mote_status status = cut.set_row(b, row_start(text->count, batch, b) + index * time,
                                               row_start(text->count, batch, b + 1), tokens, targets);
        if (status != MOTE_OK) return status;
    }
    return MOTE_OK;
}

mote_status mote_text_random_batch(const mote_text *text, uint32_t context, uint32_t batch, uint32_t time,
                                   uint64_t seed, uint64_t step, uint16_t *tokens, uint16_t *targets) {
    const ReadCut cut{text, context, batch, time};
    if (!cut.usable(tokens, targets) || text->count <= time) return MOTE_ERR_ARG;
    const uint64_t places = text->count - time;
    mote_rng rng;
    mote_rng_derive(&rng, seed, MOTE_PURPOSE_BATCH, step);
    for (uint32_t b = 0; b < batch; ++b) {
        const uint64_t first =
            places <= UINT32_MAX ? mote_rng_below(&rng, static_cast<uint32_t>(places)) : below_u64(&rng, places);
        const mote_status status = cut.set_row(b, first, first + time, tokens, targets);
        if (status != MOTE_OK) return status;
    }
    return MOTE_OK;
}

uint32_t mote_text_chunk_count(uint64_t count, uint32_t time) {
    if (!can_be_cut(count, 1, time)) return 0;
    const uint64_t chunks = chunks_of(count, time);
    return chunks <= UINT32_MAX ? static_cast<uint32_t>(chunks) : 0;
}

mote_status mote_text_chunk_batch(const mote_text *text, uint32_t context, uint32_t batch, uint32_t time,
                                  const uint32_t *chunks, uint32_t rows, uint16_t *tokens, uint16_t *targets) {
    const ReadCut cut{text, context, batch, time};
    if (!cut.usable(tokens, targets) || rows > batch || (chunks == nullptr && rows != 0)) return MOTE_ERR_ARG;
    const uint32_t chunk_count = mote_text_chunk_count(text->count, time);
    for (uint32_t b = 0; b < rows; ++b)
        if (chunks[b] >= chunk_count) return MOTE_ERR_ARG;
    for (uint32_t b = 0; b < batch; ++b) {
        const uint64_t first = b < rows ? uint64_t{chunks[b]} * time : 0;
        const mote_status status = cut.set_row(b, first, b < rows ? text->count - 1 : 0, tokens, targets);
        if (status != MOTE_OK) return status;
    }
    return MOTE_OK;
}
}
