/* Weights of int8: which integers and scales a model becomes; and what it, or one of 4 bits, computes, bit for bit. */
#include "integer_reference.h"
#include "settings.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;

namespace {

const uint32_t precisions[] = {MOTE_PRECISION_INT8, MOTE_PRECISION_INT4};

void check_logits(const mote_config &config, uint32_t precision) {
    INFO(precision_name(precision) << ": " << describe(config));
    const Model model(config, 5);
    const QuantizedModel quantized(model, precision);
    const State state(quantized.get(), quantized.config());
    Reference reference(quantized.get(), config);
    for (const uint16_t token : draw_tokens(config.vocab, 6, 4)) {
        const float *logits = nullptr;
        REQUIRE(mote_step(state.get(), token, &logits) == MOTE_OK);
        const std::vector<float> wanted = reference.step(token);
        CHECK(same_bits(logits, wanted.data(), wanted.size()));
    }
}

} // namespace

TEST_CASE("logits of weights of integers are exact sums and the stated fused multiply-adds, bit for bit") {
    for (const uint32_t precision : precisions)
        for (size_t i = precision; i < settings().size(); i += 3) check_logits(settings()[i].config, precision);
}

TEST_CASE("a step with weights of integers that a hook watches has the same bits") {
    for (size_t i = 0; i < settings().size(); i += 5) {
        const Model model(settings()[i].config, 5);
        const QuantizedModel quantized(model, precisions[i % 2]);
        const State plain(quantized.get(), quantized.config()), profiled(quantized.get(), quantized.config());
        for (const uint16_t token : draw_tokens(quantized.config().vocab, 5, 4)) {
            const float *wanted = nullptr, *logits = nullptr;
            REQUIRE(mote_step(plain.get(), token, &wanted) == MOTE_OK);
            REQUIRE(mote_profile_step(
                        profiled.get(), token, &logits, [](void *, uint32_t, uint32_t, uint32_t) {}, nullptr) ==
                    MOTE_OK);
            CHECK(same_bits(logits, wanted, quantized.config().vocab));
        }
    }
}

TEST_CASE("a state of weights of int8 that is reset begins anew") {
    for (const mote_config &config : {mlp(9, 3, 5, 20, 2), rnn(9, 0, 20, 2), gru(9, 3, 20, 1)}) {
        const Model model(config, 5);
        const QuantizedModel quantized(model);
        const State state(quantized.get(), quantized.config());
        std::vector<float> first;
        for (int again = 0; again < 2; ++again) {
            std::vector<float> all;
            for (uint16_t token = 0; token < 5; ++token) {
                const float *logits = nullptr;
                REQUIRE(mote_step(state.get(), token, &logits) == MOTE_OK);
                all.insert(all.end(), logits, logits + config.vocab);
            }
            if (again == 0) first = all;
            CHECK(same_bits(all.data(), first.data(), all.size()));
            mote_state_reset(state.get());
        }
    }
}

TEST_CASE("an output's scale is its largest weight / 127, and a weight the nearest integer, ties to the even one") {
    const mote_config config = rnn(9, 0, 40, 1);
    const Model model(config, 5);
    const mote_tensor recurrent = tensor_at(model.get(), MOTE_ROLE_RECURRENT, 0);
    /* Output 0: scale 1; output 1: all +0; output 2: the least scale; 3: as large as floats are. */
    const auto set = [&](uint32_t output, uint32_t input, float value) {
        model.weights()[recurrent.offset + (size_t{output} / 16 * config.hidden + input) * 16 + output % 16] = value;
    };
    const float weights[] = {127.0f, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 126.5f, 0.49999997f, -127.0f};
    const int wanted[] = {127, 0, 2, 2, 0, -2, -2, 126, 0, -127};
    for (uint32_t i = 0; i < config.hidden; ++i) {
        set(0, i, i < 10 ? weights[i] : 0.0f);
        set(1, i, 0.0f);
        set(2, i, i == 0 ? -0x1p-39f : 0.0f);
        set(3, i, i == 0 ? 3.4028235e38f : 0.0f);
    }
    const QuantizedModel quantized(model);
    const IntegerMatrix w(tensor_at(quantized.get(), MOTE_ROLE_RECURRENT, 0));
    CHECK(w.scale(0) == 1.0f);
    for (uint32_t i = 0; i < config.hidden; ++i) CHECK(w.integer(0, i) == (i < 10 ? wanted[i] : 0));
    CHECK(bits(w.scale(1)) == 0);
    CHECK(w.integer(1, 7) == 0);
    CHECK(w.scale(2) == 0x1p-40f);
    CHECK(w.integer(2, 0) == -2);
    CHECK(w.integer(3, 0) == 127);
    CHECK(std::isfinite(127 * w.scale(3)));
    for (uint32_t output = 4; output < config.hidden; ++output) {
        float largest = 0;
        for (uint32_t i = 0; i < config.hidden; ++i)
            largest = std::fmax(largest, std::fabs(mote_tensor_at(&recurrent, output, i)));
        CHECK(bits(w.scale(output)) == bits(largest / 127.0f));
        for (uint32_t i = 0; i < config.hidden; ++i)
            CHECK(w.integer(output, i) ==
                  static_cast<int>(std::nearbyint(mote_tensor_at(&recurrent, output, i) / w.scale(output))));
    }
}

