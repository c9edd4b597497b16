#include "mote_text.h"

#include "support.h"

#include <doctest/doctest.h>

#include <vector>

using namespace mote_test;

namespace {

/* A text of any length, of which each token tells its place. */
uint16_t token_at(uint64_t place) { return static_cast<uint16_t>((place * 2654435761u ^ place >> 32) % 60000); }

struct Read {
    uint64_t count;
    uint64_t calls = 0, refused_call = 0; /* the call that fails; 0: none */
    bool outside = false;

    static mote_status read(void *user, uint64_t first, size_t count, uint16_t *tokens) {
        Read &self = *static_cast<Read *>(user);
        if (++self.calls == self.refused_call) return MOTE_ERR_READ;
        self.outside = self.outside || count == 0 || first >= self.count || self.count - first < count;
        for (size_t i = 0; i < count; ++i) tokens[i] = token_at(first + i);
        return MOTE_OK;
    }
    mote_text text() { return {count, read, this}; }
};

struct Cells {
    std::vector<uint16_t> tokens, targets;
    Cells(uint32_t context, uint32_t batch, uint32_t time)
        : tokens(batch * (time + (context > 1 ? context - 1 : 0)), 7), targets(batch * time, 7) {}
    bool operator==(const Cells &other) const { return tokens == other.tokens && targets == other.targets; }
};

void check_same_batches(size_t count, uint32_t context, uint32_t batch, uint32_t time) {
    INFO(count << " tokens, context " << context << ", B=" << batch << " T=" << time);
    std::vector<uint16_t> whole(count);
    for (size_t i = 0; i < count; ++i) whole[i] = token_at(i);
    Read reader{count};
    const mote_text text = reader.text();
    const size_t batches = mote_stream_batches(count, batch, time);
    REQUIRE(mote_text_stream_batches(count, batch, time) == batches);
    Cells expected(context, batch, time), found(context, batch, time);
    for (size_t i = 0; i < batches; ++i) {
        REQUIRE(mote_stream_batch(whole.data(), count, context, batch, time, i, expected.tokens.data(),
                                  expected.targets.data()) == MOTE_OK);
        REQUIRE(mote_text_stream_batch(&text, context, batch, time, i, found.tokens.data(), found.targets.data()) ==
                MOTE_OK);
        CHECK(found == expected);
    }
    for (uint64_t step = 0; step < 3; ++step) {
        const mote_status status = mote_random_batch(whole.data(), count, context, batch, time, 5, step,
                                                     expected.tokens.data(), expected.targets.data());
        CHECK(mote_text_random_batch(&text, context, batch, time, 5, step, found.tokens.data(), found.targets.data()) ==
              status);
        CHECK((status != MOTE_OK || found == expected));
    }
    const auto chunk_count = static_cast<uint32_t>(mote_chunk_count(count, time));
    REQUIRE(mote_text_chunk_count(count, time) == chunk_count);
    std::vector<uint32_t> chunks;
    for (uint32_t b = 0; b < batch && b < chunk_count; ++b) chunks.push_back(chunk_count - 1 - b);
    for (uint32_t rows = 0; rows <= chunks.size(); rows += batch > 1 ? batch - 1 : 1) {
        REQUIRE(mote_chunk_batch(whole.data(), count, context, batch, time, chunks.data(), rows, expected.tokens.data(),
                                 expected.targets.data()) == MOTE_OK);
        REQUIRE(mote_text_chunk_batch(&text, context, batch, time, chunks.data(), rows, found.tokens.data(),
                                      found.targets.data()) == MOTE_OK);
        CHECK(found == expected);
    }
    CHECK_FALSE(reader.outside);
}

} // namespace

TEST_CASE("a text that is read gives the batches of one in memory, and is read within its bounds") {
    for (const size_t count : {2u, 3u, 17u, 64u, 65u, 1001u})
        for (const uint32_t context : {0u, 1u, 2u, 3u, 9u, 70u})
            for (const uint32_t batch : {1u, 2u, 7u, 40u})
                for (const uint32_t time : {1u, 2u, 8u, 61u}) check_same_batches(count, context, batch, time);
}

