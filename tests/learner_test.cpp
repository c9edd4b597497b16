/* Only a part of a model learns: its gradients and weights have the bits that a trainer of the whole model computes. */
#include "adapted_model.h"
#include "kernels.h"
#include "settings.h"

#include <cmath>
#include <cstring>
#include <functional>

using namespace mote_test;

namespace {

/* For every model with hidden layers and everything that may learn. */
void for_each_setting(const std::function<void(const Setting &, uint32_t)> &f) {
    for (const Setting &s : settings())
        for (const uint32_t learned : kinds_of_learning) {
            if (s.config.layers == 0) continue;
            INFO(describe(s) << " learned " << learned);
            f(s, learned);
        }
}

Batch drawn(Random &random, const Setting &s) {
    return draw_batch(random, s.config, s.train.batch, s.train.time_steps, 0.2);
}

bool equal(const std::vector<float> &a, const float *b) { return same_bits(a.data(), b, a.size()); }

} // namespace

TEST_CASE("a learner's losses and gradients are those of a trainer of the whole model, bit for bit") {
    Random random(8);
    for_each_setting([&](const Setting &s, uint32_t learned) {
        const Model model(s.config, 3);
        const Trainer trainer(model, s.train);
        const Adapter adapter(model.get(), s.config, learned);
        const Learner learner(adapter, s.config, learned, s.train);
        size_t count = 0;
        mote_learner_gradients(learner.get(), &count);
        for (int i = 0; i < 3; ++i) {
            const Batch batch = drawn(random, s);
            float whole = -1, part = -2;
            REQUIRE(mote_forward_backward(trainer.get(), batch.tokens.data(), batch.targets.data(), &whole) == MOTE_OK);
            REQUIRE(mote_learner_forward_backward(learner.get(), batch.tokens.data(), batch.targets.data(), &part) ==
                    MOTE_OK);
            CHECK(bits(whole) == bits(part));
            const std::vector<float> wanted = learned_part(s.config, learned, mote_gradients(trainer.get(), nullptr));
            REQUIRE(wanted.size() == count);
            CHECK(equal(wanted, learner.gradients()));
        }
    });
}

TEST_CASE("what was learned is what a trainer learns whose other gradients are zero, and the base stays as it was") {
    Random random(9);
    for_each_setting([&](const Setting &setting, uint32_t learned) {
        Setting s = setting;
        s.train.weight_decay = 0; /* which would change weights without a gradient */
        s.train.clip_norm = 0;    /* whose norm is that of other gradients */
        s.train.clip_value = 0.01f;
        const Model model(s.config, 3), base(s.config, 3);
        const Trainer trainer(model, s.train);
        const Adapter adapter(base.get(), s.config, learned);
        const Learner learner(adapter, s.config, learned, s.train);
        const uint64_t hash = base.hash();
        for (int i = 0; i < 3; ++i) {
            const Batch batch = drawn(random, s);
            float whole = -1, part = -2;
            REQUIRE(mote_forward_backward(trainer.get(), batch.tokens.data(), batch.targets.data(), &whole) == MOTE_OK);
            float *const gradients = mote_gradients(trainer.get(), nullptr);
            for (uint32_t t = 0; t < mote_tensor_count(&s.config); ++t) {
                mote_tensor tensor;
                REQUIRE(mote_tensor_describe(&s.config, t, &tensor) == MOTE_OK);
                if (!role_learns(learned, tensor.role))
                    std::memset(gradients + tensor.offset, 0, tensor.count * sizeof(float));
            }
            REQUIRE(mote_trainer_apply(trainer.get()) == MOTE_OK);
            REQUIRE(mote_learn_step(learner.get(), batch.tokens.data(), batch.targets.data(), &part) == MOTE_OK);
            CHECK(bits(whole) == bits(part));
        }
        CHECK(equal(learned_part(s.config, learned, model.weights()), adapter.weights()));
        CHECK(mote_weights_hash(adapter.model()) == model.hash());
        CHECK(base.hash() == hash);
        CHECK(mote_learner_step_count(learner.get()) == 3);
    });
}

TEST_CASE("the global norm is that of what learns, and gradients are clipped to it") {
    const mote_config config = rnn(19, 5, 18, 2);
    mote_train_config train = train_config(3, 4);
    train.clip_norm = 0.01f;
    for (const uint32_t learned : kinds_of_learning) {
        const Model base(config, 6);
        const Adapter adapter(base.get(), config, learned);
        const Learner learner(adapter, config, learned, train);
        Random random(6);
        const Batch batch = draw_batch(random, config, 3, 4);
        float loss = -1, norm = -1;
        REQUIRE(mote_learner_forward_backward(learner.get(), batch.tokens.data(), batch.targets.data(), &loss) ==
                MOTE_OK);
        size_t count = 0;
        const float *const gradients = mote_learner_gradients(learner.get(), &count);
        Floats clipped(gradients, count);
        REQUIRE(mote_clip_norm(clipped.data(), count, train.clip_norm, &norm) == MOTE_OK);
        REQUIRE(norm > train.clip_norm);
        REQUIRE(mote_learner_apply(learner.get()) == MOTE_OK);
        CHECK(bits(mote_learner_norm(learner.get())) == bits(norm));
        CHECK(same_bits(clipped.data(), gradients, count));
    }
}

