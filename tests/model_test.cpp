#include "support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

using namespace mote_test;

namespace {

struct Named {
    std::string name;
    uint32_t rows, columns, layout;
};

std::vector<Named> table_of(const mote_model *model) {
    std::vector<Named> table;
    mote_tensor tensor{};
    for (uint32_t index = 0; mote_model_tensor(model, index, &tensor) == MOTE_OK; ++index)
        table.push_back({tensor.name, tensor.shape[0], tensor.shape[1], tensor.layout});
    return table;
}

bool operator==(const Named &a, const Named &b) {
    return a.name == b.name && a.rows == b.rows && a.columns == b.columns && a.layout == b.layout;
}

mote_init init_with(mote_init_rule weights, mote_init_rule biases, mote_init_rule embedding) {
    mote_init init{};
    init.weights = weights;
    init.biases = biases;
    init.embedding = embedding;
    return init;
}

/* All elements in the order of the tensor table, row by row. */
std::vector<float> logical_order(const mote_model *model) {
    std::vector<float> numbers;
    mote_tensor tensor{};
    for (uint32_t index = 0; mote_model_tensor(model, index, &tensor) == MOTE_OK; ++index)
        for (uint32_t r = 0; r < tensor.shape[0]; ++r)
            for (uint32_t c = 0; c < tensor.shape[1]; ++c) numbers.push_back(mote_tensor_at(&tensor, r, c));
    return numbers;
}

} // namespace

TEST_CASE("the tensor table names every tensor with its logical shape and its layout") {
    const uint32_t out_in = MOTE_LAYOUT_PANELS_OUT_IN, vector = MOTE_LAYOUT_VECTOR;
    const Model one_hot(rnn(9, 0, 20, 1));
    CHECK(table_of(one_hot.get()) == std::vector<Named>{{"weight_ih_l0", 20, 9, out_in},
                                                        {"weight_hh_l0", 20, 20, out_in},
                                                        {"bias_l0", 20, 1, vector},
                                                        {"weight_out", 9, 20, out_in},
                                                        {"bias_out", 9, 1, vector}});
    const Model embedded(rnn(9, 4, 20, 2));
    CHECK(table_of(embedded.get()) == std::vector<Named>{{"embedding", 9, 4, MOTE_LAYOUT_PANELS},
                                                         {"weight_ih_l0", 20, 4, out_in},
                                                         {"weight_hh_l0", 20, 20, out_in},
                                                         {"bias_l0", 20, 1, vector},
                                                         {"weight_ih_l1", 20, 20, out_in},
                                                         {"weight_hh_l1", 20, 20, out_in},
                                                         {"bias_l1", 20, 1, vector},
                                                         {"weight_out", 9, 20, out_in},
                                                         {"bias_out", 9, 1, vector}});
    const Model deep(rnn(2, 0, 1, MOTE_MAX_LAYERS));
    CHECK(table_of(deep.get())[47].name == "bias_l15");
    const Model counted(bigram(9));
    CHECK(table_of(counted.get()) == std::vector<Named>{{"logits", 9, 9, MOTE_LAYOUT_PANELS}});
    const Model window(mlp(9, 3, 4, 20, 2));
    CHECK(table_of(window.get()) == std::vector<Named>{{"embedding", 9, 4, MOTE_LAYOUT_PANELS},
                                                       {"weight_l0", 20, 12, out_in},
                                                       {"bias_l0", 20, 1, vector},
                                                       {"weight_l1", 20, 20, out_in},
                                                       {"bias_l1", 20, 1, vector},
                                                       {"weight_out", 9, 20, out_in},
                                                       {"bias_out", 9, 1, vector}});
    const Model deep_window(mlp(2, 1, 1, 1, MOTE_MAX_LAYERS));
    CHECK(table_of(deep_window.get())[32].name == "bias_l15");
}

