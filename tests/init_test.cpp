/* How the weights of every model are drawn. */
#include "support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

using namespace mote_test;

namespace {

/* "in" of a tensor, from the meaning of its name. */
double inputs(const mote_config &c, const std::string &name) {
    const double vocab = c.vocab, hidden = c.hidden, window = c.context * c.embed;
    const double characters = c.embed != 0 ? c.embed : c.vocab;
    if (name == "logits" || name == "embedding") return vocab;
    if (name == "weight_l0" || (name == "bias_l0" && c.cell == MOTE_CELL_DENSE)) return window;
    for (const char *const of_input : {"weight_ih_l0", "weight_in_l0", "weight_ir_l0", "weight_iz_l0"})
        if (name == of_input) return characters;
    return hidden;
}

const std::vector<mote_config> &configs() {
    static const std::vector<mote_config> all = {bigram(9),        mlp(9, 3, 5, 20, 2), mlp(17, 1, 16, 7, 1),
                                                 rnn(9, 4, 20, 2), rnn(19, 0, 6, 1),    gru(9, 4, 20, 2),
                                                 gru(19, 0, 6, 1)};
    return all;
}

mote_init all_of(uint32_t kind, float scale) { return {{kind, scale}, {kind, scale}, {kind, scale}}; }

mote_status status(const mote_config &config, const mote_init &init) {
    Arena arena(mote_model_bytes(&config));
    mote_model *model = nullptr;
    return mote_model_random(&model, &arena.arena, &config, nullptr, &init, 1);
}

} // namespace

TEST_CASE("the fan-in rules scale by the inputs of a unit, in weights, biases, embeddings and tables") {
    for (const mote_config &config : configs())
        for (const uint32_t kind : {MOTE_INIT_FAN_IN_UNIFORM, MOTE_INIT_FAN_IN_NORMAL}) {
            INFO(describe(config) << " kind " << kind);
            const Model model(config, 7, nullptr, all_of(kind, 0.5f));
            mote_rng rng{};
            mote_rng_init(&rng, 7, 0);
            mote_tensor tensor{};
            size_t wrong = 0;
            for (uint32_t index = 0; mote_model_tensor(model.get(), index, &tensor) == MOTE_OK; ++index) {
                const double scale = 0.5 / std::sqrt(inputs(config, tensor.name));
                for (uint32_t r = 0; r < tensor.shape[0]; ++r)
                    for (uint32_t c = 0; c < tensor.shape[1]; ++c) {
                        const double drawn = kind == MOTE_INIT_FAN_IN_NORMAL
                                                 ? static_cast<double>(mote_rng_normal(&rng))
                                                 : 2 * static_cast<double>(mote_rng_uniform(&rng)) - 1;
                        const double ours = static_cast<double>(mote_tensor_at(&tensor, r, c));
                        wrong += !(std::fabs(ours - drawn * scale) < 1e-6);
                    }
            }
            CHECK(wrong == 0);
            CHECK(dirty_padding(model.get(), model.weights()) == 0);
        }
}

TEST_CASE("a bigram and an MLP have the same weights everywhere") {
    CHECK(Model(bigram(27), 42).hash() == 0x55d437a576239679u);
    CHECK(Model(mlp(27, 3, 10, 33, 2), 42).hash() == 0xe173413e1330e1a9u);
    CHECK(Model(mlp(27, 3, 10, 33, 2), 42, nullptr, all_of(MOTE_INIT_FAN_IN_UNIFORM, 1)).hash() == 0xef6c1dd2b879cffbu);
    CHECK(Model(mlp(27, 3, 10, 33, 2), 42, nullptr, all_of(MOTE_INIT_FAN_IN_NORMAL, 1)).hash() == 0x10b5e4d1d88c7ab9u);
}

TEST_CASE("of a bigram only the rule of its table is looked at, and the hidden rule is none for it") {
    const mote_init_rule good{MOTE_INIT_NORMAL, 1.0f}, bad{99, 1.0f};
    CHECK(status(bigram(5), {good, bad, bad}) == MOTE_OK);
    CHECK(status(bigram(5), {bad, good, good}) == MOTE_ERR_ARG);
    CHECK(status(bigram(5), {{MOTE_INIT_HIDDEN_UNIFORM, 1.0f}, good, good}) == MOTE_ERR_ARG);
    CHECK(status(bigram(5), {{MOTE_INIT_XAVIER_NORMAL, 1.0f}, good, good}) == MOTE_OK);
    CHECK(status(mlp(5, 2, 3, 4, 1), {{MOTE_INIT_HIDDEN_UNIFORM, 1.0f}, good, good}) == MOTE_OK);
    CHECK(status(mlp(5, 2, 3, 4, 1), {good, bad, good}) == MOTE_ERR_ARG);
    CHECK(status(mlp(5, 2, 3, 4, 1), {good, good, bad}) == MOTE_ERR_ARG);
    CHECK(status(mlp(5, 2, 3, 4, 1), {good, {MOTE_INIT_XAVIER_NORMAL, 1.0f}, good}) == MOTE_ERR_ARG);
}

TEST_CASE("every rule draws +0 or at least 2^-40, however small the scale") {
    for (const mote_config &config : configs())
        for (const uint32_t kind : {MOTE_INIT_FAN_IN_UNIFORM, MOTE_INIT_FAN_IN_NORMAL})
            for (const float scale : {0.0f, 1e-30f, 1e-11f}) {
                const Model model(config, 1, nullptr, all_of(kind, scale));
                size_t count = 0, wrong = 0;
                const float *weights = model.weights(&count);
                for (size_t i = 0; i < count; ++i) wrong += bits(weights[i]) != 0 && std::fabs(weights[i]) < quantum;
                CHECK(wrong == 0);
            }
}
