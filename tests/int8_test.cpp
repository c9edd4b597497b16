/* Weights of int8: which integers and scales a model becomes, and what it then computes, bit for bit. */
#include "kernel_matrix.h"
#include "kernels.h"
#include "settings.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;
namespace cpu = mote::cpu;

namespace {

mote_tensor tensor_at(const mote_model *model, uint32_t role, uint32_t layer, uint32_t place = 0) {
    mote_tensor tensor{};
    for (uint32_t i = 0; mote_model_tensor(model, i, &tensor) == MOTE_OK; ++i)
        if (tensor.role == role && tensor.layer == layer && place-- == 0) return tensor;
    FAIL("there is no such tensor");
    return tensor;
}

const float *floats_of(const mote_tensor &tensor) { return static_cast<const float *>(tensor.data); }

/* A matrix of int8 read as mote.h says that it lies. */
struct Int8Matrix {
    explicit Int8Matrix(const mote_tensor &t)
        : bytes(static_cast<const signed char *>(t.data)), scales(floats_of(t)),
          inputs(t.shape[t.layout == MOTE_LAYOUT_INT8_OUT_IN ? 1 : 0]),
          outputs(t.shape[t.layout == MOTE_LAYOUT_INT8_OUT_IN ? 0 : 1]), units(1 + (inputs + 3) / 4) {}
    int integer(uint32_t output, uint32_t input) const {
        return bytes[(output / 16 * units + 1 + input / 4) * 64 + output % 16 * 4 + input % 4];
    }
    float scale(uint32_t output) const { return scales[size_t{output} / 16 * units * 16 + output % 16]; }

    const signed char *bytes;
    const float *scales;
    uint32_t inputs, outputs;
    size_t units;
};

int int8_of_embedding(const mote_tensor &table, uint32_t token, uint32_t i) {
    return static_cast<const signed char *>(table.data)[token * MOTE_SZ_PAD(table.shape[1]) + i];
}

/* A row of integers times a scale. */
struct Int8Row {
    std::vector<int> integers;
    float scale;
};

/* One stream of a model, as mote.h states it: exact sums, and one fused multiply-add for each. */
class Reference {
  public:
    Reference(const mote_model *model, const mote_config &config) : model_(model), c_(config) {
        for (uint32_t l = 0; l < c_.layers; ++l) hidden_.emplace_back(MOTE_SZ_PAD(c_.hidden));
    }

    std::vector<float> step(uint16_t token) {
        if (c_.layers == 0) {
            std::vector<float> sums(c_.vocab);
            add_row(sums, tensor_at(model_, MOTE_ROLE_TABLE, 0), token);
            return sums;
        }
        Int8Row x = read(token);
        for (uint32_t l = 0; l < c_.layers; ++l) {
            if (c_.cell == MOTE_CELL_GATED)
                gated(l, x, token);
            else
                plain(l, x, token);
            x = quantized(l);
        }
        std::vector<float> logits = bias(MOTE_ROLE_OUTPUT_BIAS, 0);
        add(logits, tensor_at(model_, MOTE_ROLE_OUTPUT, 0), x);
        return logits;
    }

