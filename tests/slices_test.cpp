/* Training steps in slices, held against mote_train_step. */
#include "mote_slices.h"
#include "settings.h"
#include "slices.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace mote_test;

namespace {

/* Model, trainer and slices in one arena, in this order. */
struct Sliced {
    Sliced(const mote_config &c, const mote_train_config &t, uint64_t seed = 4)
        : alphabet(c.vocab), config(c), train(t),
          arena(mote_model_bytes(&c) + mote_trainer_bytes(&c, &t) + MOTE_SLICES_BYTES) {
        const mote_init init = lively_init(c.cell);
        REQUIRE(mote_model_random(&model, &arena.arena, &c, &alphabet.vocab(), &init, seed) == MOTE_OK);
        REQUIRE(mote_trainer_init(&trainer, &arena.arena, model, &t) == MOTE_OK);
        REQUIRE(mote_slices_init(&slices, &arena.arena, trainer) == MOTE_OK);
    }
    mote_status begin(const Batch &batch) const {
        return mote_train_begin(slices, batch.tokens.data(), batch.targets.data());
    }
    mote_status at_once(const Batch &batch, float *loss) const {
        return mote_train_step(trainer, batch.tokens.data(), batch.targets.data(), loss);
    }
    Buffer checkpoint() const { return save_checkpoint(trainer, config); }
    uint64_t hash() const { return mote_weights_hash(model); }
    bool updating() const { return (trainer->ready & mote::kUpdating) != 0; }
    bool shown() const { return mote_model_weights(model, nullptr) != slices->home; }

    Alphabet alphabet;
    mote_config config;
    mote_train_config train;
    Arena arena;
    mote_model *model = nullptr;
    mote_trainer *trainer = nullptr;
    mote_slices *slices = nullptr;
};

/* The most that one unit counts, with the call of the kernel, as mote_slices.h says. */
uint32_t largest_unit(const Sliced &s) {
    const mote_config &c = s.config;
    const uint32_t rows = s.train.batch * s.train.time_steps, hidden = (c.hidden + 15) / 16 * 16;
    const uint32_t sums = c.cell == MOTE_CELL_GATED ? 3 * hidden : c.hidden;
    uint32_t most = std::max({16 * (sums + 32), 48 * rows, 40 * c.vocab, 16 * s.train.batch, 16u * 80});
    if (c.layers != 0) most = std::max(most, 16 * c.vocab);
    if (c.cell == MOTE_CELL_DENSE) most = std::max(most, 16 * (c.context * c.embed + 32));
    if (c.input == MOTE_INPUT_WINDOW) most = std::max(most, 16 * c.context * c.embed);
    if (c.input == MOTE_INPUT_WINDOW) most = std::max(most, c.context * (c.embed + 8));
    if (c.input == MOTE_INPUT_EMBEDDING) most = std::max(most, 16 * c.embed);
    if (s.train.clip_norm > 0) most = std::max(most, 6u * 1024);
    return most + (s.train.optimizer == MOTE_ADAMW ? 500 : 64);
}

/* Slices of this budget until the step is done or fails; how many they were. */
mote_status run_slices(const Sliced &s, uint32_t budget, float *loss, size_t *count = nullptr) {
    const uint32_t most = std::max(budget, largest_unit(s));
    uint32_t done = 0;
    for (size_t i = 1;; ++i) {
        const mote_status status = mote_train_slice(s.slices, budget, &done, loss);
        CHECK(s.slices->budget.spent <= most);
        if (count != nullptr) *count = i;
        if (status != MOTE_OK || done != 0) return status;
        REQUIRE(s.slices->budget.spent > 0);
    }
}

void check_same_steps(const mote_config &config, const mote_train_config &train, uint32_t budget) {
    Sliced run(config, train), control(config, train);
    Random random(7);
    for (int i = 0; i < 3; ++i) {
        const Batch batch = draw_batch(random, config, train.batch, train.time_steps, 0.2);
        float loss = 0, wanted = 0;
        REQUIRE(run.begin(batch) == MOTE_OK);
        REQUIRE(run_slices(run, budget, &loss) == MOTE_OK);
        REQUIRE(control.at_once(batch, &wanted) == MOTE_OK);
        CHECK(bits(loss) == bits(wanted));
        CHECK(bits(mote_trainer_norm(run.trainer)) == bits(mote_trainer_norm(control.trainer)));
    }
    CHECK(run.checkpoint() == control.checkpoint());
    CHECK(mote_trainer_step_count(run.trainer) == 3);
}

const mote_config models[] = {mlp(29, 1, 5, 18, 1),
                              mlp(40, 3, 7, 33, 2, MOTE_RELU),
                              mlp(20, 2, 17, 16, 3),
                              rnn(24, 0, 30, 1),
                              rnn(37, 0, 19, 2, MOTE_RELU),
                              rnn(37, 6, 20, 1),
                              rnn(21, 18, 17, 3),
                              gru(24, 0, 30, 1),
                              gru(37, 6, 19, 2),
                              bigram(33)};

} // namespace