TEST_CASE("the output layer of a base of integers learns from the activations that the integers give") {
    Random random(10);
    for (const mote_config &config : {rnn(19, 0, 18, 2), gru(33, 7, 20, 1), mlp(27, 3, 6, 16, 2)})
        for (const uint32_t precision : {MOTE_PRECISION_INT8, MOTE_PRECISION_INT4}) {
            INFO(describe(config) << " precision " << precision);
            const Model floats(config, 4);
            const QuantizedModel base(floats, precision);
            const mote_config &c = base.config();
            const mote_train_config train = train_config(1, 6);
            const Adapter adapter(base.get(), c, MOTE_LEARN_OUTPUT);
            const Learner learner(adapter, c, MOTE_LEARN_OUTPUT, train);
            const Batch batch = draw_batch(random, c, 1, 6);
            float loss = -1;
            REQUIRE(mote_learner_forward_backward(learner.get(), batch.tokens.data(), batch.targets.data(), &loss) ==
                    MOTE_OK);
            /* All rows at once, from what a state of the base itself keeps. */
            const uint32_t padded = (c.hidden + 15) / 16 * 16, columns = (c.vocab + 15) / 16 * 16;
            Floats x(size_t{6} * padded), logits(size_t{6} * columns), gradient(size_t{c.hidden} * columns);
            const State state(base.get(), c), stepped(base.get(), c);
            const mote_config window = c;
            for (uint32_t i = 0; i + 1 < window.context; ++i) {
                const float *unused = nullptr;
                REQUIRE(mote_step(state.get(), batch.tokens[i], &unused) == MOTE_OK);
            }
            const size_t first = batch.tokens.size() - 6;
            for (uint32_t t = 0; t < 6; ++t) {
                const float *row = nullptr, *hidden = nullptr;
                uint32_t width = 0;
                REQUIRE(mote_step(state.get(), batch.tokens[first + t], &row) == MOTE_OK);
                REQUIRE(mote_state_hidden(state.get(), c.layers - 1, &hidden, &width) == MOTE_OK);
                for (uint32_t k = 0; k < padded; ++k) x[k / 16 * (6 * 16) + t * 16 + k % 16] = hidden[k];
            }
            const float *const bias = adapter.weights() + size_t{c.hidden} * columns;
            const mote::cpu::Mat y{logits.data(), 6 * 16}, g{gradient.data(), size_t{c.hidden} * 16};
            mote::cpu::gemm(y, {x.data(), 6 * 16}, {adapter.weights(), size_t{c.hidden} * 16}, {6, c.vocab, c.hidden},
                            mote::cpu::from_bias(bias));
            float nats[16] = {};
            mote::cpu::cross_entropy(y, 6, c.vocab, {batch.targets.data(), 1}, 1.0f / 6.0f, nats, 0);
            mote::cpu::gemm_tn(g, {x.data(), 6 * 16}, y, {c.hidden, c.vocab, 6}, mote::cpu::kFromZero);
            CHECK(same_bits(gradient.data(), learner.gradients(), gradient.size()));
        }
}

TEST_CASE("a step that fails has changed neither weights nor what the next one begins with") {
    const mote_config config = rnn(11, 0, 8, 2);
    const mote_train_config train = train_config(2, 3, MOTE_ADAGRAD);
    for (const uint32_t learned : kinds_of_learning) {
        INFO("learned " << learned);
        const Model base(config, 6);
        const Adapter adapter(base.get(), config, learned), other(base.get(), config, learned);
        const Learner learner(adapter, config, learned, train), untroubled(other, config, learned, train);
        Random random(6);
        float losses[2] = {};
        for (int i = 0; i < 3; ++i) {
            const Batch batch = draw_batch(random, config, 2, 3);
            size_t count = 0;
            float *const weights = adapter.weights(&count);
            const Floats before(weights, count);
            weights[count - 16] = from_bits(0x7fc00000u);
            CHECK(mote_learn_step(learner.get(), batch.tokens.data(), batch.targets.data(), losses) ==
                  MOTE_ERR_NUMERIC);
            weights[count - 16] = before[count - 16];
            CHECK(same_bits(weights, before.data(), count));
            Batch wrong = batch;
            wrong.tokens[1] = 11;
            CHECK(mote_learn_step(learner.get(), wrong.tokens.data(), wrong.targets.data(), losses) == MOTE_ERR_TOKEN);
            CHECK(mote_learner_apply(learner.get()) == MOTE_ERR_SEQUENCE);
            CHECK(mote_learn_step(learner.get(), batch.tokens.data(), batch.targets.data(), losses) == MOTE_OK);
            CHECK(mote_learn_step(untroubled.get(), batch.tokens.data(), batch.targets.data(), losses + 1) == MOTE_OK);
            CHECK(bits(losses[0]) == bits(losses[1]));
        }
        CHECK(mote_weights_hash(adapter.model()) == mote_weights_hash(other.model()));
        CHECK(mote_weights_hash(adapter.model()) != base.hash());
    }
}

