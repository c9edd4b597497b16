/* Configurations and sizes that are none. */
#include "support.h"

#include <doctest/doctest.h>

#include <functional>

using namespace mote_test;

namespace {

using Spoil = std::function<void(mote_config &)>;

/* What a configuration may be refused with. */
bool refusal(mote_status status) {
    return status == MOTE_ERR_ARG || status == MOTE_ERR_UNSUPPORTED || status == MOTE_ERR_SIZE;
}

/* No size and no model. */
bool refused(mote_config config, const Spoil &spoil) {
    spoil(config);
    const mote_init init = lively_init(config.cell);
    const mote_train_config train = train_config(1, 1);
    Arena arena(1 << 16);
    mote_model *model = nullptr;
    return mote_param_count(&config) == 0 && mote_weight_count(&config) == 0 && mote_model_bytes(&config) == 0 &&
           mote_state_bytes(&config) == 0 && mote_scratch_bytes(&config) == 0 && mote_blob_bytes(&config) == 0 &&
           mote_trainer_bytes(&config, &train) == 0 && mote_checkpoint_bytes(&config, &train) == 0 &&
           refusal(mote_model_random(&model, &arena.arena, &config, nullptr, &init, 1)) && arena.arena.used == 0;
}

} // namespace

TEST_CASE("configurations that cannot be used have no size and make no model") {
    for (const mote_config &good : {bigram(5), mlp(5, 2, 3, 4, 2), rnn(5, 3, 4, 2), gru(5, 3, 4, 2)}) {
        INFO(describe(good));
        CHECK_FALSE(refused(good, [](mote_config &) {}));
        for (const uint32_t input : {0u, 4u, 0xffffffffu})
            CHECK(refused(good, [=](mote_config &c) { c.input = input; }));
        for (const uint32_t cell : {0u, MOTE_CELL_COUNT + 1, 0xffffffffu})
            CHECK(refused(good, [=](mote_config &c) { c.cell = cell; }));
        for (const uint32_t cell : {MOTE_CELL_NONE, MOTE_CELL_DENSE, MOTE_CELL_RECURRENT})
            if (cell != good.cell && !(cell == MOTE_CELL_RECURRENT && carries(good)))
                CHECK(refused(good, [=](mote_config &c) { c.cell = cell; }));
        for (const uint32_t vocab : {0u, 1u, MOTE_MAX_VOCAB + 1, 0xffffffffu})
            CHECK(refused(good, [=](mote_config &c) { c.vocab = vocab; }));
        for (const uint32_t act : {3u, 0xffffffffu}) CHECK(refused(good, [=](mote_config &c) { c.activation = act; }));
        for (const uint32_t embed : {MOTE_MAX_WIDTH + 1, 0xffffffffu})
            CHECK(refused(good, [=](mote_config &c) { c.embed = embed; }));
        for (const uint32_t hidden : {MOTE_MAX_WIDTH + 1, 0xffffffffu})
            CHECK(refused(good, [=](mote_config &c) { c.hidden = hidden; }));
        for (const uint32_t layers : {MOTE_MAX_LAYERS + 1, 0xffffffffu})
            CHECK(refused(good, [=](mote_config &c) { c.layers = layers; }));
        for (const uint32_t context : {MOTE_MAX_CONTEXT + 1, 0xffffffffu})
            CHECK(refused(good, [=](mote_config &c) { c.context = context; }));
    }
}

TEST_CASE("a field that a model does not have must be 0, and one that it has must not") {
    const mote_config with_layers[] = {mlp(5, 2, 3, 4, 2), rnn(5, 3, 4, 2), gru(5, 3, 4, 2)};
    for (const mote_config &good : with_layers) {
        CHECK(refused(good, [](mote_config &c) { c.activation = 0; }));
        CHECK(refused(good, [](mote_config &c) { c.hidden = 0; }));
        CHECK(refused(good, [](mote_config &c) { c.layers = 0; }));
    }
    CHECK(refused(mlp(5, 2, 3, 4, 2), [](mote_config &c) { c.context = 0; }));
    CHECK(refused(mlp(5, 2, 3, 4, 2), [](mote_config &c) { c.embed = 0; }));
    CHECK(refused(rnn(5, 3, 4, 2), [](mote_config &c) { c.embed = 0; }));
    CHECK(refused(rnn(5, 0, 4, 2), [](mote_config &c) { c.embed = 3; }));
    CHECK(refused(rnn(5, 3, 4, 2), [](mote_config &c) { c.context = 1; }));
    CHECK(refused(gru(5, 3, 4, 2), [](mote_config &c) { c.context = 1; }));
    CHECK(refused(gru(5, 3, 4, 2), [](mote_config &c) { c.activation = MOTE_RELU; }));
    CHECK(refused(bigram(5), [](mote_config &c) { c.activation = MOTE_TANH; }));
    CHECK(refused(bigram(5), [](mote_config &c) { c.context = 1; }));
    CHECK(refused(bigram(5), [](mote_config &c) { c.embed = 1; }));
    CHECK(refused(bigram(5), [](mote_config &c) { c.hidden = 1; }));
    CHECK(refused(bigram(5), [](mote_config &c) { c.layers = 1; }));
}