TEST_CASE("a step in slices has the bits of one at once, for every model, optimizer, clip and budget") {
    Choice choice;
    for (const mote_config &config : models)
        for (const uint32_t optimizer : {MOTE_SGD, MOTE_MOMENTUM, MOTE_ADAGRAD, MOTE_ADAMW})
            for (const uint32_t budget : {1u, 700u, 5000u, 40000u, UINT32_MAX})
                for (const uint32_t clips : {0u, 1u, 2u, 3u}) {
                    if ((budget == 1 && clips != 3) || choice.skips()) continue;
                    mote_train_config train = train_config(3, 4, optimizer);
                    train.clip_value = (clips & 1) != 0 ? 0.01f : 0.0f;
                    train.clip_norm = (clips & 2) != 0 ? 0.05f : 0.0f;
                    train.state = budget % 3 == 0 ? MOTE_STATE_RESET : MOTE_STATE_CARRY;
                    INFO(describe(config)
                         << " optimizer " << optimizer << ", budget " << budget << ", clips " << clips);
                    check_same_steps(config, train, budget);
                }
}

TEST_CASE("a step in slices has the bits of one at once, for models and trainers drawn at random") {
    uint32_t budget = 300;
    for (const Setting &s : settings()) {
        INFO(describe(s));
        check_same_steps(s.config, s.train, budget);
        budget = budget < 100000 ? budget * 3 : 300;
    }
}

TEST_CASE("slices of many rows, long sums and many gradients keep to their budget") {
    Choice choice;
    for (const mote_config &config : {rnn(65, 0, 64, 1), gru(300, 24, 70, 2), mlp(40, 8, 16, 200, 2)}) {
        mote_train_config train = train_config(8, 40, MOTE_ADAGRAD);
        train.clip_norm = 0.5f;
        for (const uint32_t budget : {20000u, 1000000u})
            if (!choice.skips()) check_same_steps(config, train, budget);
    }
}

TEST_CASE("between slices the model has the weights of the last whole step, until the new ones are there at once") {
    for (const uint32_t budget : {1u, 900u, 1000000000u}) {
        Sliced run(rnn(37, 6, 20, 2), train_config(2, 3, MOTE_ADAMW)), control(run.config, run.train);
        Random random(3);
        const Batch batch = draw_batch(random, run.config, 2, 3);
        State state(run.model, run.config), state_before(control.model, run.config);
        float *const home = mote_model_weights(run.model, nullptr);
        const uint64_t before = run.hash();
        float loss = 0;
        REQUIRE(control.at_once(batch, &loss) == MOTE_OK);
        Sliced old(run.config, run.train);
        REQUIRE(run.begin(batch) == MOTE_OK);
        size_t shown = 0, of_old = 0;
        uint32_t done = 0;
        while (done == 0) {
            REQUIRE(mote_train_slice(run.slices, budget, &done, &loss) == MOTE_OK);
            const bool is_new = mote_trainer_step_count(run.trainer) != 0;
            CHECK((is_new || !run.shown()));
            CHECK((is_new || done == 0));
            CHECK(run.hash() == (is_new ? control.hash() : before));
            State here(run.model, run.config), there(is_new ? control.model : old.model, run.config);
            const float *logits, *wanted;
            REQUIRE(mote_step(here.get(), 5, &logits) == MOTE_OK);
            REQUIRE(mote_step(there.get(), 5, &wanted) == MOTE_OK);
            CHECK(same_bits(logits, wanted, run.config.vocab));
            shown += run.shown();
            of_old += !is_new;
        }
        CHECK(mote_model_weights(run.model, nullptr) == home);
        if (budget < 1000) CHECK((shown > 2 && of_old > 2));
    }
}

