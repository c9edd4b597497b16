/* Learning with weights of integers: its losses are those of the quantized model, and its gradients those of a model
 * with the same weights. */
#include "settings.h"
#include "trainer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

using namespace mote_test;

namespace {

const float largest[MOTE_MAX_LAYERS] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3};

/* A trainer that learns with weights of integers. */
class QuantizedTrainer {
  public:
    QuantizedTrainer(const Model &model, const mote_train_config &train, uint32_t precision)
        : trainer_(model, train), arena_(mote_quantizer_bytes(&model.config(), train.batch, precision)) {
        REQUIRE(mote_trainer_quantize(trainer_.get(), &arena_.arena, precision, largest) == MOTE_OK);
    }
    mote_trainer *get() const { return trainer_.get(); }

  private:
    Trainer trainer_;
    Arena arena_;
};

/* The surprises of a quantized model on batches, one read after the other. */
class Scorer {
  public:
    Scorer(const QuantizedModel &model, const mote_train_config &train)
        : arena_(mote_scorer_bytes(&model.config(), train.batch, train.time_steps)) {
        REQUIRE(mote_scorer_init(&scorer_, &arena_.arena, model.get(), train.batch, train.time_steps) == MOTE_OK);
    }
    std::vector<float> read(const Batch &b) const {
        std::vector<float> nats(b.targets.size());
        REQUIRE(mote_scorer_read(scorer_, b.tokens.data(), b.targets.data(), nats.data()) == MOTE_OK);
        return nats;
    }
    void reset() const { mote_scorer_reset(scorer_); }

  private:
    Arena arena_;
    mote_scorer *scorer_ = nullptr;
};

/* Row mod 16 has a lane, and lanes are added by halves, as batch losses are defined. */
float added(const std::vector<float> &nats, const Batch &b, const mote_train_config &train) {
    float lanes[16] = {};
    for (uint32_t t = 0; t < train.time_steps; ++t)
        for (uint32_t i = 0; i < train.batch; ++i) {
            const size_t place = size_t{i} * train.time_steps + t;
            if (b.targets[place] != MOTE_IGNORE) lanes[(t * train.batch + i) % 16] += nats[place];
        }
    for (int half = 8; half > 0; half /= 2)
        for (int k = 0; k < half; ++k) lanes[k] += lanes[k + half];
    return lanes[0];
}

mote_train_config sum_config(const Setting &s) {
    mote_train_config train = s.train;
    train.loss = MOTE_LOSS_SUM;
    return train;
}

void check_losses(const Setting &s, uint32_t precision) {
    INFO(precision_name(precision) << ": " << describe(s));
    Random random(7);
    const Model model(s.config, 5);
    const mote_train_config train = sum_config(s);
    const QuantizedTrainer trainer(model, train, precision);
    /* Two batches: what is carried between them is, too. */
    const QuantizedModel quantized(model, precision);
    const Scorer scorer(quantized, train);
    for (int again = 0; again < 2; ++again) {
        const Batch b = draw_batch(random, s.config, train.batch, train.time_steps, 0.1);
        float loss = 0;
        if (train.state == MOTE_STATE_RESET) scorer.reset();
        REQUIRE(mote_forward_backward(trainer.get(), b.tokens.data(), b.targets.data(), &loss) == MOTE_OK);
        CHECK(bits(loss) == bits(added(scorer.read(b), b, train)));
    }
}

/* The model of float32 that a quantized one's weights make. */
void take_weights(const Model &to, const QuantizedModel &from) {
    mote_tensor before{}, after{};
    for (uint32_t i = 0; mote_tensor_describe(&to.config(), i, &before) == MOTE_OK; ++i) {
        REQUIRE(mote_model_tensor(to.get(), i, &before) == MOTE_OK);
        REQUIRE(mote_model_tensor(from.get(), i, &after) == MOTE_OK);
        const bool transposed = before.layout <= MOTE_LAYOUT_PANELS_OUT_IN;
        for (uint32_t r = 0; r < before.shape[0]; ++r)
            for (uint32_t c = 0; c < before.shape[1]; ++c) {
                const size_t row = transposed ? c : r, column = transposed ? r : c;
                const size_t rows = before.shape[transposed ? 1 : 0];
                to.weights()[before.offset + (column / 16 * rows + row) * 16 + column % 16] =
                    mote_tensor_at(&after, r, c);
            }
    }
}

std::vector<float> gradients(mote_trainer *trainer, const Batch &b) {
    float loss = 0;
    size_t count = 0;
    REQUIRE(mote_forward_backward(trainer, b.tokens.data(), b.targets.data(), &loss) == MOTE_OK);
    const float *const first = mote_gradients(trainer, &count);
    return {first, first + count};
}

} // namespace