TEST_CASE("the longest context and the widest layers are usable, one more is not") {
    const auto has_size = [](const mote_config &config) { return mote_model_bytes(&config) != 0; };
    CHECK(has_size(mlp(2, MOTE_MAX_CONTEXT, 1, 1, 1)));
    CHECK_FALSE(has_size(mlp(2, MOTE_MAX_CONTEXT + 1, 1, 1, 1)));
    CHECK(has_size(mlp(2, 1, MOTE_MAX_WIDTH, 1, 1)));
    CHECK_FALSE(has_size(mlp(2, 1, MOTE_MAX_WIDTH + 1, 1, 1)));
    CHECK(has_size(mlp(2, 1, 1, MOTE_MAX_WIDTH, 1)));
    CHECK_FALSE(has_size(mlp(2, 1, 1, MOTE_MAX_WIDTH + 1, 1)));
    CHECK(has_size(mlp(2, 1, 1, 1, MOTE_MAX_LAYERS)));
    CHECK_FALSE(has_size(mlp(2, 1, 1, 1, MOTE_MAX_LAYERS + 1)));
    CHECK_FALSE(has_size(mlp(2, MOTE_MAX_CONTEXT, MOTE_MAX_WIDTH, MOTE_MAX_WIDTH, 1)));
    CHECK(has_size(bigram(32766)));
    CHECK_FALSE(has_size(bigram(32767)));
    const mote_config longest = mlp(2, MOTE_MAX_CONTEXT, 1, 1, 1);
    const Model model(longest);
    const State state(model.get(), longest);
    const float *logits = nullptr;
    CHECK(mote_step(state.get(), 1, &logits) == MOTE_OK);
}

namespace {

uint64_t limited(uint64_t bytes) { return bytes <= UINT32_MAX ? bytes : 0; }

/* As large as the limits allow, and smaller by powers of two. */
uint32_t draw_width(Random &random, uint32_t limit) {
    const uint32_t shift = random.below(12);
    return 1 + random.below(limit >> (shift < 6 ? 0 : shift - 5));
}

} // namespace

TEST_CASE("a size above 2^32 - 1 is none") {
    Random random(8);
    size_t large = 0, largest_trainers = 0;
    for (int i = 0; i < 3000; ++i) {
        const uint32_t V = 2 + random.below(MOTE_MAX_VOCAB - 1);
        const uint32_t C = draw_width(random, MOTE_MAX_CONTEXT);
        const uint32_t E = draw_width(random, MOTE_MAX_WIDTH);
        const uint32_t H = draw_width(random, MOTE_MAX_WIDTH);
        const uint32_t L = 1 + random.below(MOTE_MAX_LAYERS);
        const uint32_t B = draw_width(random, 65536);
        const uint32_t T = draw_width(random, 65536);
        const uint32_t O = random.below(4);
        const mote_train_config train = train_config(B, T, O);
        const bool embedded = random.below(2) == 0;
        const uint32_t RE = embedded ? E : 0;
        const mote_config configs[] = {bigram(V), mlp(V, C, E, H, L), rnn(V, RE, H, L)};
        const uint64_t models[] = {MOTE_MODEL_BYTES(MOTE_SHAPE_BIGRAM(V)),
                                   MOTE_MODEL_BYTES(MOTE_SHAPE_MLP(V, C, E, H, L)),
                                   MOTE_MODEL_BYTES(MOTE_SHAPE_RNN(V, RE, H, L))};
        const uint64_t trainers[] = {MOTE_TRAINER_BYTES(MOTE_SHAPE_BIGRAM(V), B, T, O, MOTE_WORKSPACE_PACKED),
                                     MOTE_TRAINER_BYTES(MOTE_SHAPE_MLP(V, C, E, H, L), B, T, O, MOTE_WORKSPACE_PACKED),
                                     MOTE_TRAINER_BYTES(MOTE_SHAPE_RNN(V, RE, H, L), B, T, O, MOTE_WORKSPACE_PACKED)};
        for (int cell = 0; cell < 3; ++cell) {
            const uint64_t bytes = limited(models[cell]);
            const uint64_t trainer = bytes == 0 ? 0 : limited(trainers[cell]);
            large += bytes == 0;
            largest_trainers += bytes != 0 && trainer == 0;
            CHECK(mote_model_bytes(&configs[cell]) == bytes);
            if (bytes == 0) CHECK(mote_state_bytes(&configs[cell]) == 0);
            CHECK(mote_trainer_bytes(&configs[cell], &train) == trainer);
            if (trainer == 0) CHECK(mote_checkpoint_bytes(&configs[cell], &train) == 0);
        }
    }
    CHECK(large > 1000);
    CHECK(large < 8000);
    CHECK(largest_trainers > 1000);
}

TEST_CASE("a model or trainer larger than 2^32 - 1 bytes is refused before any memory is looked at") {
    const mote_config huge = rnn(65535, 65536, 65536, 16);
    const mote_init init = lively_init();
    Buffer memory(4096, 0xa5);
    mote_arena arena{memory.data(), SIZE_MAX, 0, 0};
    mote_model *model = nullptr;
    CHECK(mote_model_random(&model, &arena, &huge, nullptr, &init, 1) == MOTE_ERR_SIZE);
    const Model small(rnn(5, 0, 3, 1));
    const mote_train_config train = train_config(65536, 65536);
    mote_trainer *trainer = nullptr;
    CHECK(mote_trainer_init(&trainer, &arena, small.get(), &train) == MOTE_ERR_SIZE);
    CHECK(memory.filled_with(0xa5));
}