TEST_CASE("where offsets do not reach from the model to its trainer, the new weights are there at once, too") {
    const mote_config config = gru(20, 5, 18, 1);
    const mote_train_config train = train_config(2, 3, MOTE_MOMENTUM);
    /* The trainer in front of its model. */
    Arena arena(mote_model_bytes(&config) + mote_trainer_bytes(&config, &train) + MOTE_SLICES_BYTES);
    const size_t in_front = mote_trainer_bytes(&config, &train) + MOTE_SLICES_BYTES;
    mote_arena second;
    REQUIRE(mote_arena_init(&second, arena.memory.data() + in_front, mote_model_bytes(&config)) == MOTE_OK);
    mote_model *model;
    mote_trainer *trainer;
    mote_slices *slices;
    const mote_init init = lively_init(config.cell);
    REQUIRE(mote_model_random(&model, &second, &config, nullptr, &init, 4) == MOTE_OK);
    REQUIRE(mote_trainer_init(&trainer, &arena.arena, model, &train) == MOTE_OK);
    REQUIRE(mote_slices_init(&slices, &arena.arena, trainer) == MOTE_OK);
    Sliced control(config, train);
    Random random(3);
    const uint64_t before = mote_weights_hash(model);
    const Batch batch = draw_batch(random, config, 2, 3);
    float loss = 0;
    REQUIRE(control.at_once(batch, &loss) == MOTE_OK);
    REQUIRE(mote_train_begin(slices, batch.tokens.data(), batch.targets.data()) == MOTE_OK);
    for (uint32_t done = 0; done == 0;) {
        REQUIRE(mote_train_slice(slices, 1, &done, &loss) == MOTE_OK);
        const bool is_new = mote_trainer_step_count(trainer) != 0;
        CHECK(mote_weights_hash(model) == (is_new ? control.hash() : before));
    }
    CHECK(mote_weights_hash(model) == control.hash());
}

TEST_CASE("whatever else is done with a trainer amid a step in slices is refused, or waits for its end") {
    const mote_train_config train = train_config(2, 3, MOTE_ADAMW);
    Sliced run(rnn(20, 4, 18, 1), train), control(run.config, train);
    Random random(5);
    std::vector<Batch> batches;
    for (int i = 0; i < 4; ++i) batches.push_back(draw_batch(random, run.config, 2, 3));
    float loss = 0;
    REQUIRE(run.at_once(batches[0], &loss) == MOTE_OK);
    REQUIRE(control.at_once(batches[0], &loss) == MOTE_OK);
    const Buffer before = run.checkpoint();
    mote_slices *others;
    Arena more(MOTE_SLICES_BYTES);
    REQUIRE(mote_slices_init(&others, &more.arena, run.trainer) == MOTE_OK);
    REQUIRE(run.begin(batches[1]) == MOTE_OK);
    size_t refused_checkpoints = 0;
    uint32_t done = 0;
    while (done == 0) {
        CHECK(run.at_once(batches[2], &loss) == MOTE_ERR_SEQUENCE);
        CHECK(mote_forward_backward(run.trainer, batches[2].tokens.data(), batches[2].targets.data(), &loss) ==
              MOTE_ERR_SEQUENCE);
        const auto hook = [](void *, uint32_t, uint32_t, uint32_t) {};
        CHECK(mote_profile_train_step(run.trainer, batches[2].tokens.data(), batches[2].targets.data(), &loss, hook,
                                      nullptr) == MOTE_ERR_SEQUENCE);
        CHECK(mote_trainer_apply(run.trainer) == MOTE_ERR_SEQUENCE);
        CHECK(run.begin(batches[2]) == MOTE_ERR_SEQUENCE);
        CHECK(mote_train_begin(others, batches[2].tokens.data(), batches[2].targets.data()) == MOTE_ERR_SEQUENCE);
        CHECK(mote_train_slice(others, 100, &done, &loss) == MOTE_ERR_SEQUENCE);
        CHECK(mote_train_cancel(others) == MOTE_ERR_SEQUENCE);
        if (run.updating()) {
            ++refused_checkpoints;
            Arena scratch(mote_scratch_bytes(&run.config));
            const auto write = [](void *, const void *, size_t) { return MOTE_OK; };
            CHECK(mote_checkpoint_save(run.trainer, nullptr, nullptr, 0, &scratch.arena, write, nullptr) ==
                  MOTE_ERR_SEQUENCE);
            CHECK(mote_train_cancel(run.slices) == MOTE_ERR_SEQUENCE);
        } else {
            CHECK(run.checkpoint() == before);
        }
        REQUIRE(mote_train_slice(run.slices, 2000, &done, &loss) == MOTE_OK);
    }
    CHECK(refused_checkpoints > 3);
    CHECK(mote_train_slice(run.slices, 2000, &done, &loss) == MOTE_ERR_SEQUENCE);
    CHECK(mote_train_cancel(run.slices) == MOTE_ERR_SEQUENCE);
    REQUIRE(control.at_once(batches[1], &loss) == MOTE_OK);
    CHECK(run.checkpoint() == control.checkpoint());
}