TEST_CASE("the loss of a step with weights of integers is that of the quantized model, bit for bit") {
    for (size_t i = 0; i < settings().size(); i += 2)
        check_losses(settings()[i], i % 4 == 0 ? MOTE_PRECISION_INT4 : MOTE_PRECISION_INT8);
}

TEST_CASE("gradients with weights of integers are close to those of a model of float32 with the same weights") {
    /* Not the same: its activations are rounded to 127 steps. */
    for (const mote_config &config :
         {bigram(9), mlp(9, 3, 5, 20, 2), rnn(9, 0, 20, 2), rnn(9, 5, 20, 1), gru(9, 3, 20, 2)}) {
        INFO(describe(config));
        Random random(7);
        const Model model(config, 5);
        const mote_train_config train = train_config(3, 4);
        const QuantizedTrainer trainer(model, train, MOTE_PRECISION_INT8);
        const Model same(config, 5);
        take_weights(same, QuantizedModel(model));
        const Trainer other(same, train);
        const Batch b = draw_batch(random, config, 3, 4, 0.1);
        const std::vector<float> a = gradients(trainer.get(), b), c = gradients(other.get(), b);
        double difference = 0, size = 0;
        for (size_t i = 0; i < a.size(); ++i) {
            difference += std::pow(static_cast<double>(a[i]) - static_cast<double>(c[i]), 2);
            size += std::pow(static_cast<double>(c[i]), 2);
        }
        CHECK(size > 0);
        CHECK(std::sqrt(difference / size) < (config.layers == 0 ? 1e-12 : 0.03));
    }
}

TEST_CASE("the gradient of a weight that reads a saturated ReLU is that of the activation that it stands for") {
    const mote_config config = mlp(5, 1, 3, 4, 1, MOTE_RELU);
    const Model model(config, 5);
    size_t count = 0;
    float *const weights = model.weights(&count);
    const std::vector<bool> logical = logical_floats(model.get());
    for (size_t i = 0; i < count; ++i)
        if (logical[i]) weights[i] = 1.0f;
    const mote_train_config train = train_config(1, 1);
    const Trainer trainer(model, train);
    Arena arena(mote_quantizer_bytes(&config, 1, MOTE_PRECISION_INT8));
    const float half = 0.5f; /* the activations are 4 */
    REQUIRE(mote_trainer_quantize(trainer.get(), &arena.arena, MOTE_PRECISION_INT8, &half) == MOTE_OK);
    const uint16_t token = 2, target = 3;
    float loss = 0;
    REQUIRE(mote_forward_backward(trainer.get(), &token, &target, &loss) == MOTE_OK);
    const float *const all = mote_gradients(trainer.get(), nullptr);
    mote_tensor output{}, bias{}, tensor{};
    for (uint32_t i = 0; mote_tensor_describe(&config, i, &tensor) == MOTE_OK; ++i) {
        if (tensor.role == MOTE_ROLE_OUTPUT) output = tensor;
        if (tensor.role == MOTE_ROLE_OUTPUT_BIAS) bias = tensor;
    }
    for (uint32_t v = 0; v < 5; ++v)
        CHECK(all[output.offset + v] == doctest::Approx(0.5f * all[bias.offset + v])); /* of the first unit */
}

#if !defined(MOTE_WITHOUT_THREADS)
namespace {

/* Steps in so many tasks, of whatever size, one after the other from the last one on. */
void share(mote_trainer *trainer, uint32_t tasks) {
    const auto backwards = [](void *, mote_task_fn task, void *work, uint32_t count) {
        for (uint32_t i = count; i-- > 0;) task(work, i);
    };
    REQUIRE(mote_trainer_set_parallel(trainer, backwards, nullptr, tasks) == MOTE_OK);
    trainer->batch.split.min_macs = 0;
}

} // namespace

TEST_CASE("learning with weights of integers has the bits of one task in several, and of pieces at once") {
    for (const mote_config &config : {mlp(33, 3, 5, 40, 2), rnn(33, 5, 40, 1, MOTE_RELU), gru(33, 0, 40, 2)}) {
        INFO(describe(config));
        mote_train_config train = train_config(7, 5);
        train.clip_norm = 0;
        uint64_t wanted = 0;
        for (const uint32_t tasks : {0u, 1u, 2u, 3u}) { /* 0: in pieces */
            const Model model(config, 5);
            const QuantizedTrainer trainer(model, train, MOTE_PRECISION_INT4);
            if (tasks > 1) share(trainer.get(), tasks);
            Random random(3);
            for (int step = 0; step < 3; ++step) {
                const Batch b = draw_batch(random, config, 7, 5, 0.1);
                float loss = 0;
                if (tasks != 0) {
                    REQUIRE(mote_train_step(trainer.get(), b.tokens.data(), b.targets.data(), &loss) == MOTE_OK);
                    continue;
                }
                REQUIRE(mote_forward_backward(trainer.get(), b.tokens.data(), b.targets.data(), &loss) == MOTE_OK);
                REQUIRE(mote_trainer_apply(trainer.get()) == MOTE_OK);
            }
            if (tasks == 0) wanted = model.hash();
            CHECK(model.hash() == wanted);
        }
    }
}

