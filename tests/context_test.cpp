/* Batches with contexts, and chunks: what stands in them is a function of the place in the text alone. */
#include "support.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace mote_test;

namespace {

/* No character is 0, so that what is missing is told from what is there. */
std::vector<uint16_t> text_of(size_t count) {
    std::vector<uint16_t> text(count);
    for (size_t i = 0; i < count; ++i) text[i] = static_cast<uint16_t>(i + 1);
    return text;
}

/* Wrong cells of row b, which predicts text[first + 1] …, at most up to text[end], each from `context` characters. */
size_t wrong_cells(const std::vector<uint16_t> &text, const Batch &batch, uint32_t context, uint32_t time, uint32_t b,
                   size_t first, size_t end) {
    const size_t before = std::max(1u, context) - 1, width = before + time;
    size_t wrong = 0;
    for (size_t i = 0; i < width; ++i) {
        const bool there = first + i >= before && first + i - before < end;
        wrong += batch.tokens[b * width + i] != (there ? text[first + i - before] : 0);
    }
    for (size_t t = 0; t < time; ++t)
        wrong += batch.targets[b * time + t] != (first + t < end ? text[first + t + 1] : MOTE_IGNORE);
    return wrong;
}

Batch room_for(uint32_t context, uint32_t batch, uint32_t time) {
    const size_t width = std::max(1u, context) - 1 + time;
    return {std::vector<uint16_t>(batch * width, 0x7777), std::vector<uint16_t>(size_t{batch} * time, 0x7777)};
}

constexpr uint32_t contexts[] = {0, 1, 2, 3, 8, 50};

} // namespace

TEST_CASE("a stream's contexts reach back across batches and rows, and are 0 before the text") {
    for (const size_t count : {2u, 3u, 17u, 40u})
        for (const uint32_t context : contexts)
            for (const uint32_t batch : {1u, 3u, 8u})
                for (const uint32_t time : {1u, 4u, 9u}) {
                    const std::vector<uint16_t> text = text_of(count);
                    size_t wrong = 0;
                    for (size_t index = 0; index < mote_stream_batches(count, batch, time); ++index) {
                        Batch got = room_for(context, batch, time);
                        REQUIRE(mote_stream_batch(text.data(), count, context, batch, time, index, got.tokens.data(),
                                                  got.targets.data()) == MOTE_OK);
                        for (uint32_t b = 0; b < batch; ++b) {
                            const size_t start = b * (count - 1) / batch, end = (b + 1) * (count - 1) / batch;
                            wrong += wrong_cells(text, got, context, time, b, start + index * time, end);
                        }
                    }
                    CHECK(wrong == 0);
                }
}

TEST_CASE("a random batch is the same chunks whatever the context, with what stood before them") {
    const std::vector<uint16_t> text = text_of(60);
    for (uint64_t step = 0; step < 40; ++step) {
        Batch plain = room_for(0, 4, 5);
        REQUIRE(mote_random_batch(text.data(), 60, 0, 4, 5, 3, step, plain.tokens.data(), plain.targets.data()) ==
                MOTE_OK);
        for (const uint32_t context : contexts) {
            Batch got = room_for(context, 4, 5);
            REQUIRE(mote_random_batch(text.data(), 60, context, 4, 5, 3, step, got.tokens.data(), got.targets.data()) ==
                    MOTE_OK);
            size_t wrong = 0;
            for (uint32_t b = 0; b < 4; ++b) {
                const size_t first = plain.tokens[b * 5] - size_t{1};
                wrong += wrong_cells(text, got, context, 5, b, first, first + 5);
            }
            CHECK(wrong == 0);
        }
    }
}

TEST_CASE("chunks are as many as the targets need, the last one shorter") {
    CHECK(mote_chunk_count(0, 3) == 0);
    CHECK(mote_chunk_count(1, 3) == 0);
    CHECK(mote_chunk_count(5, 0) == 0);
    CHECK(mote_chunk_count(2, 3) == 1);
    CHECK(mote_chunk_count(4, 3) == 1);
    CHECK(mote_chunk_count(5, 3) == 2);
    CHECK(mote_chunk_count(7, 3) == 2);
    CHECK(mote_chunk_count(8, 3) == 3);
    CHECK(mote_chunk_count(4294967295u, 1) == 4294967294u);
}