  private:
    float scale(uint32_t index) const { return floats_of(tensor_at(model_, MOTE_ROLE_SCALES, 0))[index]; }
    Int8Row read(uint16_t token) {
        Int8Row x{{}, scale(0)};
        if (c_.embed == 0) return x;
        const mote_tensor table = tensor_at(model_, MOTE_ROLE_EMBEDDING, 0);
        window_.push_back(token);
        const size_t context = c_.context != 0 ? c_.context : 1;
        for (size_t i = 0; i < context; ++i) {
            const size_t at = window_.size() + i;
            for (uint32_t k = 0; k < c_.embed; ++k)
                x.integers.push_back(int8_of_embedding(table, at >= context ? window_[at - context] : 0u, k));
        }
        return x;
    }
    Int8Row quantized(uint32_t layer) const {
        Int8Row x{{}, scale(layer + 1)};
        for (uint32_t i = 0; i < c_.hidden; ++i) {
            const float steps = std::nearbyint(hidden_[layer][i] * (1.0f / x.scale));
            x.integers.push_back(static_cast<int>(std::fmin(std::fmax(steps, -127.0f), 127.0f)));
        }
        return x;
    }
    std::vector<float> bias(uint32_t role, uint32_t layer, uint32_t place = 0) const {
        const mote_tensor tensor = tensor_at(model_, role, layer, place);
        return {floats_of(tensor), floats_of(tensor) + tensor.shape[0]};
    }
    static void add(std::vector<float> &sums, const mote_tensor &tensor, const Int8Row &x) {
        const Int8Matrix w(tensor);
        for (uint32_t o = 0; o < w.outputs; ++o) {
            int64_t sum = 0;
            for (uint32_t i = 0; i < w.inputs; ++i) sum += int64_t{w.integer(o, i)} * x.integers[i];
            const float scale = w.scale(o) * x.scale;
            sums[o] = std::fmaf(static_cast<float>(sum), scale, sums[o]);
        }
    }
    static void add_row(std::vector<float> &sums, const mote_tensor &tensor, uint32_t token) {
        const Int8Matrix w(tensor);
        for (uint32_t o = 0; o < w.outputs; ++o)
            sums[o] = std::fmaf(static_cast<float>(w.integer(o, token)), w.scale(o), sums[o]);
    }
    void add_input(std::vector<float> &sums, const mote_tensor &tensor, const Int8Row &x, uint32_t layer,
                   uint16_t token) const {
        if (layer == 0 && c_.embed == 0)
            add_row(sums, tensor, token);
        else
            add(sums, tensor, x);
    }
    void plain(uint32_t l, const Int8Row &x, uint16_t token) {
        std::vector<float> sums = bias(MOTE_ROLE_BIAS, l);
        add_input(sums, tensor_at(model_, MOTE_ROLE_INPUT, l), x, l, token);
        if (carries(c_)) add(sums, tensor_at(model_, MOTE_ROLE_RECURRENT, l), quantized(l));
        Matrix row(1, c_.hidden);
        for (uint32_t i = 0; i < c_.hidden; ++i) row.at(0, i) = sums[i];
        if (c_.activation == MOTE_TANH)
            cpu::tanh_rows(row.mat(), 1, c_.hidden);
        else
            cpu::relu_rows(row.mat(), 1, c_.hidden);
        for (uint32_t i = 0; i < c_.hidden; ++i) hidden_[l][i] = row.at(0, i);
    }
    void gated(uint32_t l, const Int8Row &x, uint16_t token) {
        const size_t width = static_cast<size_t>(MOTE_SZ_PAD(c_.hidden));
        const Int8Row before = quantized(l);
        Floats sums(4 * width), next(width), now(hidden_[l].data(), width);
        const auto put = [&](size_t block, const std::vector<float> &values) {
            for (size_t i = 0; i < values.size(); ++i) sums[block * width + i] = values[i];
        };
        for (uint32_t gate = 0; gate < 3; ++gate) { /* the candidate's input, reset, update */
            std::vector<float> sum = bias(MOTE_ROLE_BIAS, l, gate);
            add_input(sum, tensor_at(model_, MOTE_ROLE_INPUT, l, gate), x, l, token);
            if (gate != 0) add(sum, tensor_at(model_, MOTE_ROLE_RECURRENT, l, gate - 1), before);
            put(gate, sum);
        }
        std::vector<float> state = bias(MOTE_ROLE_BIAS, l, 3);
        add(state, tensor_at(model_, MOTE_ROLE_RECURRENT, l, 2), before);
        put(3, state);
        cpu::gates({next.data(), 16}, {sums.data(), 16}, {now.data(), 16}, 1, c_.hidden);
        for (size_t i = 0; i < width; ++i) hidden_[l][i] = next[i];
    }

    const mote_model *model_;
    mote_config c_;
    std::vector<std::vector<float>> hidden_;
    std::vector<uint16_t> window_;
};

} // namespace