#endif

TEST_CASE("learning with weights of 4 bits makes the quantized model better, and writes the model of float32") {
    const mote_config config = rnn(9, 0, 40, 1);
    const Model model(config, 5);
    Random random(3);
    const Batch b = draw_batch(random, config, 4, 8, 0);
    mote_train_config train = train_config(4, 8);
    train.optimizer = MOTE_ADAGRAD;
    train.learning_rate = 0.05f;
    train.state = MOTE_STATE_RESET;
    const QuantizedTrainer trainer(model, train, MOTE_PRECISION_INT4);
    float first = 0, last = 0;
    const uint64_t hash = model.hash();
    REQUIRE(mote_train_step(trainer.get(), b.tokens.data(), b.targets.data(), &first) == MOTE_OK);
    CHECK(model.hash() != hash);
    for (int i = 0; i < 100; ++i)
        REQUIRE(mote_train_step(trainer.get(), b.tokens.data(), b.targets.data(), &last) == MOTE_OK);
    CHECK(last < 0.5f * first);
}

TEST_CASE("a trainer that learns with weights of integers saves the weights of float32") {
    const mote_config config = gru(9, 3, 20, 1);
    const Alphabet alphabet(config.vocab);
    const Model model(config, 5, &alphabet.vocab());
    const mote_train_config train = train_config(2, 3);
    const QuantizedTrainer trainer(model, train, MOTE_PRECISION_INT4);
    Random random(3);
    const Batch b = draw_batch(random, config, 2, 3, 0);
    float loss = 0;
    REQUIRE(mote_train_step(trainer.get(), b.tokens.data(), b.targets.data(), &loss) == MOTE_OK);
    const Buffer checkpoint = save_checkpoint(trainer.get(), config);
    Arena arena(MOTE_OPEN_BYTES);
    const mote_model *opened = nullptr;
    REQUIRE(mote_model_open(&opened, &arena.arena, checkpoint.data(), checkpoint.size()) == MOTE_OK);
    CHECK(mote_weights_hash(opened) == model.hash());
}

TEST_CASE("what lets a trainer quantize has exactly its size, and is refused where it makes no sense") {
    const mote_config config = rnn(9, 5, 20, 2, MOTE_RELU);
    const Model model(config, 5);
    const mote_train_config train = train_config(3, 4);
    for (const uint32_t precision : {MOTE_PRECISION_INT8, MOTE_PRECISION_INT4}) {
        const size_t bytes = mote_quantizer_bytes(&config, 3, precision);
        CHECK(bytes == MOTE_QUANTIZER_BYTES(MOTE_SHAPE_OF(config), 3, precision));
        const Trainer trainer(model, train);
        Arena small(bytes - MOTE_ALIGN), exact(bytes);
        CHECK(mote_trainer_quantize(trainer.get(), &small.arena, precision, largest) == MOTE_ERR_ARENA);
        CHECK(mote_trainer_quantize(trainer.get(), &exact.arena, precision, nullptr) == MOTE_ERR_ARG);
        CHECK(mote_trainer_quantize(trainer.get(), &exact.arena, MOTE_PRECISION_FLOAT32, largest) == MOTE_ERR_ARG);
        CHECK(exact.arena.used == 0);
        CHECK(mote_trainer_quantize(trainer.get(), &exact.arena, precision, largest) == MOTE_OK);
        CHECK(exact.arena.used == bytes);
        CHECK(mote_trainer_quantize(trainer.get(), &exact.arena, precision, largest) == MOTE_ERR_ARG);
        CHECK(mote_trainer_quantize(nullptr, &exact.arena, precision, largest) == MOTE_ERR_ARG);
        CHECK(mote_trainer_quantize(trainer.get(), nullptr, precision, largest) == MOTE_ERR_ARG);
    }
    CHECK(mote_quantizer_bytes(&config, 3, MOTE_PRECISION_FLOAT32) == 0);
    CHECK(mote_quantizer_bytes(&config, 3, MOTE_PRECISION_COUNT) == 0);
    CHECK(mote_quantizer_bytes(&config, 0, MOTE_PRECISION_INT8) == 0);
    CHECK(mote_quantizer_bytes(nullptr, 3, MOTE_PRECISION_INT8) == 0);
}
