/* What holds of every model: what a state shows of itself, and that an error changes nothing. */
#include "oracle.h"
#include "support.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;

namespace {

using Text = std::vector<uint16_t>;

const std::vector<mote_config> &configs() {
    static const std::vector<mote_config> all = {
        bigram(9),        mlp(9, 3, 4, 20, 2),        mlp(9, 1, 17, 5, 1, MOTE_RELU),
        rnn(9, 4, 20, 2), rnn(9, 0, 7, 1, MOTE_RELU), gru(9, 4, 20, 2),
        gru(9, 0, 7, 1)};
    return all;
}

std::vector<float> hidden_of(const State &state, uint32_t layer) {
    const float *hidden = nullptr;
    uint32_t count = 0;
    REQUIRE(mote_state_hidden(state.get(), layer, &hidden, &count) == MOTE_OK);
    CHECK(reinterpret_cast<uintptr_t>(hidden) % MOTE_ALIGN == 0);
    return {hidden, hidden + count};
}

std::vector<uint32_t> step(const State &state, uint16_t token, uint32_t vocab) {
    const float *logits = nullptr;
    REQUIRE(mote_step(state.get(), token, &logits) == MOTE_OK);
    std::vector<uint32_t> seen;
    for (uint32_t v = 0; v < vocab; ++v) seen.push_back(bits(logits[v]));
    return seen;
}

/* out = bias + W x, by the tensors of these names. */
std::vector<double> product(const OracleModel &model, const std::string &weight, const std::string &bias,
                            const std::vector<float> &x) {
    std::vector<double> out;
    for (size_t i = 0; i < model.names.size(); ++i)
        if (model.names[i] == bias) out = model.tensors[i].cells;
    for (size_t i = 0; i < model.names.size(); ++i)
        for (uint32_t o = 0; model.names[i] == weight && o < model.tensors[i].rows; ++o)
            for (uint32_t k = 0; k < model.tensors[i].columns; ++k)
                out[o] += model.tensors[i].at(o, k) * static_cast<double>(x[k]);
    return out;
}

} // namespace

TEST_CASE("the hidden activations of a state are those of each layer, from the first to the logits") {
    const mote_config config = mlp(9, 3, 4, 20, 3);
    const Model model(config, 4);
    const State state(model.get(), config);
    const OracleModel weights = read_model(model.get());
    for (const uint16_t token : Text{3, 0, 8, 1}) {
        const std::vector<uint32_t> logits = step(state, token, 9);
        for (uint32_t layer = 0; layer < 3; ++layer) {
            const std::vector<float> below = hidden_of(state, layer);
            REQUIRE(below.size() == 20);
            const std::string name = layer == 2 ? "_out" : "_l" + std::to_string(layer + 1);
            const std::vector<double> wanted = product(weights, "weight" + name, "bias" + name, below);
            for (size_t i = 0; i < wanted.size(); ++i) {
                const double ours = layer == 2 ? static_cast<double>(from_bits(logits[i]))
                                               : static_cast<double>(hidden_of(state, layer + 1)[i]);
                CHECK(std::fabs(ours - (layer == 2 ? wanted[i] : std::tanh(wanted[i]))) < 1e-5);
            }
        }
    }
}

TEST_CASE("the hidden activations of an RNN agree with the oracle's") {
    const mote_config config = rnn(9, 4, 20, 2);
    const Model model(config, 4);
    const State state(model.get(), config);
    const Text text = {3, 0, 8, 1, 1};
    for (uint32_t read = 1; read <= 5; ++read) {
        step(state, text[read - 1], 9);
        const OracleTask task{1, read, MOTE_LOSS_SUM, {text.begin(), text.begin() + read}, Text(read, 0), {}};
        const std::vector<Estimate> wanted = run_oracle(read_model(model.get()), task).state;
        for (uint32_t layer = 0; layer < 2; ++layer) {
            const std::vector<float> ours = hidden_of(state, layer);
            REQUIRE(ours.size() == 20);
            for (size_t i = 0; i < 20; ++i) {
                const Estimate &estimate = wanted[layer * 20 + i];
                CHECK(std::fabs(static_cast<double>(ours[i]) - estimate.value) <= estimate.allowance());
            }
        }
    }
    mote_state_reset(state.get());
    for (const float h : hidden_of(state, 1)) CHECK(bits(h) == 0);
}

TEST_CASE("a bigram has no hidden activations, and no model has a layer past its last") {
    const float *hidden = nullptr;
    uint32_t count = 0;
    for (const mote_config &config : configs()) {
        const Model model(config);
        const State state(model.get(), config);
        for (const uint32_t layer : {config.layers, config.layers + 1, 0xffffffffu})
            CHECK(mote_state_hidden(state.get(), layer, &hidden, &count) == MOTE_ERR_ARG);
        CHECK(mote_state_hidden(nullptr, 0, &hidden, &count) == MOTE_ERR_ARG);
        CHECK(mote_state_hidden(state.get(), 0, nullptr, &count) == MOTE_ERR_ARG);
        CHECK(mote_state_hidden(state.get(), 0, &hidden, nullptr) == MOTE_ERR_ARG);
    }
}