TEST_CASE("biases stay as they are, an embedding has one scale, and scales are those of what products read") {
    const mote_config config = rnn(9, 5, 20, 3, MOTE_RELU);
    const Model model(config, 5);
    const float largest[] = {1.0f, 127.0f, 0x1p-30f};
    const mote_config wanted = quantized_config(config);
    Arena arena(mote_model_bytes(&wanted));
    mote_model *quantized = nullptr;
    REQUIRE(mote_model_quantize(&quantized, &arena.arena, model.get(), MOTE_PRECISION_INT8, largest) == MOTE_OK);
    const mote_tensor scales = tensor_at(quantized, MOTE_ROLE_SCALES, 0);
    CHECK(std::string(scales.name) == "scales");
    CHECK(scales.shape[0] == 4);
    for (uint32_t l = 0; l < 3; ++l) CHECK(bits(floats_of(scales)[l + 1]) == bits(largest[l] / 127.0f));
    const mote_tensor before = tensor_at(model.get(), MOTE_ROLE_EMBEDDING, 0),
                      after = tensor_at(quantized, MOTE_ROLE_EMBEDDING, 0);
    float most = 0;
    for (uint32_t r = 0; r < 9; ++r)
        for (uint32_t i = 0; i < 5; ++i) most = std::fmax(most, std::fabs(mote_tensor_at(&before, r, i)));
    CHECK(bits(floats_of(scales)[0]) == bits(most / 127.0f));
    REQUIRE(after.scale == floats_of(scales));
    for (uint32_t r = 0; r < 9; ++r)
        for (uint32_t i = 0; i < 5; ++i)
            CHECK(bits(mote_tensor_at(&after, r, i)) ==
                  bits(static_cast<float>(int8_of_embedding(after, r, i)) * *after.scale));
    for (uint32_t l = 0; l < 3; ++l) {
        const mote_tensor a = tensor_at(model.get(), MOTE_ROLE_BIAS, l), b = tensor_at(quantized, MOTE_ROLE_BIAS, l);
        CHECK(same_bits(floats_of(a), floats_of(b), 32));
    }
}

namespace {

void check_sizes(const mote_config &config) {
    INFO(describe(config));
    mote_tensor tensor{};
    uint32_t index = 0;
    size_t units = 0, logical = 0;
    for (; mote_tensor_describe(&config, index, &tensor) == MOTE_OK; ++index) {
        CHECK(tensor.offset == units);
        CHECK(tensor.count % (config.precision == MOTE_PRECISION_INT4 ? 4 : 16) == 0);
        units += tensor.count;
        if (tensor.role != MOTE_ROLE_SCALES) logical += size_t{tensor.shape[0]} * tensor.shape[1];
    }
    CHECK(index == MOTE_TENSORS(MOTE_SHAPE_OF(config)));
    CHECK((units + 15) / 16 * 16 == mote_weight_count(&config));
    CHECK(mote_weight_count(&config) == MOTE_WEIGHTS(MOTE_SHAPE_OF(config)));
    CHECK(logical == mote_param_count(&config));
    CHECK(mote_model_bytes(&config) == MOTE_MODEL_BYTES(MOTE_SHAPE_OF(config)));
    CHECK(mote_state_bytes(&config) == MOTE_STATE_BYTES(MOTE_SHAPE_OF(config)));
    CHECK(mote_scratch_bytes(&config) == MOTE_SCRATCH_BYTES(MOTE_SHAPE_OF(config)));
    CHECK(mote_blob_bytes(&config) == MOTE_BLOB_BYTES(MOTE_SHAPE_OF(config)));
    CHECK(mote_scorer_bytes(&config, 3, 5) == MOTE_SCORER_BYTES(MOTE_SHAPE_OF(config), 3, 5));
}

} // namespace