TEST_CASE("logits of weights of int8 are exact sums of integers and the stated fused multiply-adds, bit for bit") {
    for (size_t i = 0; i < settings().size(); i += 3) {
        const mote_config &config = settings()[i].config;
        INFO(describe(config));
        const Model model(config, 5);
        const Int8Model quantized(model);
        const State state(quantized.get(), quantized.config());
        Reference reference(quantized.get(), config);
        for (const uint16_t token : draw_tokens(config.vocab, 6, 4)) {
            const float *logits = nullptr;
            REQUIRE(mote_step(state.get(), token, &logits) == MOTE_OK);
            const std::vector<float> wanted = reference.step(token);
            CHECK(same_bits(logits, wanted.data(), wanted.size()));
        }
    }
}

TEST_CASE("a step with weights of int8 that a hook watches has the same bits") {
    for (size_t i = 0; i < settings().size(); i += 9) {
        const Model model(settings()[i].config, 5);
        const Int8Model quantized(model);
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
        const Int8Model quantized(model);
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
    const Int8Model quantized(model);
    const Int8Matrix w(tensor_at(quantized.get(), MOTE_ROLE_RECURRENT, 0));
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
    const mote_config wanted = int8_of(config);
    Arena arena(mote_model_bytes(&wanted));
    mote_model *quantized = nullptr;
    REQUIRE(mote_model_quantize(&quantized, &arena.arena, model.get(), largest) == MOTE_OK);
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

TEST_CASE("the tensors of weights of int8 are as many and as large as the sizes say") {
    for (const Setting &s : settings()) {
        const mote_config config = int8_of(s.config);
        INFO(describe(config));
        mote_tensor tensor{};
        uint32_t index = 0;
        size_t units = 0, logical = 0;
        for (; mote_tensor_describe(&config, index, &tensor) == MOTE_OK; ++index) {
            CHECK(tensor.offset == units);
            CHECK(tensor.count % 16 == 0);
            units += tensor.count;
            if (tensor.role != MOTE_ROLE_SCALES) logical += size_t{tensor.shape[0]} * tensor.shape[1];
        }
        CHECK(index == MOTE_TENSORS(MOTE_SHAPE_OF(config)));
        CHECK(units == mote_weight_count(&config));
        CHECK(units == MOTE_WEIGHTS(MOTE_SHAPE_OF(config)));
        CHECK(logical == mote_param_count(&config));
        CHECK(mote_model_bytes(&config) == MOTE_MODEL_BYTES(MOTE_SHAPE_OF(config)));
        CHECK(mote_state_bytes(&config) == MOTE_STATE_BYTES(MOTE_SHAPE_OF(config)));
        CHECK(mote_scratch_bytes(&config) == MOTE_SCRATCH_BYTES(MOTE_SHAPE_OF(config)));
        CHECK(mote_blob_bytes(&config) == MOTE_BLOB_BYTES(MOTE_SHAPE_OF(config)));
        CHECK(mote_scorer_bytes(&config, 3, 5) == MOTE_SCORER_BYTES(MOTE_SHAPE_OF(config), 3, 5));
    }
    /* By hand: panels of 64 bytes for scales and each 4 inputs. */
    CHECK(4 * MOTE_WEIGHTS(MOTE_SHAPE_INT8(MOTE_SHAPE_RNN(27, 10, 20, 2))) ==
          28 * 16 + 2 * 64 * (1 + 3) + 3 * 2 * 64 * (1 + 5) + 2 * 128 + 2 * 64 * (1 + 5) + 128 + 64);
    CHECK(4 * MOTE_WEIGHTS(MOTE_SHAPE_INT8(MOTE_SHAPE_BIGRAM(27))) == 2 * 64 * (1 + 7));
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
    const Int8Model quantized(model);
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
    const mote_config config = rnn(5, 3, 4, 2), wanted = int8_of(config);
    const Model model(config, 5);
    const Int8Model quantized(model);
    Arena arena(1 << 20);
    mote_model *made = nullptr;
    mote_trainer *trainer = nullptr;
    const mote_train_config train = train_config(1, 2);
    const mote_init init = lively_init(config.cell);
    CHECK(mote_model_quantize(&made, &arena.arena, quantized.get(), nullptr) == MOTE_ERR_ARG);
    CHECK(mote_model_random(&made, &arena.arena, &wanted, nullptr, &init, 1) == MOTE_ERR_ARG);
    CHECK(mote_trainer_init(&trainer, &arena.arena, quantized.get(), &train) == MOTE_ERR_UNSUPPORTED);
    CHECK(mote_trainer_bytes(&wanted, &train) == 0);
    CHECK(mote_checkpoint_bytes(&wanted, &train) == 0);
    CHECK(mote_model_weights(quantized.get(), nullptr) == nullptr);
    const Model table(bigram(3), 5);
    const Int8Model int8_table(table);
    const std::vector<uint32_t> pairs(9, 1);
    CHECK(mote_bigram_count(int8_table.get(), pairs.data(), 1) == MOTE_ERR_ARG);
    CHECK(mote_model_quantize(nullptr, &arena.arena, model.get(), nullptr) == MOTE_ERR_ARG);
    CHECK(mote_model_quantize(&made, nullptr, model.get(), nullptr) == MOTE_ERR_ARG);
    CHECK(mote_model_quantize(&made, &arena.arena, nullptr, nullptr) == MOTE_ERR_ARG);
    CHECK(arena.arena.used == 0);
}

TEST_CASE("weights that may not be stored, and activations that 127 cannot stand for, are not quantized") {
    const Model model(mlp(5, 2, 3, 4, 2, MOTE_RELU), 5);
    Arena arena(1 << 20);
    mote_model *made = nullptr;
    CHECK(mote_model_quantize(&made, &arena.arena, model.get(), nullptr) == MOTE_ERR_ARG);
    for (const float bad : {0.0f, -1.0f, 0x1p-31f, 0x1.8p40f, std::nanf(""), HUGE_VALF}) {
        const float largest[] = {1.0f, bad};
        CHECK(mote_model_quantize(&made, &arena.arena, model.get(), largest) == MOTE_ERR_ARG);
    }
    const float largest[] = {1.0f, 1.0f};
    for (const float bad : {-0.0f, 0x1p-41f, std::nanf(""), HUGE_VALF}) {
        const float honest = model.weights()[0];
        model.weights()[0] = bad;
        CHECK(mote_model_quantize(&made, &arena.arena, model.get(), largest) == MOTE_ERR_NUMERIC);
        model.weights()[0] = honest;
    }
    CHECK(arena.arena.used == 0);
    CHECK(mote_model_quantize(&made, &arena.arena, model.get(), largest) == MOTE_OK);
}

TEST_CASE("an embedding of large numbers becomes a model that can be saved and opened") {
    const mote_config config = rnn(9, 5, 20, 1);
    const Alphabet alphabet(config.vocab, 1);
    const Model model(config, 5, &alphabet.vocab());
    model.weights()[0] = 0x1p48f;
    const Int8Model quantized(model);
    const mote_tensor scales = tensor_at(quantized.get(), MOTE_ROLE_SCALES, 0);
    CHECK(floats_of(scales)[0] == 0x1p40f);
    CHECK(int8_of_embedding(tensor_at(quantized.get(), MOTE_ROLE_EMBEDDING, 0), 0, 0) == 127);
    const Buffer blob = save(quantized.get(), quantized.config());
    Arena arena(MOTE_OPEN_BYTES);
    const mote_model *opened = nullptr;
    CHECK(mote_model_open(&opened, &arena.arena, blob.data(), blob.size()) == MOTE_OK);
}

TEST_CASE("a product of more inputs than an int32 has room for is not a configuration of int8") {
    mote_config config = int8_of(mlp(5, 4, MOTE_MAX_INT8_INPUTS / 4, 4, 1));
    REQUIRE(config.embed * config.context == MOTE_MAX_INT8_INPUTS);
    CHECK(mote_model_bytes(&config) != 0);
    config.context = 5;
    CHECK(mote_model_bytes(&config) == 0);
    config.precision = MOTE_PRECISION_FLOAT32;
    CHECK(mote_model_bytes(&config) != 0);
    config.precision = MOTE_PRECISION_COUNT;
    CHECK(mote_model_bytes(&config) == 0);
}