TEST_CASE("a learning rate set and a state reset amid a step in slices hold from the next step on") {
    for (const size_t at : {size_t{0}, size_t{40}, size_t{1000000}}) {
        mote_train_config train = train_config(2, 3, MOTE_SGD);
        Sliced run(gru(20, 0, 18, 1), train), control(run.config, train);
        Random random(5);
        size_t slices = 0;
        for (int i = 0; i < 3; ++i) {
            const Batch batch = draw_batch(random, run.config, 2, 3);
            float loss = 0, wanted = 0;
            REQUIRE(control.at_once(batch, &wanted) == MOTE_OK);
            REQUIRE(run.begin(batch) == MOTE_OK);
            uint32_t done = 0;
            const size_t last = slices;
            for (slices = 0; done == 0; ++slices) {
                REQUIRE(mote_train_slice(run.slices, 400, &done, &loss) == MOTE_OK);
                if (i != 1 || slices != std::min(at, last - 2)) continue;
                REQUIRE(done == 0);
                mote_trainer_reset_state(run.trainer);
                REQUIRE(mote_trainer_set_learning_rate(run.trainer, 0.5f) == MOTE_OK);
            }
            CHECK(bits(loss) == bits(wanted));
            if (i != 1) continue;
            mote_trainer_reset_state(control.trainer);
            REQUIRE(mote_trainer_set_learning_rate(control.trainer, 0.5f) == MOTE_OK);
        }
        CHECK(run.checkpoint() == control.checkpoint());
    }
}

TEST_CASE("a step without a counted target is cancelled before it carries the state, or not at all") {
    const mote_train_config train = train_config(2, 4, MOTE_SGD);
    Sliced run(rnn(10, 0, 40, 1), train);
    Random random(5);
    Batch first = draw_batch(random, run.config, 2, 4), ignored = draw_batch(random, run.config, 2, 4);
    ignored.targets.assign(ignored.targets.size(), MOTE_IGNORE);
    float loss = 0;
    REQUIRE(run.at_once(first, &loss) == MOTE_OK);
    const Buffer before = run.checkpoint();
    uint32_t done = 0;
    size_t cancelled = 0, refused = 0;
    for (size_t slices = 0; done == 0; ++slices) {
        REQUIRE(run.begin(ignored) == MOTE_OK);
        for (size_t i = 0; i < slices && done == 0; ++i)
            REQUIRE(mote_train_slice(run.slices, 1, &done, &loss) == MOTE_OK);
        if (done != 0) break;
        if (mote_train_cancel(run.slices) == MOTE_OK) {
            CHECK(run.checkpoint() == before);
            ++cancelled;
        } else {
            ++refused;
            REQUIRE(run_slices(run, 1, &loss) == MOTE_OK);
            break;
        }
    }
    CHECK(cancelled > 5);
    CHECK(refused == 1);
    Sliced control(run.config, train);
    REQUIRE(control.at_once(first, &loss) == MOTE_OK);
    REQUIRE(control.at_once(ignored, &loss) == MOTE_OK);
    CHECK(run.checkpoint() == control.checkpoint());
}

