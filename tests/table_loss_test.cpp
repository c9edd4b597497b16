/* The cross-entropy of rows of a table, held against that of the rows one by one, on every instruction set. */
#include "kernel_matrix.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

using namespace mote_test;
using namespace mote;

namespace {

constexpr float scale = 0.375f;

/* Rows of a batch, some of which have no target; few of them have many tokens, many of them few. */
struct Rows {
    Rows(uint32_t count, uint32_t vocab, Random &random) : tokens(count), targets(count) {
        const uint32_t used = random.below(2) == 0 ? vocab : 1 + vocab / 4;
        for (uint16_t &token : tokens) token = static_cast<uint16_t>(random.below(used));
        for (uint16_t &target : targets)
            target = static_cast<uint16_t>(random.below(5) == 0 ? 0xffffu : random.below(vocab));
    }
    /* Those with a target, by their tokens from `first` to the one before `end`; places[i]: that of row i. */
    std::vector<cpu::TableRow> sorted(uint32_t first, uint32_t end, std::vector<size_t> *places) const {
        std::vector<cpu::TableRow> rows;
        places->resize(tokens.size());
        for (uint32_t token = first; token < end; ++token)
            for (size_t r = 0; r < tokens.size(); ++r)
                if (tokens[r] == token && targets[r] != 0xffffu) {
                    (*places)[r] = rows.size();
                    rows.push_back({token, static_cast<float>(targets[r]), -1.0f, -1.0f});
                }
        return rows;
    }
    std::vector<uint16_t> tokens, targets;
};

/* A row of logits for each row of the batch, and the sums of their gradients. */
struct OneByOne {
    OneByOne(const Matrix &table, const Rows &rows) : gradient(table.rows(), table.columns()) {
        const uint32_t m = static_cast<uint32_t>(rows.tokens.size()), n = table.columns();
        Matrix logits(m, n);
        cpu::gather(logits.mat(), nullptr, table.mat(), {rows.tokens.data(), 1}, m, n);
        Matrix each = logits;
        found = cpu::cross_entropy(each.mat(), m, n, {rows.targets.data(), 1}, scale, nats, 0);
        cpu::scatter_add(gradient.mat(), each.mat(), {rows.tokens.data(), 1}, m, n);
        for (uint32_t r = 0; r < table.rows(); ++r)
            for (uint32_t c = 0; c < n; ++c) gradient.at(r, c) = flushed(gradient.at(r, c));
    }
    Matrix gradient;
    float nats[16] = {};
    uint32_t found;
};

/* As a table's training does it, of some rows of the table. */
uint32_t by_table(Matrix &gradient, const Matrix &table, const Rows &rows, uint32_t first, uint32_t end, float *nats) {
    std::vector<size_t> places;
    std::vector<cpu::TableRow> sorted = rows.sorted(first, end, &places);
    const uint32_t found = cpu::table_cross_entropy(gradient.mat(), table.mat(), first, end, table.columns(),
                                                    sorted.data(), static_cast<uint32_t>(sorted.size()), scale);
    for (size_t r = 0; r < rows.tokens.size(); ++r)
        if (rows.targets[r] != 0xffffu && rows.tokens[r] >= first && rows.tokens[r] < end)
            nats[r % 16] += sorted[places[r]].loss;
    return found;
}

} // namespace

TEST_CASE("the cross-entropy of a table's rows has the bits of that of each row of a batch") {
    const KeepIsa keep;
    Random random(11);
    for (const uint32_t count : {1u, 2u, 5u, 16u, 17u, 90u})
        for (uint32_t vocab = 2; vocab <= 150; vocab += vocab < 70 ? 1 : 16) {
            INFO("rows=" << count << " vocab=" << vocab);
            Matrix table(vocab, vocab, random);
            for (uint32_t r = 0; r < vocab; ++r)
                for (uint32_t c = 0; c < vocab; ++c) table.at(r, c) *= static_cast<float>(1 + r % 7 * 5);
            const Rows rows(count, vocab, random);
            const OneByOne wanted(table, rows);
            CHECK(wanted.found == 0);
            for (const char *const isa : isas()) {
                REQUIRE(mote_isa_force(isa) == MOTE_OK);
                Matrix gradient(vocab, vocab, random); // what is in it is not read
                float nats[16] = {};
                CHECK(by_table(gradient, table, rows, 0, vocab, nats) == 0);
                CHECK(same(gradient, wanted.gradient));
                CHECK(same_bits(nats, wanted.nats, 16));
            }
        }
}

TEST_CASE("the cross-entropy of a part of a table's rows leaves the others alone") {
    const KeepIsa keep;
    Random random(12);
    const uint32_t vocab = 37;
    const Matrix table(vocab, vocab, random);
    const Rows rows(60, vocab, random);
    const OneByOne wanted(table, rows);
    for (const char *const isa : isas()) {
        REQUIRE(mote_isa_force(isa) == MOTE_OK);
        for (const uint32_t split : {0u, 1u, 16u, 36u, 37u}) {
            const Matrix before(vocab, vocab, random);
            Matrix gradient = before;
            float nats[16] = {};
            by_table(gradient, table, rows, 0, split, nats);
            size_t wrong = 0;
            for (uint32_t r = 0; r < vocab; ++r)
                for (uint32_t c = 0; c < vocab; ++c)
                    wrong += bits(gradient.at(r, c)) != bits(r < split ? wanted.gradient.at(r, c) : before.at(r, c));
            CHECK(wrong == 0);
            by_table(gradient, table, rows, split, vocab, nats);
            CHECK(same(gradient, wanted.gradient));
        }
    }
}

TEST_CASE("NaN and infinity are found in every row of a table that the batch has, and in no other") {
    const KeepIsa keep;
    Random random(13);
    const uint32_t vocab = 21;
    const Rows rows(15, vocab, random);
    for (const char *const isa : isas()) {
        REQUIRE(mote_isa_force(isa) == MOTE_OK);
        for (const float bad : {std::nanf(""), HUGE_VALF, -HUGE_VALF})
            for (uint32_t r = 0; r < vocab; ++r)
                for (uint32_t c = 0; c < vocab; ++c) {
                    Matrix table(vocab, vocab, random);
                    table.at(r, c) = bad;
                    Matrix gradient(vocab, vocab);
                    float nats[16] = {};
                    const bool found = by_table(gradient, table, rows, 0, vocab, nats) != 0;
                    REQUIRE(found == (OneByOne(table, rows).found != 0));
                }
    }
}
