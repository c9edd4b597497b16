/* What an MLP reads: the last characters, and none before a boundary. */
#include "support.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace mote_test;

namespace {

using Text = std::vector<uint16_t>;

std::vector<uint32_t> logits_after(const Model &model, const Text &text) {
    const State state(model.get(), model.config());
    const float *logits = nullptr;
    for (const uint16_t token : text) REQUIRE(mote_step(state.get(), token, &logits) == MOTE_OK);
    std::vector<uint32_t> seen;
    for (uint32_t v = 0; v < model.config().vocab; ++v) seen.push_back(bits(logits[v]));
    return seen;
}

Text draw_text(uint32_t vocab, size_t count, uint64_t seed) {
    Random random(seed);
    Text text(count);
    for (uint16_t &token : text) token = static_cast<uint16_t>(random.below(vocab));
    return text;
}

} // namespace

TEST_CASE("an MLP reads each of the last C characters, in their order, and none before them") {
    for (const uint32_t context : {1u, 2u, 5u}) {
        const Model model(mlp(7, context, 4, 9, 2), 3);
        const Text text = {1, 2, 3, 4, 5, 6, 1, 2, 4};
        const std::vector<uint32_t> wanted = logits_after(model, text);
        for (size_t place = 0; place < text.size(); ++place) {
            Text changed = text;
            changed[place] = static_cast<uint16_t>(changed[place] % 6 + 1);
            CHECK((logits_after(model, changed) == wanted) == (place + context < text.size()));
        }
        Text swapped = text;
        std::swap(swapped[7], swapped[8]);
        CHECK(logits_after(model, swapped) != wanted);
    }
}

TEST_CASE("before the text an MLP's context holds token 0") {
    const Model model(mlp(5, 4, 3, 6, 1), 3);
    CHECK(logits_after(model, {3}) == logits_after(model, {2, 0, 0, 0, 3}));
    CHECK(logits_after(model, {3}) != logits_after(model, {0, 2, 0, 0, 3}));
}

TEST_CASE("a boundary empties an MLP's context, where token 0 is one") {
    for (const uint32_t boundary : {0u, 1u}) {
        const Alphabet alphabet(5, boundary);
        const Model model(mlp(5, 4, 3, 6, 1), 3, &alphabet.vocab());
        CHECK((logits_after(model, {1, 2, 0}) == logits_after(model, {0})) == (boundary == 1));
        CHECK((logits_after(model, {1, 2, 0, 3}) == logits_after(model, {3})) == (boundary == 1));
        CHECK((logits_after(model, {1, 0, 2, 0, 3}) == logits_after(model, {4, 0, 3})) == (boundary == 1));
        CHECK(logits_after(model, {0, 3, 1}) == logits_after(model, {3, 1}));
    }
}

TEST_CASE("with a boundary an MLP trains with the bits that it runs with") {
    const mote_config config = mlp(4, 5, 3, 17, 2, MOTE_RELU);
    const Alphabet alphabet(4, 1);
    const Model model(config, 3, &alphabet.vocab());
    const State state(model.get(), config);
    const Trainer trainer(model, train_config(1, 1));
    const Text text = draw_text(4, 60, 5);
    std::vector<float> nats(59);
    REQUIRE(mote_score(state.get(), text.data(), 60, nats.data(), nullptr) == MOTE_OK);
    size_t wrong = 0;
    for (size_t i = 0; i < 59; ++i) {
        uint16_t tokens[5], target;
        const uint32_t number = static_cast<uint32_t>(i);
        REQUIRE(mote_chunk_batch(text.data(), 60, 5, 1, 1, &number, 1, tokens, &target) == MOTE_OK);
        float loss = -1;
        REQUIRE(mote_forward_backward(trainer.get(), tokens, &target, &loss) == MOTE_OK);
        wrong += bits(loss) != bits(nats[i]);
    }
    CHECK(wrong == 0);
}

TEST_CASE("a batch of an MLP has the same losses and gradients however its predictions are cut into rows") {
    const mote_config config = mlp(9, 4, 3, 17, 2);
    const Text text = draw_text(9, 25, 6);
    const Model model(config, 3);
    const auto loss_of = [&](uint32_t batch, uint32_t time) {
        const Trainer trainer(model, train_config(batch, time));
        Text tokens(size_t{batch} * (time + 3)), targets(24);
        REQUIRE(mote_stream_batch(text.data(), 25, 4, batch, time, 0, tokens.data(), targets.data()) == MOTE_OK);
        float loss = -1;
        REQUIRE(mote_forward_backward(trainer.get(), tokens.data(), targets.data(), &loss) == MOTE_OK);
        return static_cast<double>(loss);
    };
    const double whole = loss_of(1, 24);
    for (const uint32_t batch : {2u, 3u, 4u, 6u, 8u, 12u, 24u})
        CHECK(loss_of(batch, 24 / batch) == doctest::Approx(whole).epsilon(1e-6));
}