TEST_CASE("a text that is read may be longer than 2^32 tokens") {
    const uint64_t count = 10 * (uint64_t{1} << 32) + 12345;
    const uint32_t batch = 3, time = 4;
    Read reader{count};
    const mote_text text = reader.text();
    Cells found(0, batch, time);
    const uint64_t batches = mote_text_stream_batches(count, batch, time);
    CHECK(batches == (count - 1) / batch / time);
    for (const uint64_t index : {uint64_t{0}, uint64_t{1}, batches / 2, batches - 1}) {
        REQUIRE(mote_text_stream_batch(&text, 0, batch, time, index, found.tokens.data(), found.targets.data()) ==
                MOTE_OK);
        for (uint32_t b = 0; b < batch; ++b)
            for (uint32_t t = 0; t < time; ++t) {
                const uint64_t place = (count - 1) * b / batch + index * time + t;
                CHECK(found.tokens[b * time + t] == token_at(place));
                CHECK(found.targets[b * time + t] == token_at(place + 1));
            }
    }
    CHECK(mote_text_stream_batch(&text, 0, batch, time, batches, found.tokens.data(), found.targets.data()) ==
          MOTE_ERR_ARG);
    REQUIRE(mote_text_random_batch(&text, 0, batch, time, 9, 1, found.tokens.data(), found.targets.data()) == MOTE_OK);
    mote_rng rng;
    mote_rng_derive(&rng, 9, MOTE_PURPOSE_BATCH, 1);
    for (uint32_t b = 0; b < batch; ++b) {
        const uint64_t high = mote_rng_u32(&rng), low = mote_rng_u32(&rng);
        CHECK(found.tokens[b * time] == token_at((high << 32 | low) % (count - time)));
    }
    CHECK(mote_text_chunk_count(count, time) == 0);
    CHECK(mote_text_chunk_count(count, 16) == (count - 1 + 15) / 16);
    const uint32_t last = mote_text_chunk_count(count, 16) - 1;
    Cells chunk(0, 1, 16);
    REQUIRE(mote_text_chunk_batch(&text, 0, 1, 16, &last, 1, chunk.tokens.data(), chunk.targets.data()) == MOTE_OK);
    CHECK(chunk.tokens[0] == token_at(uint64_t{last} * 16));
    CHECK(chunk.targets[15] == (count - 1 - uint64_t{last} * 16 < 16 ? MOTE_IGNORE : token_at(count - 1)));
    CHECK_FALSE(reader.outside);
}

TEST_CASE("what cannot be read ends the batch with the reader's own status") {
    Read reader{100};
    const mote_text text = reader.text();
    Cells found(3, 4, 5);
    for (uint64_t call = 1; call <= 8; ++call) {
        reader.calls = 0;
        reader.refused_call = call;
        CHECK(mote_text_stream_batch(&text, 3, 4, 5, 0, found.tokens.data(), found.targets.data()) == MOTE_ERR_READ);
        CHECK(reader.calls == call);
    }
    reader.calls = 0;
    reader.refused_call = 1;
    CHECK(mote_text_random_batch(&text, 3, 4, 5, 1, 1, found.tokens.data(), found.targets.data()) == MOTE_ERR_READ);
    const uint32_t chunk = 0;
    reader.calls = 0;
    CHECK(mote_text_chunk_batch(&text, 3, 4, 5, &chunk, 1, found.tokens.data(), found.targets.data()) == MOTE_ERR_READ);
}

TEST_CASE("a text that cannot be cut is refused") {
    Read reader{100};
    Cells found(0, 4, 5);
    const auto status = [&](mote_text text, uint32_t context, uint32_t batch, uint32_t time) {
        return mote_text_stream_batch(&text, context, batch, time, 0, found.tokens.data(), found.targets.data());
    };
    CHECK(status({100, Read::read, &reader}, 0, 4, 5) == MOTE_OK);
    CHECK(status({1, Read::read, &reader}, 0, 4, 5) == MOTE_ERR_ARG);
    CHECK(status({(uint64_t{1} << 48) + 1, Read::read, &reader}, 0, 4, 5) == MOTE_ERR_ARG);
    CHECK(status({100, nullptr, &reader}, 0, 4, 5) == MOTE_ERR_ARG);
    CHECK(status({100, Read::read, &reader}, 0, 0, 5) == MOTE_ERR_ARG);
    CHECK(status({100, Read::read, &reader}, 0, 65537, 5) == MOTE_ERR_ARG);
    CHECK(status({100, Read::read, &reader}, 0, 4, 0) == MOTE_ERR_ARG);
    CHECK(status({100, Read::read, &reader}, MOTE_MAX_CONTEXT + 1, 4, 5) == MOTE_ERR_ARG);
    CHECK(mote_text_stream_batch(nullptr, 0, 4, 5, 0, found.tokens.data(), found.targets.data()) == MOTE_ERR_ARG);
    const mote_text text = reader.text();
    CHECK(mote_text_stream_batch(&text, 0, 4, 5, 0, nullptr, found.targets.data()) == MOTE_ERR_ARG);
    CHECK(mote_text_random_batch(&text, 0, 4, 100, 1, 1, found.tokens.data(), found.targets.data()) == MOTE_ERR_ARG);
    const uint32_t chunks[] = {0, 20};
    CHECK(mote_text_chunk_batch(&text, 0, 4, 5, chunks, 2, found.tokens.data(), found.targets.data()) == MOTE_ERR_ARG);
    CHECK(mote_text_chunk_batch(&text, 0, 1, 5, chunks, 2, found.tokens.data(), found.targets.data()) == MOTE_ERR_ARG);
    CHECK(mote_text_chunk_batch(&text, 0, 4, 5, nullptr, 1, found.tokens.data(), found.targets.data()) == MOTE_ERR_ARG);
}
