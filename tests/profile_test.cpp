/* A step with a hook computes what the step without one computes, and the hook learns of its stages in order. */
#include "settings.h"

#include <doctest/doctest.h>

#include <limits>

using namespace mote_test;

namespace {

struct Event {
    uint32_t stage, layer, done;
    bool operator==(const Event &other) const {
        return stage == other.stage && layer == other.layer && done == other.done;
    }
};
using Events = std::vector<Event>;

void record(void *user, uint32_t stage, uint32_t layer, uint32_t done) {
    static_cast<Events *>(user)->push_back({stage, layer, done});
}

void add(Events &events, uint32_t stage, uint32_t layer) {
    events.push_back({stage, layer, 0});
    events.push_back({stage, layer, 1});
}

Events stages_of_step(const mote_config &c) {
    Events events;
    for (uint32_t l = 0; l < c.layers; ++l) add(events, MOTE_STAGE_LAYER, l);
    add(events, MOTE_STAGE_OUTPUT, c.layers);
    return events;
}

Events stages_of_training(const mote_config &c) {
    Events events;
    if (c.embed != 0) add(events, MOTE_STAGE_INPUT, 0);
    for (uint32_t l = 0; l < c.layers; ++l) add(events, MOTE_STAGE_LAYER, l);
    add(events, MOTE_STAGE_OUTPUT, c.layers);
    add(events, MOTE_STAGE_LOSS, 0);
    add(events, MOTE_STAGE_OUTPUT_BACKWARD, c.layers);
    for (uint32_t l = c.layers; l-- > 0;) add(events, MOTE_STAGE_LAYER_BACKWARD, l);
    if (c.embed != 0) add(events, MOTE_STAGE_INPUT_BACKWARD, 0);
    add(events, MOTE_STAGE_CLIP, 0);
    add(events, MOTE_STAGE_UPDATE, 0);
    return events;
}

} // namespace

TEST_CASE("a profiled step has the logits of a step, bit for bit, and its hook the stages in order") {
    for (const Setting &s : settings()) {
        INFO(describe(s));
        const Model model(s.config, 3);
        const State plain(model.get(), s.config), profiled(model.get(), s.config);
        for (const uint16_t token : draw_tokens(s.config.vocab, 6, 4)) {
            const float *wanted = nullptr, *logits = nullptr;
            Events events;
            REQUIRE(mote_step(plain.get(), token, &wanted) == MOTE_OK);
            REQUIRE(mote_profile_step(profiled.get(), token, &logits, record, &events) == MOTE_OK);
            CHECK(same_bits(logits, wanted, static_cast<size_t>(MOTE_SZ_PAD(s.config.vocab))));
            CHECK(events == stages_of_step(s.config));
        }
    }
}

TEST_CASE("a profiled score has the surprise of a score, bit for bit, and its hook also the softmax") {
    for (const Setting &s : settings()) {
        INFO(describe(s));
        const Model model(s.config, 3);
        const State plain(model.get(), s.config), profiled(model.get(), s.config);
        const std::vector<uint16_t> tokens = draw_tokens(s.config.vocab, 6, 4);
        float wanted[5];
        REQUIRE(mote_score(plain.get(), tokens.data(), tokens.size(), wanted, nullptr) == MOTE_OK);
        Events stages = stages_of_step(s.config);
        add(stages, MOTE_STAGE_LOSS, 0);
        for (size_t i = 0; i + 1 < tokens.size(); ++i) {
            float nats = 0;
            Events events;
            REQUIRE(mote_profile_score(profiled.get(), tokens[i], tokens[i + 1], &nats, record, &events) == MOTE_OK);
            CHECK(bits(nats) == bits(wanted[i]));
            CHECK(events == stages);
        }
    }
}

TEST_CASE("a profiled training step has the loss and the weights of a training step, and its hook the stages") {
    for (const Setting &s : settings()) {
        INFO(describe(s));
        const Model plain_model(s.config, 3), profiled_model(s.config, 3);
        const Trainer plain(plain_model, s.train), profiled(profiled_model, s.train);
        Random random(6);
        for (int step = 0; step < 3; ++step) {
            const Batch b = draw_batch(random, s.config, s.train.batch, s.train.time_steps);
            float wanted = 0, loss = 1;
            Events events;
            REQUIRE(mote_train_step(plain.get(), b.tokens.data(), b.targets.data(), &wanted) == MOTE_OK);
            REQUIRE(mote_profile_train_step(profiled.get(), b.tokens.data(), b.targets.data(), &loss, record,
                                            &events) == MOTE_OK);
            CHECK(bits(loss) == bits(wanted));
            CHECK(events == stages_of_training(s.config));
        }
        CHECK(profiled_model.hash() == plain_model.hash());
    }
}

TEST_CASE("a token that there is not starts no stage") {
    const mote_config config = rnn(9, 4, 16, 2);
    const Model model(config);
    const State state(model.get(), config);
    const mote_train_config train = train_config(1, 1);
    const Trainer trainer(model, train);
    Events events;
    const float *logits = nullptr;
    const uint16_t token = 9, target = 1;
    float number = 0;
    CHECK(mote_profile_step(state.get(), token, &logits, record, &events) == MOTE_ERR_TOKEN);
    CHECK(mote_profile_score(state.get(), token, 1, &number, record, &events) == MOTE_ERR_TOKEN);
    CHECK(mote_profile_score(state.get(), 1, token, &number, record, &events) == MOTE_ERR_TOKEN);
    CHECK(mote_profile_train_step(trainer.get(), &token, &target, &number, record, &events) == MOTE_ERR_TOKEN);
    CHECK(events.empty());
}

TEST_CASE("a profiled step that meets NaN leaves the state as it was") {
    const mote_config config = rnn(9, 0, 16, 1);
    const Model model(config);
    const State plain(model.get(), config), profiled(model.get(), config);
    const float *wanted = nullptr, *logits = nullptr;
    float nats = 0;
    Events events;
    mote_tensor input;
    REQUIRE(mote_model_tensor(model.get(), 0, &input) == MOTE_OK);
    float &weight = model.weights()[input.offset + 3 * 16]; /* of token 3 */
    const float before = weight;
    weight = std::numeric_limits<float>::quiet_NaN();
    CHECK(mote_profile_step(profiled.get(), 3, &logits, record, &events) == MOTE_ERR_NUMERIC);
    CHECK(mote_profile_score(profiled.get(), 3, 1, &nats, record, &events) == MOTE_ERR_NUMERIC);
    weight = before;
    REQUIRE(mote_step(plain.get(), 3, &wanted) == MOTE_OK);
    REQUIRE(mote_profile_step(profiled.get(), 3, &logits, record, &events) == MOTE_OK);
    CHECK(same_bits(logits, wanted, config.vocab));
}