TEST_CASE("shuffled chunks ask for every target exactly once a pass, and rows without a chunk are empty") {
    for (const size_t count : {2u, 3u, 17u, 64u, 65u})
        for (const uint32_t context : contexts)
            for (const uint32_t batch : {1u, 3u, 8u, 70u})
                for (const uint32_t time : {1u, 4u, 9u, 80u}) {
                    const std::vector<uint16_t> text = text_of(count);
                    const uint32_t chunks = static_cast<uint32_t>(mote_chunk_count(count, time));
                    std::vector<uint32_t> order(chunks);
                    REQUIRE(mote_shuffle(order.data(), chunks, 5, count) == MOTE_OK);
                    std::vector<int> seen(count + 1);
                    size_t wrong = 0;
                    for (uint32_t at = 0; at < chunks; at += batch) {
                        const uint32_t rows = std::min(batch, chunks - at);
                        Batch got = room_for(context, batch, time);
                        REQUIRE(mote_chunk_batch(text.data(), count, context, batch, time, order.data() + at, rows,
                                                 got.tokens.data(), got.targets.data()) == MOTE_OK);
                        for (uint32_t b = 0; b < batch; ++b) {
                            const size_t first = b < rows ? size_t{order[at + b]} * time : 0;
                            wrong += wrong_cells(text, got, context, time, b, first, b < rows ? count - 1 : 0);
                        }
                        for (const uint16_t target : got.targets)
                            if (target != MOTE_IGNORE) ++seen.at(target);
                    }
                    CHECK(wrong == 0);
                    CHECK(seen[0] == 0);
                    CHECK(seen[1] == 0);
                    CHECK(std::all_of(seen.begin() + 2, seen.end(), [](int times) { return times == 1; }));
                }
}

TEST_CASE("a batch of no chunks predicts nothing") {
    const std::vector<uint16_t> text = text_of(9);
    Batch got = room_for(3, 2, 2);
    REQUIRE(mote_chunk_batch(text.data(), 9, 3, 2, 2, nullptr, 0, got.tokens.data(), got.targets.data()) == MOTE_OK);
    CHECK(got.tokens == std::vector<uint16_t>(8, 0));
    CHECK(got.targets == std::vector<uint16_t>(4, MOTE_IGNORE));
}

TEST_CASE("contexts that are too long and chunks that are none are refused") {
    const std::vector<uint16_t> text = text_of(20);
    std::vector<uint16_t> tokens(MOTE_MAX_CONTEXT + 4), targets(8);
    const auto stream = [&](uint32_t context) {
        return mote_stream_batch(text.data(), 20, context, 1, 4, 0, tokens.data(), targets.data());
    };
    const auto drawn = [&](uint32_t context) {
        return mote_random_batch(text.data(), 20, context, 1, 4, 1, 1, tokens.data(), targets.data());
    };
    const auto chunk = [&](uint32_t context, uint32_t batch, uint32_t time, const std::vector<uint32_t> &chunks) {
        return mote_chunk_batch(text.data(), 20, context, batch, time, chunks.data(),
                                static_cast<uint32_t>(chunks.size()), tokens.data(), targets.data());
    };
    CHECK(stream(MOTE_MAX_CONTEXT) == MOTE_OK);
    CHECK(drawn(MOTE_MAX_CONTEXT) == MOTE_OK);
    CHECK(chunk(MOTE_MAX_CONTEXT, 1, 4, {4}) == MOTE_OK);
    for (const uint32_t context : {MOTE_MAX_CONTEXT + 1, 0xffffffffu}) {
        CHECK(stream(context) == MOTE_ERR_ARG);
        CHECK(drawn(context) == MOTE_ERR_ARG);
        CHECK(chunk(context, 1, 4, {4}) == MOTE_ERR_ARG);
    }
    CHECK(chunk(0, 1, 4, {5}) == MOTE_ERR_ARG);
    CHECK(chunk(0, 2, 4, {0, 0xffffffffu}) == MOTE_ERR_ARG);
    CHECK(chunk(0, 1, 4, {0, 1}) == MOTE_ERR_ARG);
    CHECK(chunk(0, 0, 4, {}) == MOTE_ERR_ARG);
    CHECK(chunk(0, 1, 0, {}) == MOTE_ERR_ARG);
    const uint32_t first = 0;
    const auto with = [&](const uint16_t *from, size_t count, const uint32_t *chunks, uint16_t *in, uint16_t *out) {
        return mote_chunk_batch(from, count, 0, 1, 4, chunks, 1, in, out);
    };
    CHECK(with(text.data(), 20, &first, tokens.data(), targets.data()) == MOTE_OK);
    CHECK(with(nullptr, 20, &first, tokens.data(), targets.data()) == MOTE_ERR_ARG);
    CHECK(with(text.data(), 1, &first, tokens.data(), targets.data()) == MOTE_ERR_ARG);
    CHECK(with(text.data(), 20, nullptr, tokens.data(), targets.data()) == MOTE_ERR_ARG);
    CHECK(with(text.data(), 20, &first, nullptr, targets.data()) == MOTE_ERR_ARG);
    CHECK(with(text.data(), 20, &first, tokens.data(), nullptr) == MOTE_ERR_ARG);
}