TEST_CASE("a step that meets NaN or infinity leaves the state as it was, in every model and every tensor") {
    for (const mote_config &config : configs()) {
        const Model model(config, 5);
        mote_tensor tensor{};
        for (uint32_t index = 0; mote_model_tensor(model.get(), index, &tensor) == MOTE_OK; ++index)
            for (const float bad : {std::nanf(""), HUGE_VALF, -HUGE_VALF}) {
                INFO(describe(config) << " " << tensor.name << " " << bad);
                const State state(model.get(), config), control(model.get(), config);
                for (const uint16_t token : Text{4, 0, 2}) CHECK(step(state, token, 9) == step(control, token, 9));
                std::vector<float> before;
                if (carries(config)) before = hidden_of(state, 0);
                /* Of each kind of tensor one that the step for token 0 reads: row 0, or every row. */
                float &weight = model.weights()[tensor.offset];
                const float honest = weight;
                weight = bad;
                const float *logits = nullptr;
                float nats[2];
                const uint16_t text[] = {0, 1, 2};
                CHECK(mote_step(state.get(), 0, &logits) == MOTE_ERR_NUMERIC);
                CHECK(mote_score(state.get(), text, 3, nats, nullptr) == MOTE_ERR_NUMERIC);
                weight = honest;
                if (carries(config)) CHECK(same_bits(before.data(), hidden_of(state, 0).data(), before.size()));
                for (const uint16_t token : Text{1, 7, 3}) CHECK(step(state, token, 9) == step(control, token, 9));
            }
    }
}

TEST_CASE("a training step that meets NaN or infinity changes no weight, in every model") {
    Random random(6);
    for (const mote_config &config : configs())
        for (const uint32_t optimizer : {MOTE_SGD, MOTE_MOMENTUM, MOTE_ADAGRAD, MOTE_ADAMW}) {
            INFO(describe(config));
            const Model model(config, 5), control(config, 5);
            const Trainer trainer(model, train_config(3, 2, optimizer));
            const Trainer control_trainer(control, train_config(3, 2, optimizer));
            for (int i = 0; i < 4; ++i) {
                const Batch batch = draw_batch(random, config, 3, 2);
                float loss = -1, other = -2;
                float &weight = model.weights()[size_t{batch.tokens[0]} * 16];
                const float honest = weight;
                weight = std::nanf("");
                const Floats before(model.weights(), mote_weight_count(&config));
                CHECK(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) ==
                      MOTE_ERR_NUMERIC);
                CHECK(same_bits(before.data(), model.weights(), before.size()));
                weight = honest;
                CHECK(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
                CHECK(mote_train_step(control_trainer.get(), batch.tokens.data(), batch.targets.data(), &other) ==
                      MOTE_OK);
                CHECK(bits(loss) == bits(other));
                CHECK(model.hash() == control.hash());
            }
        }
}

TEST_CASE("a token that the vocabulary lacks is refused wherever in a batch it stands") {
    Random random(7);
    for (const mote_config &config : configs()) {
        const Model model(config, 5);
        const Trainer trainer(model, train_config(2, 3));
        const uint64_t hash = model.hash();
        Batch batch = draw_batch(random, config, 2, 3);
        float loss = -1;
        for (Text *tokens : {&batch.tokens, &batch.targets})
            for (uint16_t &token : *tokens) {
                const uint16_t honest = token;
                token = 9;
                CHECK(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) ==
                      MOTE_ERR_TOKEN);
                token = honest;
            }
        CHECK(model.hash() == hash);
        CHECK(mote_trainer_step_count(trainer.get()) == 0);
    }
}

TEST_CASE("a batch in which no target counts has loss 0 and gradients 0 and teaches nothing") {
    Random random(8);
    for (const mote_config &config : configs()) {
        const Model model(config, 5);
        const Trainer trainer(model, train_config(2, 3));
        const uint64_t hash = model.hash();
        Batch batch = draw_batch(random, config, 2, 3);
        float loss = -1;
        REQUIRE(mote_forward_backward(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
        batch.targets.assign(6, MOTE_IGNORE);
        REQUIRE(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
        CHECK(bits(loss) == 0);
        size_t count = 0, wrong = 0;
        const float *gradients = mote_gradients(trainer.get(), &count);
        for (size_t i = 0; i < count; ++i) wrong += bits(gradients[i]) != 0;
        CHECK(wrong == 0);
        CHECK(model.hash() == hash);
        CHECK(mote_trainer_step_count(trainer.get()) == 0);
    }
}
