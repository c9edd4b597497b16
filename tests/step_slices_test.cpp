/* Steps of inference in slices, held against mote_step. */
#include "mote_slices.h"
#include "settings.h"
#include "state.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace mote_test;

namespace {

/* The most that one unit counts, with the call of the kernel, as mote_slices.h says. */
uint32_t largest_unit(const mote_config &c) {
    if (c.layers == 0) return 4 * c.vocab;
    const uint32_t filled = c.context != 0 ? c.context * c.embed : c.embed;
    const uint32_t inputs = std::max(1u, filled), window = filled + 8 * c.context;
    const uint32_t state = c.cell >= MOTE_CELL_RECURRENT ? c.hidden : 0,
                   activation = c.cell == MOTE_CELL_GATED ? 0 : 20;
    uint32_t most = 16 * (std::max(inputs, c.hidden) + state + activation) + window;
    if (c.cell == MOTE_CELL_GATED) most = std::max(most, 16u * 80);
    return std::max(most, 8 * c.hidden) + (c.hidden + 15) / 16 * 16 + 64;
}

mote_status run_slices(mote_state *state, const mote_config &config, uint32_t budget, const float **logits,
                       size_t *count = nullptr) {
    const uint32_t most = std::max(budget, largest_unit(config));
    for (size_t i = 1;; ++i) {
        const mote_status status = mote_step_slice(state, budget, logits);
        CHECK(state->sliced.spent <= most);
        if (count != nullptr) *count = i;
        if (status != MOTE_OK || *logits != nullptr) return status;
        REQUIRE(state->sliced.spent > 0);
    }
}

void check_same_steps(const mote_model *model, const mote_config &config, uint32_t budget) {
    State run(model, config), control(model, config);
    for (const uint16_t token : draw_tokens(config.vocab, 6, 9)) {
        const float *logits, *wanted, *hidden, *wanted_hidden;
        REQUIRE(mote_step_begin(run.get(), token) == MOTE_OK);
        REQUIRE(run_slices(run.get(), config, budget, &logits) == MOTE_OK);
        REQUIRE(mote_step(control.get(), token, &wanted) == MOTE_OK);
        CHECK(same_bits(logits, wanted, (config.vocab + 15) / 16 * 16));
        for (uint32_t l = 0, n; l < config.layers; ++l) {
            REQUIRE(mote_state_hidden(run.get(), l, &hidden, &n) == MOTE_OK);
            REQUIRE(mote_state_hidden(control.get(), l, &wanted_hidden, &n) == MOTE_OK);
            CHECK(same_bits(hidden, wanted_hidden, n));
        }
    }
}

} // namespace

TEST_CASE("a step of inference in slices has the bits of one at once, for every precision and budget") {
    uint32_t budget = 1;
    size_t i = 0;
    for (const Setting &s : settings()) {
        if (++i % 4 != 0) continue;
        const Model model(s.config);
        INFO(describe(s.config) << ", budget " << budget);
        check_same_steps(model.get(), s.config, budget);
        for (const uint32_t precision : {MOTE_PRECISION_INT8, MOTE_PRECISION_INT4}) {
            const QuantizedModel integers(model, precision);
            check_same_steps(integers.get(), integers.config(), budget);
        }
        budget = budget < 100000 ? budget * 7 : 1;
    }
}

TEST_CASE("a step of a wide model is many slices, each within its budget") {
    for (const mote_config &config : {rnn(65, 0, 300, 2), gru(200, 40, 260, 1), mlp(90, 8, 32, 400, 2)}) {
        const Model model(config);
        const QuantizedModel integers(model);
        State state(model.get(), config), of_integers(integers.get(), integers.config());
        for (const uint32_t budget : {1u, 10000u, 40000u}) {
            const float *logits;
            size_t slices = 0, slices_of_integers = 0;
            check_same_steps(model.get(), config, budget);
            check_same_steps(integers.get(), integers.config(), budget);
            REQUIRE(mote_step_begin(state.get(), 3) == MOTE_OK);
            REQUIRE(run_slices(state.get(), config, budget, &logits, &slices) == MOTE_OK);
            REQUIRE(mote_step_begin(of_integers.get(), 3) == MOTE_OK);
            REQUIRE(run_slices(of_integers.get(), integers.config(), budget, &logits, &slices_of_integers) == MOTE_OK);
            CHECK(slices > 3);
            CHECK(slices_of_integers > 3);
        }
    }
}