TEST_CASE("the tensors of weights of integers are as many and as large as the sizes say") {
    for (const Setting &s : settings())
        for (const uint32_t precision : precisions) check_sizes(quantized_config(s.config, precision));
    /* By hand: panels of 64 bytes for scales and each 4 inputs. */
    CHECK(4 * MOTE_WEIGHTS(MOTE_SHAPE_INT8(MOTE_SHAPE_RNN(27, 10, 20, 2))) ==
          28 * 16 + 2 * 64 * (1 + 3) + 3 * 2 * 64 * (1 + 5) + 2 * 128 + 2 * 64 * (1 + 5) + 128 + 64);
    CHECK(4 * MOTE_WEIGHTS(MOTE_SHAPE_INT8(MOTE_SHAPE_BIGRAM(27))) == 2 * 64 * (1 + 7));
    /* Of 4 bits 16 for the groups of each 64 inputs, and 64 for each 8. */
    CHECK(4 * MOTE_WEIGHTS(MOTE_SHAPE_INT4(MOTE_SHAPE_RNN(27, 10, 20, 2))) ==
          28 * 16 + 2 * (64 + 16 + 2 * 64) + 3 * 2 * (64 + 16 + 3 * 64) + 2 * 128 + 2 * (64 + 16 + 3 * 64) + 128 + 64 +
              32 /* to a multiple of 64 */);
    CHECK(4 * MOTE_WEIGHTS(MOTE_SHAPE_INT4(MOTE_SHAPE_BIGRAM(130))) == 9 * (64 + 3 * 16 + 17 * 64) + 16);
    CHECK(MOTE_STATE_BYTES(MOTE_SHAPE_INT4(MOTE_SHAPE_RNN(27, 0, 20, 2))) ==
          MOTE_STATE_BYTES(MOTE_SHAPE_INT8(MOTE_SHAPE_RNN(27, 0, 20, 2))));
    CHECK(MOTE_STATE_BYTES(MOTE_SHAPE_INT8(MOTE_SHAPE_RNN(27, 0, 20, 2))) == 64 + 4 * (2 * 2 * 32 + 32) + 2 * 64);
    CHECK(MOTE_STATE_BYTES(MOTE_SHAPE_INT8(MOTE_SHAPE_MLP(27, 3, 10, 20, 2))) == 64 + 4 * (2 * 32 + 32) + 64 + 64 + 64);
}

TEST_CASE("at the extremes of weights and activations no sum overflows") {
    constexpr uint32_t embed = 4096, context = 32; /* 131,072 inputs of the 133,144 */
    const mote_config config = mlp(2, context, embed, 3, 1, MOTE_RELU);
    const Model model(config, 5);
    size_t count = 0;
    float *const weights = model.weights(&count);
    const std::vector<bool> logical = logical_floats(model.get());
    for (size_t i = 0; i < count; ++i)
        if (logical[i]) weights[i] = 1.0f;
    const QuantizedModel quantized(model);
    const State state(quantized.get(), quantized.config());
    const float *logits = nullptr, *hidden = nullptr;
    uint32_t width = 0;
    REQUIRE(mote_step(state.get(), 1, &logits) == MOTE_OK);
    REQUIRE(mote_state_hidden(state.get(), 0, &hidden, &width) == MOTE_OK);
    const float scale = 1.0f / 127.0f;
    CHECK(bits(hidden[2]) == bits(std::fmaf(float{127 * 127} * embed * context, scale * scale, 1.0f)));
    /* What is above 3, 127 stands for. */
    CHECK(bits(logits[1]) == bits(std::fmaf(3.0f * 127 * 127, scale * (3.0f / 127.0f), 1.0f)));
}