TEST_CASE("an element of a tensor lies where the header says") {
    for (const mote_config &config :
         {rnn(37, 18, 33, 2), rnn(37, 0, 33, 1), gru(37, 18, 33, 2), bigram(37), mlp(37, 3, 18, 33, 2)}) {
        const Model model(config);
        size_t count = 0;
        float *const weights = model.weights(&count);
        mote_tensor tensor{};
        for (uint32_t index = 0; mote_model_tensor(model.get(), index, &tensor) == MOTE_OK; ++index)
            for (uint32_t r = 0; r < tensor.shape[0]; ++r)
                for (uint32_t c = 0; c < tensor.shape[1]; ++c) {
                    const bool out_in = tensor.layout == MOTE_LAYOUT_PANELS_OUT_IN;
                    const size_t row = out_in ? c : r, column = out_in ? r : c, rows = tensor.shape[out_in ? 1 : 0];
                    size_t place = (column / 16 * rows + row) * 16 + column % 16;
                    if (tensor.layout == MOTE_LAYOUT_VECTOR) place = r;
                    REQUIRE(bits(mote_tensor_at(&tensor, r, c)) == bits(weights[tensor.offset + place]));
                }
    }
}

TEST_CASE("the hash of the weights is FNV-1a over them in table order, row by row, little-endian, without padding") {
    for (const mote_config &config :
         {rnn(9, 0, 20, 1), gru(9, 4, 20, 2), rnn(37, 18, 33, 2, MOTE_RELU), bigram(37), mlp(37, 3, 18, 33, 2)}) {
        const Model model(config, 9);
        uint64_t hash = MOTE_FNV_START;
        for (const float number : logical_order(model.get()))
            for (uint32_t shift = 0; shift < 32; shift += 8)
                hash = (hash ^ ((bits(number) >> shift) & 0xff)) * 0x100000001b3u;
        CHECK(model.hash() == hash);
    }
}

TEST_CASE("a seed gives the same model everywhere, another seed another one") {
    const Model model(rnn(27, 10, 33, 2), 42);
    CHECK(model.hash() == 0x3f2de076448c8527u);
    CHECK(Model(rnn(27, 10, 33, 2), 42).hash() == model.hash());
    CHECK(Model(rnn(27, 10, 33, 2), 43).hash() != model.hash());
}

TEST_CASE("weights are drawn in table order, row by row, from the seed's stream 0, scaled as their kind says") {
    const mote_config config = rnn(9, 4, 20, 2);
    for (const uint32_t kind :
         {MOTE_INIT_NORMAL, MOTE_INIT_UNIFORM, MOTE_INIT_XAVIER_NORMAL, MOTE_INIT_HIDDEN_UNIFORM}) {
        INFO("kind " << kind);
        const bool normal = kind == MOTE_INIT_NORMAL || kind == MOTE_INIT_XAVIER_NORMAL;
        const mote_init_rule bias{MOTE_INIT_UNIFORM, 0.125f};
        const Model model(config, 7, nullptr, init_with({kind, 0.5f}, bias, {MOTE_INIT_NORMAL, 2.0f}));
        mote_rng rng{};
        mote_rng_init(&rng, 7, 0);
        const auto uniform = [&] { return 2 * static_cast<double>(mote_rng_uniform(&rng)) - 1; };
        const auto gauss = [&] { return static_cast<double>(mote_rng_normal(&rng)); };
        mote_tensor tensor{};
        size_t wrong = 0;
        for (uint32_t index = 0; mote_model_tensor(model.get(), index, &tensor) == MOTE_OK; ++index) {
            const std::string name = tensor.name;
            const double both = static_cast<double>(tensor.shape[0] + tensor.shape[1]);
            double scale = 0.5;
            if (kind == MOTE_INIT_XAVIER_NORMAL) scale *= std::sqrt(2 / both);
            if (kind == MOTE_INIT_HIDDEN_UNIFORM) scale /= std::sqrt(20.0);
            for (uint32_t r = 0; r < tensor.shape[0]; ++r)
                for (uint32_t c = 0; c < tensor.shape[1]; ++c) {
                    double wanted;
                    if (name == "embedding")
                        wanted = gauss() * 2;
                    else if (name.rfind("bias", 0) == 0)
                        wanted = uniform() * 0.125;
                    else
                        wanted = (normal ? gauss() : uniform()) * scale;
                    wrong += !(std::fabs(static_cast<double>(mote_tensor_at(&tensor, r, c)) - wanted) < 1e-6);
                }
        }
        CHECK(wrong == 0);
    }
}