TEST_CASE("a cancelled step has changed nothing, and the next one has the bits as though it had not been") {
    mote_train_config train = train_config(2, 3, MOTE_ADAGRAD);
    train.clip_norm = 0.1f;
    Sliced run(rnn(20, 4, 18, 2), train), control(run.config, train);
    Random random(5);
    Batch first = draw_batch(random, run.config, 2, 3), second = draw_batch(random, run.config, 2, 3);
    float loss = 0;
    REQUIRE(run.at_once(first, &loss) == MOTE_OK);
    REQUIRE(control.at_once(first, &loss) == MOTE_OK);
    const Buffer before = run.checkpoint();
    CHECK(mote_train_cancel(run.slices) == MOTE_ERR_SEQUENCE);
    size_t cancelled = 0;
    for (size_t slices = 0;; ++slices) {
        REQUIRE(run.begin(second) == MOTE_OK);
        uint32_t done = 0;
        for (size_t i = 0; i < slices; ++i) REQUIRE(mote_train_slice(run.slices, 3000, &done, &loss) == MOTE_OK);
        if (run.updating()) break;
        REQUIRE(mote_train_cancel(run.slices) == MOTE_OK);
        CHECK(run.checkpoint() == before);
        ++cancelled;
    }
    CHECK(cancelled > 5);
    REQUIRE(run_slices(run, 3000, &loss) == MOTE_OK);
    REQUIRE(control.at_once(second, &loss) == MOTE_OK);
    CHECK(run.checkpoint() == control.checkpoint());
}

TEST_CASE("a step in slices fails as one at once, and has changed nothing then") {
    size_t failed = 0;
    Choice choice;
    for (const mote_config &config : {mlp(9, 1, 3, 5, 2, MOTE_RELU), rnn(9, 0, 5, 1), gru(9, 2, 4, 2), bigram(7)})
        for (const uint32_t clips : {0u, 1u, 2u}) {
            mote_train_config train = train_config(2, 2, MOTE_ADAGRAD);
            train.loss = MOTE_LOSS_SUM;
            train.clip_value = clips == 1 ? 0.5f : 0.0f;
            train.clip_norm = clips == 2 ? 0.5f : 0.0f;
            Sliced run(config, train);
            Random random(5);
            const Batch batch = draw_batch(random, config, 2, 2);
            size_t count = 0;
            const float *const weights = mote_model_weights(run.model, &count);
            const std::vector<bool> logical = logical_floats(run.model);
            const Floats honest(weights, count);
            for (size_t i = 0; i < count; ++i)
                for (const float value : {0x1p45f, -0x1p70f, 0x1p126f, HUGE_VALF, std::nanf("")}) {
                    if (!logical[i] || choice.skips()) continue;
                    INFO(describe(config) << " weight " << i << " = " << value << ", clips " << clips);
                    Sliced a(config, train), b(config, train);
                    mote_model_weights(a.model, nullptr)[i] = mote_model_weights(b.model, nullptr)[i] = value;
                    const Floats before(mote_model_weights(a.model, nullptr), count);
                    float loss = 0, wanted = 0;
                    REQUIRE(a.begin(batch) == MOTE_OK);
                    const mote_status status = run_slices(a, 500, &loss);
                    REQUIRE(status == b.at_once(batch, &wanted));
                    CHECK(same_bits(mote_model_weights(a.model, nullptr), mote_model_weights(b.model, nullptr), count));
                    CHECK(mote_trainer_step_count(a.trainer) == mote_trainer_step_count(b.trainer));
                    uint32_t done = 0;
                    CHECK(mote_train_slice(a.slices, 500, &done, &loss) == MOTE_ERR_SEQUENCE);
                    if (status == MOTE_OK) continue;
                    ++failed;
                    CHECK(same_bits(mote_model_weights(a.model, nullptr), before.data(), count));
                    mote_model_weights(a.model, nullptr)[i] = honest[i];
                    Sliced unharmed(config, train);
                    REQUIRE(a.begin(batch) == MOTE_OK);
                    CHECK(run_slices(a, 700, &loss) == MOTE_OK);
                    CHECK(unharmed.at_once(batch, &wanted) == MOTE_OK);
                    CHECK(a.checkpoint() == unharmed.checkpoint());
                }
        }
    CHECK(failed > 100);
}