TEST_CASE("a batch without a target updates nothing") {
    const mote_config config = rnn(11, 0, 8, 1);
    for (const uint32_t learned : kinds_of_learning) {
        const Model base(config, 6);
        const Adapter adapter(base.get(), config, learned);
        const Learner learner(adapter, config, learned, train_config(1, 2));
        const uint16_t tokens[] = {1, 2}, targets[] = {MOTE_IGNORE, MOTE_IGNORE};
        float loss = -1;
        CHECK(mote_learn_step(learner.get(), tokens, targets, &loss) == MOTE_OK);
        CHECK(bits(loss) == 0);
        CHECK(mote_learner_step_count(learner.get()) == 0);
        CHECK(mote_weights_hash(adapter.model()) == base.hash());
    }
}

TEST_CASE("a learner's hidden state can be reset, and its learning rate changed") {
    const mote_config config = rnn(11, 0, 8, 1);
    for (const uint32_t learned : kinds_of_learning) {
        const Model base(config, 6);
        const Adapter adapter(base.get(), config, learned), other(base.get(), config, learned);
        const Learner learner(adapter, config, learned, train_config(1, 2));
        const Learner fresh(other, config, learned, train_config(1, 2));
        const uint16_t tokens[] = {1, 2}, targets[] = {2, 3};
        float loss[3];
        REQUIRE(mote_learner_forward_backward(learner.get(), tokens, targets, loss) == MOTE_OK);
        REQUIRE(mote_learner_forward_backward(learner.get(), tokens, targets, loss + 1) == MOTE_OK);
        CHECK(bits(loss[0]) != bits(loss[1]));
        mote_learner_reset_state(learner.get());
        REQUIRE(mote_learner_forward_backward(learner.get(), tokens, targets, loss + 2) == MOTE_OK);
        CHECK(bits(loss[0]) == bits(loss[2]));
        CHECK(mote_learner_set_learning_rate(learner.get(), -1) == MOTE_ERR_ARG);
        CHECK(mote_learner_set_learning_rate(learner.get(), 0.5f) == MOTE_OK);
        REQUIRE(mote_learner_apply(learner.get()) == MOTE_OK);
        REQUIRE(mote_learn_step(fresh.get(), tokens, targets, loss) == MOTE_OK);
        CHECK(mote_weights_hash(adapter.model()) != mote_weights_hash(other.model()));
    }
}

TEST_CASE("arguments that cannot be used are refused") {
    const mote_config config = rnn(11, 0, 8, 1), table = bigram(11);
    const mote_train_config train = train_config(1, 2);
    const Model base(config), small(table);
    const QuantizedModel integers(base);
    Arena arena(100000);
    mote_adapter *adapter = nullptr;
    mote_learner *learner = nullptr;
    CHECK(mote_adapter_init(nullptr, &arena.arena, base.get(), MOTE_LEARN_OUTPUT) == MOTE_ERR_ARG);
    CHECK(mote_adapter_init(&adapter, &arena.arena, base.get(), 0) == MOTE_ERR_ARG);
    CHECK(mote_adapter_init(&adapter, &arena.arena, base.get(), 4) == MOTE_ERR_ARG);
    CHECK(mote_adapter_init(&adapter, &arena.arena, small.get(), MOTE_LEARN_OUTPUT) == MOTE_ERR_ARG);
    CHECK(mote_adapter_init(&adapter, &arena.arena, integers.get(), MOTE_LEARN_BIASES) == MOTE_ERR_UNSUPPORTED);
    CHECK(mote_adapter_bytes(&table, MOTE_LEARN_OUTPUT) == 0);
    CHECK(mote_adapter_bytes(&config, 4) == 0);
    CHECK(mote_learner_bytes(&integers.config(), MOTE_LEARN_BIASES, &train) == 0);
    REQUIRE(mote_adapter_init(&adapter, &arena.arena, base.get(), MOTE_LEARN_OUTPUT) == MOTE_OK);
    mote_train_config bad = train;
    bad.batch = 0;
    CHECK(mote_learner_init(&learner, &arena.arena, adapter, &bad) == MOTE_ERR_ARG);
    CHECK(mote_learner_init(&learner, &arena.arena, nullptr, &train) == MOTE_ERR_ARG);
    /* The model of both is not one to write to. */
    CHECK(mote_model_weights(const_cast<mote_model *>(mote_adapter_model(adapter)), nullptr) == nullptr);
    mote_trainer *trainer = nullptr;
    CHECK(mote_trainer_init(&trainer, &arena.arena, const_cast<mote_model *>(mote_adapter_model(adapter)), &train) ==
          MOTE_ERR_ARG);
}