TEST_CASE("a model of zeros is all +0, and padding is +0 in every model") {
    const mote_config config = rnn(9, 4, 20, 2);
    const mote_init_rule zero{MOTE_INIT_ZERO, 0.0f};
    const Model zeros(config, 1, nullptr, init_with(zero, zero, zero));
    size_t count = 0;
    const float *weights = zeros.weights(&count);
    CHECK(count == mote_weight_count(&config));
    size_t wrong = 0;
    for (size_t i = 0; i < count; ++i) wrong += bits(weights[i]) != 0;
    CHECK(wrong == 0);
    const Model model(config, 1);
    CHECK(dirty_padding(model.get(), model.weights()) == 0);
}

TEST_CASE("weights are drawn as +0 or at least 2^-40, however small the scale") {
    for (const float scale : {0.0f, 1e-30f, 1e-12f, 1e-11f}) {
        const mote_init_rule tiny{MOTE_INIT_NORMAL, scale};
        const Model model(rnn(9, 4, 20, 2), 1, nullptr, init_with(tiny, tiny, tiny));
        size_t wrong = 0;
        for (const float number : logical_order(model.get())) wrong += bits(number) != 0 && std::fabs(number) < quantum;
        CHECK(wrong == 0);
    }
}

TEST_CASE("rules of drawing that cannot be used are refused, an embedding's where there is none is not looked at") {
    const mote_init_rule good{MOTE_INIT_NORMAL, 1.0f};
    const auto status = [](const mote_init &init, uint32_t embed) {
        const mote_config config = rnn(9, embed, 5, 1);
        Arena arena(mote_model_bytes(&config));
        mote_model *model = nullptr;
        return mote_model_random(&model, &arena.arena, &config, nullptr, &init, 1);
    };
    const std::vector<mote_init_rule> bad = {{MOTE_INIT_FAN_IN_NORMAL + 1, 1.0f},
                                             {0xffffffffu, 1.0f},
                                             {MOTE_INIT_NORMAL, -1.0f},
                                             {MOTE_INIT_NORMAL, std::nanf("")},
                                             {MOTE_INIT_UNIFORM, HUGE_VALF}};
    for (const mote_init_rule &rule : bad) {
        CHECK(status(init_with(rule, good, good), 3) == MOTE_ERR_ARG);
        CHECK(status(init_with(good, rule, good), 3) == MOTE_ERR_ARG);
        CHECK(status(init_with(good, good, rule), 3) == MOTE_ERR_ARG);
        CHECK(status(init_with(good, good, rule), 0) == MOTE_OK);
    }
    CHECK(status(init_with(good, {MOTE_INIT_XAVIER_NORMAL, 1.0f}, good), 3) == MOTE_ERR_ARG);
    CHECK(status(init_with(good, good, {MOTE_INIT_XAVIER_NORMAL, 1.0f}), 3) == MOTE_OK);
}

TEST_CASE("a copy is another model with the same weights and characters") {
    const mote_config config = rnn(9, 4, 20, 2);
    const Alphabet alphabet(9, 1);
    const Model original(config, 3, &alphabet.vocab());
    Arena arena(mote_model_bytes(&config));
    mote_model *copy = nullptr;
    REQUIRE(mote_model_copy(&copy, &arena.arena, original.get()) == MOTE_OK);
    CHECK(mote_weights_hash(copy) == original.hash());
    mote_vocab vocab{};
    REQUIRE(mote_model_vocab(copy, &vocab) == MOTE_OK);
    CHECK(vocab.count == 9);
    CHECK(vocab.boundary == 1);
    mote_model_weights(copy, nullptr)[0] += 1;
    CHECK(mote_weights_hash(copy) != original.hash());

    const Model without(config, 3);
    mote_arena_rewind(&arena.arena, 0);
    REQUIRE(mote_model_copy(&copy, &arena.arena, without.get()) == MOTE_OK);
    REQUIRE(mote_model_vocab(copy, &vocab) == MOTE_OK);
    CHECK(vocab.count == 0);
}