TEST_CASE("tokens and targets beyond the vocabulary are found wherever they stand") {
    for (const mote_config &config : {mlp(9, 3, 3, 5, 1), rnn(9, 0, 5, 1)}) {
        Sliced run(config, train_config(3, 4));
        const uint64_t before = run.hash();
        Random random(5);
        const Batch batch = draw_batch(random, config, 3, 4);
        for (size_t i = 0; i < batch.tokens.size() + batch.targets.size(); ++i) {
            Batch bad = batch;
            (i < bad.tokens.size() ? bad.tokens[i] : bad.targets[i - bad.tokens.size()]) = 9;
            float loss = 0;
            REQUIRE(run.begin(bad) == MOTE_OK);
            CHECK(run_slices(run, i % 2 == 0 ? 1 : 90, &loss) == MOTE_ERR_TOKEN);
            CHECK(run.hash() == before);
        }
    }
}

TEST_CASE("a batch without a counted target carries the state, updates nothing and is done early") {
    Sliced run(rnn(24, 0, 30, 1), train_config(1, 5)), control(run.config, run.train);
    Random random(7);
    Batch batch = draw_batch(random, run.config, 1, 5);
    for (uint16_t &target : batch.targets) target = MOTE_IGNORE;
    float loss = 1, wanted = 1;
    size_t slices = 0;
    REQUIRE(run.begin(batch) == MOTE_OK);
    CHECK(run_slices(run, 1000, &loss, &slices) == MOTE_OK);
    CHECK(control.at_once(batch, &wanted) == MOTE_OK);
    CHECK(loss == 0);
    CHECK(run.checkpoint() == control.checkpoint());
    CHECK(mote_trainer_step_count(run.trainer) == 0);
}

TEST_CASE("slices refuse what they cannot use") {
    Sliced run(rnn(12, 0, 8, 1), train_config(1, 2));
    Random random(7);
    const Batch batch = draw_batch(random, run.config, 1, 2);
    const uint16_t *const tokens = batch.tokens.data(), *const targets = batch.targets.data();
    uint32_t done = 0;
    float loss = 0;
    Arena arena(MOTE_SLICES_BYTES);
    mote_slices *slices;
    CHECK(mote_slices_init(nullptr, &arena.arena, run.trainer) == MOTE_ERR_ARG);
    CHECK(mote_slices_init(&slices, nullptr, run.trainer) == MOTE_ERR_ARG);
    CHECK(mote_slices_init(&slices, &arena.arena, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_slices_init(&slices, &arena.arena, run.trainer) == MOTE_OK);
    CHECK(mote_slices_init(&slices, &arena.arena, run.trainer) == MOTE_ERR_ARENA);
    CHECK(mote_train_slice(run.slices, 10, &done, &loss) == MOTE_ERR_SEQUENCE);
    CHECK(mote_train_begin(nullptr, tokens, targets) == MOTE_ERR_ARG);
    CHECK(mote_train_begin(run.slices, nullptr, targets) == MOTE_ERR_ARG);
    CHECK(mote_train_begin(run.slices, tokens, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_train_begin(run.slices, tokens, targets) == MOTE_OK);
    CHECK(mote_train_slice(nullptr, 10, &done, &loss) == MOTE_ERR_ARG);
    CHECK(mote_train_slice(run.slices, 0, &done, &loss) == MOTE_ERR_ARG);
    CHECK(mote_train_slice(run.slices, 10, nullptr, &loss) == MOTE_ERR_ARG);
    CHECK(mote_train_slice(run.slices, 10, &done, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_train_cancel(nullptr) == MOTE_ERR_ARG);
    CHECK(mote_train_cancel(run.slices) == MOTE_OK);

    /* Learning with integers. */
    const size_t bytes = mote_quantizer_bytes(&run.config, 1, MOTE_PRECISION_INT8);
    Arena quantizer(bytes + MOTE_SLICES_BYTES);
    CHECK(mote_train_begin(run.slices, tokens, targets) == MOTE_OK);
    CHECK(mote_train_slice(run.slices, 100, &done, &loss) == MOTE_OK);
    CHECK(mote_trainer_quantize(run.trainer, &quantizer.arena, MOTE_PRECISION_INT8, nullptr) == MOTE_OK);
    CHECK(mote_train_slice(run.slices, 100, &done, &loss) == MOTE_ERR_UNSUPPORTED);
    CHECK(mote_train_begin(run.slices, tokens, targets) == MOTE_ERR_UNSUPPORTED);
    CHECK(mote_slices_init(&slices, &quantizer.arena, run.trainer) == MOTE_ERR_UNSUPPORTED);
    CHECK(mote_train_step(run.trainer, tokens, targets, &loss) == MOTE_OK);
}