TEST_CASE("what is not for weights of int8 is refused") {
    const mote_config config = rnn(5, 3, 4, 2), wanted = quantized_config(config);
    const Model model(config, 5);
    const QuantizedModel quantized(model);
    Arena arena(1 << 20);
    mote_model *made = nullptr;
    mote_trainer *trainer = nullptr;
    const mote_train_config train = train_config(1, 2);
    const mote_init init = lively_init(config.cell);
    CHECK(mote_model_quantize(&made, &arena.arena, quantized.get(), MOTE_PRECISION_INT8, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_model_random(&made, &arena.arena, &wanted, nullptr, &init, 1) == MOTE_ERR_ARG);
    CHECK(mote_trainer_init(&trainer, &arena.arena, quantized.get(), &train) == MOTE_ERR_UNSUPPORTED);
    CHECK(mote_trainer_bytes(&wanted, &train) == 0);
    CHECK(mote_checkpoint_bytes(&wanted, &train) == 0);
    CHECK(mote_model_weights(quantized.get(), nullptr) == nullptr);
    const Model table(bigram(3), 5);
    const QuantizedModel int8_table(table);
    const std::vector<uint32_t> pairs(9, 1);
    CHECK(mote_bigram_count(int8_table.get(), pairs.data(), 1) == MOTE_ERR_ARG);
    for (const uint32_t precision : {MOTE_PRECISION_FLOAT32, MOTE_PRECISION_COUNT})
        CHECK(mote_model_quantize(&made, &arena.arena, model.get(), precision, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_model_quantize(nullptr, &arena.arena, model.get(), MOTE_PRECISION_INT8, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_model_quantize(&made, nullptr, model.get(), MOTE_PRECISION_INT8, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_model_quantize(&made, &arena.arena, nullptr, MOTE_PRECISION_INT8, nullptr) == MOTE_ERR_ARG);
    CHECK(arena.arena.used == 0);
}

TEST_CASE("weights that may not be stored, and activations that 127 cannot stand for, are not quantized") {
    const Model model(mlp(5, 2, 3, 4, 2, MOTE_RELU), 5);
    Arena arena(1 << 20);
    mote_model *made = nullptr;
    CHECK(mote_model_quantize(&made, &arena.arena, model.get(), MOTE_PRECISION_INT8, nullptr) == MOTE_ERR_ARG);
    for (const float bad : {0.0f, -1.0f, 0x1p-31f, 0x1.8p40f, std::nanf(""), HUGE_VALF}) {
        const float largest[] = {1.0f, bad};
        CHECK(mote_model_quantize(&made, &arena.arena, model.get(), MOTE_PRECISION_INT8, largest) == MOTE_ERR_ARG);
    }
    const float largest[] = {1.0f, 1.0f};
    for (const float bad : {-0.0f, 0x1p-41f, std::nanf(""), HUGE_VALF}) {
        const float honest = model.weights()[0];
        model.weights()[0] = bad;
        CHECK(mote_model_quantize(&made, &arena.arena, model.get(), MOTE_PRECISION_INT8, largest) == MOTE_ERR_NUMERIC);
        model.weights()[0] = honest;
    }
    CHECK(arena.arena.used == 0);
    CHECK(mote_model_quantize(&made, &arena.arena, model.get(), MOTE_PRECISION_INT8, largest) == MOTE_OK);
}

TEST_CASE("an embedding of large numbers becomes a model that can be saved and opened") {
    const mote_config config = rnn(9, 5, 20, 1);
    const Alphabet alphabet(config.vocab, 1);
    const Model model(config, 5, &alphabet.vocab());
    model.weights()[0] = 0x1p48f;
    const QuantizedModel quantized(model);
    const mote_tensor scales = tensor_at(quantized.get(), MOTE_ROLE_SCALES, 0);
    CHECK(floats_of(scales)[0] == 0x1p40f);
    CHECK(int8_of_embedding(tensor_at(quantized.get(), MOTE_ROLE_EMBEDDING, 0), 0, 0) == 127);
    const Buffer blob = save(quantized.get(), quantized.config());
    Arena arena(MOTE_OPEN_BYTES);
    const mote_model *opened = nullptr;
    CHECK(mote_model_open(&opened, &arena.arena, blob.data(), blob.size()) == MOTE_OK);
}

TEST_CASE("a product of more inputs than an int32 has room for is not a configuration of int8") {
    mote_config config = quantized_config(mlp(5, 4, MOTE_MAX_INTEGER_INPUTS / 4, 4, 1));
    REQUIRE(config.embed * config.context == MOTE_MAX_INTEGER_INPUTS);
    CHECK(mote_model_bytes(&config) != 0);
    config.context = 5;
    CHECK(mote_model_bytes(&config) == 0);
    config.precision = MOTE_PRECISION_FLOAT32;
    CHECK(mote_model_bytes(&config) != 0);
    config.precision = MOTE_PRECISION_COUNT;
    CHECK(mote_model_bytes(&config) == 0);
}
