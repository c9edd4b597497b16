/* Calls that come at the wrong time, or that fail halfway, say so and leave things as the header says. */
#include "damage.h"
#include "support.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;

namespace {

const mote_config config = rnn(9, 0, 20, 2);

struct Training {
    Training() : model(config, 7), trainer(model, train_config(3, 4, MOTE_ADAGRAD)), batch(draw()) {}

    mote_status forward_backward(uint16_t first_target) {
        batch.targets[0] = first_target;
        float loss;
        return mote_forward_backward(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss);
    }
    mote_status apply() { return mote_trainer_apply(trainer.get()); }

    Model model;
    Trainer trainer;
    Batch batch;

  private:
    static Batch draw() {
        Random random(11);
        return draw_batch(random, config, 3, 4);
    }
};

} // namespace

TEST_CASE("a batch is applied once, and only where its gradients are whole") {
    Training t;
    const uint64_t untrained = t.model.hash();
    CHECK(t.apply() == MOTE_ERR_SEQUENCE);
    CHECK(t.model.hash() == untrained);

    REQUIRE(t.forward_backward(1) == MOTE_OK);
    REQUIRE(t.apply() == MOTE_OK);
    const uint64_t once = t.model.hash();
    CHECK(once != untrained);
    CHECK(t.apply() == MOTE_ERR_SEQUENCE);
    CHECK(t.model.hash() == once);
    CHECK(mote_trainer_step_count(t.trainer.get()) == 1);

    REQUIRE(t.forward_backward(1) == MOTE_OK);
    CHECK(t.forward_backward(uint16_t{9}) == MOTE_ERR_TOKEN);
    CHECK(t.apply() == MOTE_ERR_SEQUENCE);
    CHECK(t.model.hash() == once);
}

TEST_CASE("after a whole step there is nothing to apply") {
    Training t;
    float loss;
    REQUIRE(mote_train_step(t.trainer.get(), t.batch.tokens.data(), t.batch.targets.data(), &loss) == MOTE_OK);
    const uint64_t once = t.model.hash();
    CHECK(t.apply() == MOTE_ERR_SEQUENCE);
    CHECK(t.model.hash() == once);
}

TEST_CASE("a batch without a counted target is applied without an update") {
    Training t;
    for (uint16_t &target : t.batch.targets) target = MOTE_IGNORE;
    const uint64_t before = t.model.hash();
    REQUIRE(t.forward_backward(MOTE_IGNORE) == MOTE_OK);
    CHECK(t.apply() == MOTE_OK);
    CHECK(t.model.hash() == before);
    CHECK(t.apply() == MOTE_ERR_SEQUENCE);
}

TEST_CASE("a score that fails halfway tells how far it came, and the state stands there") {
    for (const mote_config &c : {rnn(5, 0, 6, 1), rnn(5, 3, 6, 2), mlp(5, 3, 2, 6, 1), gru(5, 3, 6, 2)}) {
        INFO(describe(c));
        Model model(c, 3);
        /* Reading token 4 gives NaN: its column of the one-hot weights, or its embedding. */
        mote_tensor first{};
        REQUIRE(mote_model_tensor(model.get(), 0, &first) == MOTE_OK);
        float *const row = model.weights() + first.offset;
        for (uint32_t i = 0; i < 16; ++i)
            if (i < (first.role == MOTE_ROLE_EMBEDDING ? c.embed : c.hidden)) row[4 * 16 + i] = std::nanf("");
        const uint16_t tokens[] = {0, 1, 2, 4, 1, 2};
        const State scoring(model.get(), c), stepping(model.get(), c);
        float nats[5] = {};
        size_t scored = 99;
        CHECK(mote_score(scoring.get(), tokens, 6, nats, &scored) == MOTE_ERR_NUMERIC);
        REQUIRE(scored == 3);
        const float *logits;
        for (size_t i = 0; i < scored; ++i) REQUIRE(mote_step(stepping.get(), tokens[i], &logits) == MOTE_OK);
        REQUIRE(mote_step(stepping.get(), 1, &logits) == MOTE_OK);
        const std::vector<float> wanted(logits, logits + c.vocab);
        REQUIRE(mote_step(scoring.get(), 1, &logits) == MOTE_OK);
        CHECK(same_bits(logits, wanted.data(), c.vocab));
    }
}