TEST_CASE("whatever steps or resets a state gives up a step in slices, which has changed nothing") {
    const mote_config config = gru(20, 4, 40, 2);
    const Model model(config);
    for (int what = 0; what < 7; ++what)
        for (int before = 0; before < 36; before += 5) {
            State run(model.get(), config), control(model.get(), config);
            const float *logits, *wanted;
            REQUIRE(mote_step(run.get(), 1, &logits) == MOTE_OK);
            REQUIRE(mote_step(control.get(), 1, &wanted) == MOTE_OK);
            REQUIRE(mote_step_begin(run.get(), 2) == MOTE_OK);
            for (int i = 0; i < before; ++i) {
                REQUIRE(mote_step_slice(run.get(), 1, &logits) == MOTE_OK);
                REQUIRE(logits == nullptr);
            }
            const uint16_t tokens[] = {3, 4};
            const auto hook = [](void *, uint32_t, uint32_t, uint32_t) {};
            float nats;
            for (mote_state *state : {run.get(), control.get()}) {
                if (what == 0) REQUIRE(mote_step(state, 3, &logits) == MOTE_OK);
                if (what == 1) mote_state_reset(state);
                if (what == 2) REQUIRE(mote_score(state, tokens, 2, &nats, nullptr) == MOTE_OK);
                if (what == 3) REQUIRE(mote_profile_step(state, 3, &logits, hook, nullptr) == MOTE_OK);
                if (what == 4) REQUIRE(mote_profile_score(state, 3, 4, &nats, hook, nullptr) == MOTE_OK);
                if (what == 5) CHECK(mote_step(state, 20, &logits) == MOTE_ERR_TOKEN);
                if (what == 5) mote_state_reset(state);
                if (what == 6) CHECK(mote_step_begin(state, 20) == MOTE_ERR_TOKEN);
            }
            if (what != 6) CHECK(mote_step_slice(run.get(), 600, &logits) == MOTE_ERR_SEQUENCE);
            REQUIRE(mote_step_begin(run.get(), 5) == MOTE_OK);
            REQUIRE(run_slices(run.get(), config, 5000, &logits) == MOTE_OK);
            REQUIRE(mote_step(control.get(), 5, &wanted) == MOTE_OK);
            CHECK(same_bits(logits, wanted, config.vocab));
        }
}

TEST_CASE("a step in slices that meets NaN or infinity fails as one at once, and the state is as it was") {
    const mote_config config = rnn(20, 4, 18, 2, MOTE_RELU);
    const Model model(config);
    size_t count, failed = 0;
    float *const weights = model.weights(&count);
    const std::vector<bool> logical = logical_floats(model.get());
    for (size_t i = 0; i < count; ++i) {
        if (!logical[i]) continue;
        State run(model.get(), config), control(model.get(), config);
        const float honest = weights[i];
        weights[i] = i % 2 == 0 ? HUGE_VALF : std::nanf("");
        const float *logits, *wanted;
        REQUIRE(mote_step_begin(run.get(), 3) == MOTE_OK);
        const mote_status status = run_slices(run.get(), config, 700, &logits);
        CHECK(status == mote_step(control.get(), 3, &wanted));
        weights[i] = honest;
        failed += status != MOTE_OK;
        if (status != MOTE_OK) CHECK(mote_step_slice(run.get(), 700, &logits) == MOTE_ERR_SEQUENCE);
        REQUIRE(mote_step(run.get(), 3, &logits) == MOTE_OK);
        REQUIRE(mote_step(control.get(), 3, &wanted) == MOTE_OK);
        CHECK(same_bits(logits, wanted, config.vocab));
    }
    CHECK(failed > 100);
}

TEST_CASE("a step in slices refuses what it cannot use") {
    const mote_config config = rnn(20, 4, 18, 1);
    const Model model(config);
    State state(model.get(), config);
    const float *logits;
    CHECK(mote_step_slice(state.get(), 10, &logits) == MOTE_ERR_SEQUENCE);
    CHECK(mote_step_begin(nullptr, 1) == MOTE_ERR_ARG);
    CHECK(mote_step_begin(state.get(), 20) == MOTE_ERR_TOKEN);
    CHECK(mote_step_slice(state.get(), 10, &logits) == MOTE_ERR_SEQUENCE);
    REQUIRE(mote_step_begin(state.get(), 1) == MOTE_OK);
    CHECK(mote_step_slice(nullptr, 10, &logits) == MOTE_ERR_ARG);
    CHECK(mote_step_slice(state.get(), 0, &logits) == MOTE_ERR_ARG);
    CHECK(mote_step_slice(state.get(), 10, nullptr) == MOTE_ERR_ARG);
    CHECK(run_slices(state.get(), config, UINT32_MAX, &logits) == MOTE_OK);
}