TEST_CASE("a score of a bad token reads nothing") {
    const mote_config c = rnn(5, 0, 6, 1);
    const Model model(c, 3);
    const State state(model.get(), c);
    const uint16_t tokens[] = {0, 1, 5};
    float nats[2];
    size_t scored = 99;
    CHECK(mote_score(state.get(), tokens, 3, nats, &scored) == MOTE_ERR_TOKEN);
    CHECK(scored == 0);
}

TEST_CASE("a vocabulary with more entries than tokens have numbers encodes and decodes nothing") {
    std::vector<uint32_t> code_points(MOTE_MAX_VOCAB + 1);
    for (uint32_t i = 0; i < code_points.size(); ++i) code_points[i] = 0x10000 + i;
    mote_vocab vocab{code_points.data(), MOTE_MAX_VOCAB, 0};
    const char last[] = "\xf0\x9f\xbf\xbe"; /* U+1FFFE, the 65,535th */
    uint16_t token = 0;
    size_t count = 0;
    REQUIRE(mote_encode(&vocab, last, 4, &token, 1, &count) == MOTE_OK);
    CHECK(token == MOTE_MAX_VOCAB - 1);
    vocab.count = MOTE_MAX_VOCAB + 1;
    char utf8[4];
    CHECK(mote_encode(&vocab, last, 4, &token, 1, &count) == MOTE_ERR_ARG);
    CHECK(mote_decode(&vocab, 0, utf8) == 0);
}

TEST_CASE(
    "a blob of a later version with an input, a cell or an activation unknown here says that it is not supported") {
    const Alphabet alphabet(config.vocab);
    const Model model(config, 5, &alphabet.vocab());
    const Buffer blob = save(model.get(), config);
    for (const size_t field : {blob_config_at, blob_config_at + 4, blob_config_at + 28}) {
        for (const uint32_t unknown : {5u, 77u, 0xffffffffu}) {
            Buffer later = blob;
            put_u32(later, 4, MOTE_FORMAT_MAJOR | (MOTE_FORMAT_MINOR + 1) << 16);
            put_u32(later, field, unknown);
            repair_crc(later);
            Arena arena(MOTE_OPEN_BYTES);
            const mote_model *opened = nullptr;
            CHECK(mote_model_open(&opened, &arena.arena, later.data(), later.size()) == MOTE_ERR_UNSUPPORTED);
            CHECK(arena.arena.used == 0);
        }
    }
}

TEST_CASE("a caller's section may not take the library's name, nor one twice") {
    const Alphabet alphabet(config.vocab);
    const Model model(config, 5, &alphabet.vocab());
    Arena scratch(mote_scratch_bytes(&config));
    Buffer room(mote_blob_bytes(&config) + 1024);
    const OwnRecord own = some_record();
    const mote_section good = section_of(own);
    const auto save_with = [&](const std::vector<mote_section> &sections) {
        mote_buffer buffer{room.data(), room.size(), 0};
        const mote_status status = mote_model_save(model.get(), sections.data(), static_cast<uint32_t>(sections.size()),
                                                   &scratch.arena, mote_buffer_write, &buffer);
        CHECK((status == MOTE_OK || buffer.used == 0));
        return status;
    };
    CHECK(save_with({good}) == MOTE_OK);
    CHECK(save_with({{MOTE_SECTION_ID('o', 'w', 'n', '2'), nullptr, 0}, good}) == MOTE_OK);
    CHECK(save_with({good, good}) == MOTE_ERR_ARG);
    CHECK(save_with({{MOTE_SECTION_ID('D', 'A', 'T', 'A'), &own, sizeof own}}) == MOTE_ERR_ARG);
    CHECK(save_with({{MOTE_SECTION_ID('0', 'w', 'n', '1'), &own, sizeof own}}) == MOTE_ERR_ARG);
    CHECK(save_with({{good.id, nullptr, 1}}) == MOTE_ERR_ARG);
    CHECK(save_with({{good.id, &own, SIZE_MAX}}) == MOTE_ERR_SIZE);
    CHECK(save_with(std::vector<mote_section>(MOTE_MAX_SECTIONS + 1, good)) == MOTE_ERR_ARG);
}
