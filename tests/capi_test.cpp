#include "support.h"

#include <doctest/doctest.h>

#include <cstring>
#include <set>
#include <string>

using namespace mote_test;

extern "C" int mote_header_c99(void);

namespace {

/* One of everything, so that a call lacks nothing but the pointer that a test takes from it. */
struct Everything {
    mote_config config = rnn(5, 3, 4, 1);
    mote_train_config train = train_config(2, 3, MOTE_ADAMW);
    mote_init init = lively_init();
    Alphabet alphabet{5};
    Model model{config, 1, &alphabet.vocab()};
    Trainer trainer{model, train};
    State state{model.get(), config};
    Buffer blob = save(model.get(), config);
    Buffer checkpoint = save_checkpoint(trainer.get(), config);
    Buffer room{1 << 16};
    mote_arena arena{room.data(), room.size(), 0, 0};
    mote_buffer buffer{room.data(), room.size(), 0};
    Floats w{16}, g{16}, m{16}, v{16};
    uint16_t tokens[6] = {0, 1, 2, 3, 4, 0};
    uint16_t targets[6] = {1, 2, 3, 4, 0, 1};
    float loss = 0;
    mote_rng rng{1, 1};
};

} // namespace

TEST_CASE("making and opening with NULL is answered with MOTE_ERR_ARG") {
    Everything e;
    mote_model *model = nullptr;
    const mote_model *opened = nullptr;
    mote_trainer *trainer = nullptr;
    mote_state *state = nullptr;
    CHECK(mote_arena_init(nullptr, e.room.data(), 64) == MOTE_ERR_ARG);
    CHECK(mote_arena_init(&e.arena, nullptr, 64) == MOTE_ERR_ARG);
    CHECK(mote_model_open(nullptr, &e.arena, e.blob.data(), e.blob.size()) == MOTE_ERR_ARG);
    CHECK(mote_model_open(&opened, nullptr, e.blob.data(), e.blob.size()) == MOTE_ERR_ARG);
    CHECK(mote_model_open(&opened, &e.arena, nullptr, e.blob.size()) == MOTE_ERR_ARG);
    CHECK(mote_model_random(nullptr, &e.arena, &e.config, nullptr, &e.init, 1) == MOTE_ERR_ARG);
    CHECK(mote_model_random(&model, nullptr, &e.config, nullptr, &e.init, 1) == MOTE_ERR_ARG);
    CHECK(mote_model_random(&model, &e.arena, nullptr, nullptr, &e.init, 1) == MOTE_ERR_ARG);
    CHECK(mote_model_random(&model, &e.arena, &e.config, nullptr, nullptr, 1) == MOTE_ERR_ARG);
    const mote_vocab no_points{nullptr, 5, 0};
    CHECK(mote_model_random(&model, &e.arena, &e.config, &no_points, &e.init, 1) == MOTE_ERR_ARG);
    CHECK(mote_model_copy(nullptr, &e.arena, e.model.get()) == MOTE_ERR_ARG);
    CHECK(mote_model_copy(&model, nullptr, e.model.get()) == MOTE_ERR_ARG);
    CHECK(mote_model_copy(&model, &e.arena, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_state_init(nullptr, &e.arena, e.model.get()) == MOTE_ERR_ARG);
    CHECK(mote_state_init(&state, nullptr, e.model.get()) == MOTE_ERR_ARG);
    CHECK(mote_state_init(&state, &e.arena, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_trainer_init(nullptr, &e.arena, e.model.get(), &e.train) == MOTE_ERR_ARG);
    CHECK(mote_trainer_init(&trainer, nullptr, e.model.get(), &e.train) == MOTE_ERR_ARG);
    CHECK(mote_trainer_init(&trainer, &e.arena, nullptr, &e.train) == MOTE_ERR_ARG);
    CHECK(mote_trainer_init(&trainer, &e.arena, e.model.get(), nullptr) == MOTE_ERR_ARG);
    CHECK(e.arena.used == 0);
    CHECK(e.room.filled_with(0));
}

TEST_CASE("asking a model with NULL is answered with MOTE_ERR_ARG or nothing") {
    Everything e;
    mote_config config{};
    mote_vocab vocab{};
    mote_tensor tensor{};
    mote_train_config train{};
    size_t count = 0;
    CHECK(mote_model_config(nullptr, &config) == MOTE_ERR_ARG);
    CHECK(mote_model_config(e.model.get(), nullptr) == MOTE_ERR_ARG);
    CHECK(mote_model_vocab(nullptr, &vocab) == MOTE_ERR_ARG);
    CHECK(mote_model_vocab(e.model.get(), nullptr) == MOTE_ERR_ARG);
    CHECK(mote_model_tensor(nullptr, 0, &tensor) == MOTE_ERR_ARG);
    CHECK(mote_model_tensor(e.model.get(), 0, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_model_tensor(e.model.get(), 6, &tensor) == MOTE_ERR_ARG);
    CHECK(mote_model_tensor(e.model.get(), 0xffffffffu, &tensor) == MOTE_ERR_ARG);
    CHECK(mote_trainer_config(nullptr, &train) == MOTE_ERR_ARG);
    CHECK(mote_trainer_config(e.trainer.get(), nullptr) == MOTE_ERR_ARG);
    CHECK(mote_model_weights(nullptr, &count) == nullptr);
    CHECK(mote_weights_hash(nullptr) == 0);
    CHECK(mote_gradients(nullptr, &count) == nullptr);
    CHECK(mote_trainer_step_count(nullptr) == 0);
    CHECK(mote_trainer_norm(nullptr) == 0);
    CHECK(mote_param_count(nullptr) == 0);
    CHECK(mote_weight_count(nullptr) == 0);
    CHECK(mote_model_bytes(nullptr) == 0);
    CHECK(mote_state_bytes(nullptr) == 0);
    CHECK(mote_scratch_bytes(nullptr) == 0);
    CHECK(mote_blob_bytes(nullptr) == 0);
    CHECK(mote_trainer_bytes(nullptr, &e.train) == 0);
    CHECK(mote_trainer_bytes(&e.config, nullptr) == 0);
    CHECK(mote_checkpoint_bytes(nullptr, &e.train) == 0);
    CHECK(mote_checkpoint_bytes(&e.config, nullptr) == 0);
}

TEST_CASE("saving and loading with NULL is answered with MOTE_ERR_ARG") {
    Everything e;
    const OwnRecord own{};
    const mote_section section = section_of(own);
    const void *data = nullptr;
    size_t size = 0;
    mote_model *model = nullptr;
    mote_trainer *trainer = nullptr;
    const auto write = mote_buffer_write;
    CHECK(mote_model_save(nullptr, &section, 1, &e.arena, write, &e.buffer) == MOTE_ERR_ARG);
    CHECK(mote_model_save(e.model.get(), &section, 1, nullptr, write, &e.buffer) == MOTE_ERR_ARG);
    CHECK(mote_model_save(e.model.get(), &section, 1, &e.arena, nullptr, &e.buffer) == MOTE_ERR_ARG);
    CHECK(mote_checkpoint_save(nullptr, nullptr, &section, 1, &e.arena, write, &e.buffer) == MOTE_ERR_ARG);
    CHECK(mote_checkpoint_save(e.trainer.get(), nullptr, &section, 1, nullptr, write, &e.buffer) == MOTE_ERR_ARG);
    CHECK(mote_checkpoint_save(e.trainer.get(), nullptr, &section, 1, &e.arena, nullptr, &e.buffer) == MOTE_ERR_ARG);
    CHECK(mote_buffer_write(nullptr, "a", 1) == MOTE_ERR_ARG);
    CHECK(mote_buffer_write(&e.buffer, nullptr, 1) == MOTE_ERR_ARG);
    CHECK(mote_selftest(nullptr, &e.arena) == MOTE_ERR_ARG);
    CHECK(mote_selftest(e.model.get(), nullptr) == MOTE_ERR_ARG);
    CHECK(mote_blob_section(nullptr, e.blob.size(), own_section, &data, &size) == MOTE_ERR_ARG);
    CHECK(mote_blob_section(e.blob.data(), e.blob.size(), own_section, nullptr, &size) == MOTE_ERR_ARG);
    CHECK(mote_blob_section(e.blob.data(), e.blob.size(), own_section, &data, nullptr) == MOTE_ERR_ARG);
    const Buffer &c = e.checkpoint;
    CHECK(mote_checkpoint_peek(nullptr, c.size(), nullptr, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_checkpoint_load(nullptr, &model, &e.arena, c.data(), c.size(), 0) == MOTE_ERR_ARG);
    CHECK(mote_checkpoint_load(&trainer, nullptr, &e.arena, c.data(), c.size(), 0) == MOTE_ERR_ARG);
    CHECK(mote_checkpoint_load(&trainer, &model, nullptr, c.data(), c.size(), 0) == MOTE_ERR_ARG);
    CHECK(mote_checkpoint_load(&trainer, &model, &e.arena, nullptr, c.size(), 0) == MOTE_ERR_ARG);
    CHECK(e.buffer.used == 0);
    CHECK(e.arena.used == 0);
}

TEST_CASE("running with NULL is answered with MOTE_ERR_ARG") {
    Everything e;
    const float *logits = nullptr;
    float nats[5];
    uint16_t token = 0;
    CHECK(mote_step(nullptr, 0, &logits) == MOTE_ERR_ARG);
    CHECK(mote_step(e.state.get(), 0, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_score(nullptr, e.tokens, 3, nats, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_score(e.state.get(), nullptr, 3, nats, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_score(e.state.get(), e.tokens, 3, nullptr, nullptr) == MOTE_ERR_ARG);
    const mote_stage_fn hook = [](void *, uint32_t, uint32_t, uint32_t) {};
    CHECK(mote_profile_step(nullptr, 0, &logits, hook, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_profile_step(e.state.get(), 0, nullptr, hook, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_profile_step(e.state.get(), 0, &logits, nullptr, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_profile_score(nullptr, 0, 1, nats, hook, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_profile_score(e.state.get(), 0, 1, nullptr, hook, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_profile_score(e.state.get(), 0, 1, nats, nullptr, nullptr) == MOTE_ERR_ARG);
    mote_scorer *scorer = nullptr;
    CHECK(mote_scorer_init(nullptr, &e.arena, e.model.get(), 2, 3) == MOTE_ERR_ARG);
    CHECK(mote_scorer_init(&scorer, nullptr, e.model.get(), 2, 3) == MOTE_ERR_ARG);
    CHECK(mote_scorer_init(&scorer, &e.arena, nullptr, 2, 3) == MOTE_ERR_ARG);
    REQUIRE(mote_scorer_init(&scorer, &e.arena, e.model.get(), 1, 3) == MOTE_OK);
    CHECK(mote_scorer_read(nullptr, e.tokens, e.targets, nats) == MOTE_ERR_ARG);
    CHECK(mote_scorer_read(scorer, nullptr, e.targets, nats) == MOTE_ERR_ARG);
    CHECK(mote_scorer_read(scorer, e.tokens, nullptr, nats) == MOTE_ERR_ARG);
    CHECK(mote_scorer_read(scorer, e.tokens, e.targets, nullptr) == MOTE_ERR_ARG);
    mote_scorer_reset(nullptr);
    CHECK(mote_sample(nullptr, 5, 1, 0, &e.rng, &token) == MOTE_ERR_ARG);
    CHECK(mote_sample(e.w.data(), 5, 1, 0, nullptr, &token) == MOTE_ERR_ARG);
    CHECK(mote_sample(e.w.data(), 5, 1, 0, &e.rng, nullptr) == MOTE_ERR_ARG);
    mote_state_reset(nullptr);
}

TEST_CASE("text with NULL is answered with MOTE_ERR_ARG") {
    Everything e;
    const mote_vocab &vocab = e.alphabet.vocab();
    const mote_vocab no_points{nullptr, 5, 0};
    uint32_t code_points[4];
    size_t count = 0;
    char utf8[4];
    CHECK(mote_vocab_build(nullptr, 1, 0, code_points, 4, &count) == MOTE_ERR_ARG);
    CHECK(mote_vocab_build("a", 1, 0, nullptr, 4, &count) == MOTE_ERR_ARG);
    CHECK(mote_vocab_build("a", 1, 0, code_points, 4, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_vocab_build("a", 1, 2, code_points, 4, &count) == MOTE_ERR_ARG);
    CHECK(mote_encode(nullptr, "a", 1, e.tokens, 6, &count) == MOTE_ERR_ARG);
    CHECK(mote_encode(&no_points, "a", 1, e.tokens, 6, &count) == MOTE_ERR_ARG);
    CHECK(mote_encode(&vocab, nullptr, 1, e.tokens, 6, &count) == MOTE_ERR_ARG);
    CHECK(mote_encode(&vocab, "a", 1, nullptr, 6, &count) == MOTE_ERR_ARG);
    CHECK(mote_encode(&vocab, "a", 1, e.tokens, 6, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_decode(nullptr, 0, utf8) == 0);
    CHECK(mote_decode(&no_points, 0, utf8) == 0);
    CHECK(mote_decode(&vocab, 0, nullptr) == 0);
}

TEST_CASE("learning with NULL is answered with MOTE_ERR_ARG") {
    Everything e;
    const uint64_t hash = e.model.hash();
    mote_trainer *t = e.trainer.get();
    CHECK(mote_train_step(nullptr, e.tokens, e.targets, &e.loss) == MOTE_ERR_ARG);
    CHECK(mote_train_step(t, nullptr, e.targets, &e.loss) == MOTE_ERR_ARG);
    CHECK(mote_train_step(t, e.tokens, nullptr, &e.loss) == MOTE_ERR_ARG);
    CHECK(mote_train_step(t, e.tokens, e.targets, nullptr) == MOTE_ERR_ARG);
    const mote_stage_fn hook = [](void *, uint32_t, uint32_t, uint32_t) {};
    CHECK(mote_profile_train_step(nullptr, e.tokens, e.targets, &e.loss, hook, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_profile_train_step(t, nullptr, e.targets, &e.loss, hook, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_profile_train_step(t, e.tokens, nullptr, &e.loss, hook, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_profile_train_step(t, e.tokens, e.targets, nullptr, hook, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_profile_train_step(t, e.tokens, e.targets, &e.loss, nullptr, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_forward_backward(nullptr, e.tokens, e.targets, &e.loss) == MOTE_ERR_ARG);
    CHECK(mote_forward_backward(t, nullptr, e.targets, &e.loss) == MOTE_ERR_ARG);
    CHECK(mote_forward_backward(t, e.tokens, nullptr, &e.loss) == MOTE_ERR_ARG);
    CHECK(mote_forward_backward(t, e.tokens, e.targets, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_trainer_apply(nullptr) == MOTE_ERR_ARG);
    CHECK(mote_trainer_set_learning_rate(nullptr, 0.1f) == MOTE_ERR_ARG);
    mote_trainer_reset_state(nullptr);

    const mote_sgd_params sgd{0.1f, 0.5f};
    const mote_adagrad_params adagrad{0.1f, 1e-8f};
    const mote_adamw_params adamw{0.1f, 0.9f, 0.9f, 1e-8f, 0};
    float *const w = e.w.data(), *const g = e.g.data(), *const m = e.m.data(), *const v = e.v.data();
    CHECK(mote_clip_norm(nullptr, 16, 1, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_clip_value(nullptr, 16, 1) == MOTE_ERR_ARG);
    CHECK(mote_sgd(nullptr, g, m, 16, &sgd) == MOTE_ERR_ARG);
    CHECK(mote_sgd(w, nullptr, m, 16, &sgd) == MOTE_ERR_ARG);
    CHECK(mote_sgd(w, g, nullptr, 16, &sgd) == MOTE_ERR_ARG);
    CHECK(mote_sgd(w, g, m, 16, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_adagrad(nullptr, g, m, 16, &adagrad) == MOTE_ERR_ARG);
    CHECK(mote_adagrad(w, nullptr, m, 16, &adagrad) == MOTE_ERR_ARG);
    CHECK(mote_adagrad(w, g, nullptr, 16, &adagrad) == MOTE_ERR_ARG);
    CHECK(mote_adagrad(w, g, m, 16, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_adamw(nullptr, g, m, v, 16, &adamw, 1) == MOTE_ERR_ARG);
    CHECK(mote_adamw(w, nullptr, m, v, 16, &adamw, 1) == MOTE_ERR_ARG);
    CHECK(mote_adamw(w, g, nullptr, v, 16, &adamw, 1) == MOTE_ERR_ARG);
    CHECK(mote_adamw(w, g, m, nullptr, 16, &adamw, 1) == MOTE_ERR_ARG);
    CHECK(mote_adamw(w, g, m, v, 16, nullptr, 1) == MOTE_ERR_ARG);
    CHECK(e.model.hash() == hash);
}

TEST_CASE("data with NULL is answered with MOTE_ERR_ARG") {
    Everything e;
    const uint32_t percent[3] = {80, 10, 10};
    size_t bounds[4];
    uint32_t starts[4] = {};
    uint32_t order[4] = {};
    size_t found = 0;
    float rate = 0;
    const mote_schedule schedule{MOTE_SCHEDULE_CONSTANT, 0, 1, 1, 0.1f, 1};
    CHECK(mote_split(10, nullptr, bounds) == MOTE_ERR_ARG);
    CHECK(mote_split(10, percent, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_shuffle(nullptr, 4, 1, 1) == MOTE_ERR_ARG);
    CHECK(mote_schedule_learning_rate(nullptr, 0, &rate) == MOTE_ERR_ARG);
    CHECK(mote_schedule_learning_rate(&schedule, 0, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_items_find(nullptr, 6, starts, 4, &found) == MOTE_ERR_ARG);
    CHECK(mote_items_find(e.tokens, 6, nullptr, 4, &found) == MOTE_ERR_ARG);
    CHECK(mote_items_find(e.tokens, 6, starts, 4, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_items_arrange(nullptr, 6, starts, order, 1, e.targets, 6, &found) == MOTE_ERR_ARG);
    CHECK(mote_items_arrange(e.tokens, 6, nullptr, order, 1, e.targets, 6, &found) == MOTE_ERR_ARG);
    CHECK(mote_items_arrange(e.tokens, 6, starts, nullptr, 1, e.targets, 6, &found) == MOTE_ERR_ARG);
    CHECK(mote_items_arrange(e.tokens, 6, starts, order, 1, nullptr, 6, &found) == MOTE_ERR_ARG);
    CHECK(mote_items_arrange(e.tokens, 6, starts, order, 1, e.targets, 6, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_stream_batch(nullptr, 6, 0, 1, 2, 0, e.tokens, e.targets) == MOTE_ERR_ARG);
    CHECK(mote_stream_batch(e.tokens, 6, 0, 1, 2, 0, nullptr, e.targets) == MOTE_ERR_ARG);
    CHECK(mote_stream_batch(e.tokens, 6, 0, 1, 2, 0, e.targets, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_random_batch(nullptr, 6, 0, 1, 2, 1, 0, e.tokens, e.targets) == MOTE_ERR_ARG);
    CHECK(mote_random_batch(e.tokens, 6, 0, 1, 2, 1, 0, nullptr, e.targets) == MOTE_ERR_ARG);
    CHECK(mote_random_batch(e.tokens, 6, 0, 1, 2, 1, 0, e.targets, nullptr) == MOTE_ERR_ARG);
}

TEST_CASE("every status has a name of its own, and a number that is none has one too") {
    CHECK(std::string(mote_status_name(MOTE_OK)) == "MOTE_OK");
    CHECK(std::string(mote_status_name(MOTE_ERR_ARG)) == "MOTE_ERR_ARG");
    CHECK(std::string(mote_status_name(MOTE_ERR_SELFTEST)) == "MOTE_ERR_SELFTEST");
    std::set<std::string> names;
    for (int number = 0; number >= -19; --number) names.insert(mote_status_name(static_cast<mote_status>(number)));
    CHECK(names.size() == 20);
    CHECK(names.count("MOTE_ERR_UNKNOWN") == 0);
    for (const int number : {1, -20, 12})
        CHECK(std::string(mote_status_name(static_cast<mote_status>(number))) == "MOTE_ERR_UNKNOWN");
}

TEST_CASE("the numbers of the statuses never change") {
    CHECK(MOTE_OK == 0);
    CHECK(MOTE_ERR_ARG == -1);
    CHECK(MOTE_ERR_ARENA == -2);
    CHECK(MOTE_ERR_ALIGN == -3);
    CHECK(MOTE_ERR_FORMAT == -4);
    CHECK(MOTE_ERR_VERSION == -5);
    CHECK(MOTE_ERR_CHECKSUM == -6);
    CHECK(MOTE_ERR_TOKEN == -7);
    CHECK(MOTE_ERR_NUMERIC == -8);
    CHECK(MOTE_ERR_TEXT == -9);
    CHECK(MOTE_ERR_CAPACITY == -10);
    CHECK(MOTE_ERR_WRITE == -11);
    CHECK(MOTE_ERR_SELFTEST == -12);
    CHECK(MOTE_ERR_READ == -18);
    CHECK(MOTE_ERR_BASE == -19);
}

TEST_CASE("the library linked is of the header's version") { CHECK(mote_version() == MOTE_VERSION_NUMBER); }

TEST_CASE("an instruction set can be asked and forced, and one that is not there leaves the choice as it was") {
    const std::string before = mote_isa();
    for (const char *unknown : {"", "avx", "avx22", "AVX2", "sse", "sse2 ", "scalar ", "none"}) {
        CHECK(mote_isa_force(unknown) == MOTE_ERR_UNSUPPORTED);
        CHECK(mote_isa() == before);
    }
    CHECK(mote_isa_force(nullptr) == MOTE_ERR_ARG);
    std::set<std::string> names;
    uint32_t count = 0;
    for (; mote_isa_at(count) != nullptr; ++count) {
        REQUIRE(mote_isa_force(mote_isa_at(count)) == MOTE_OK);
        CHECK(std::string(mote_isa()) == mote_isa_at(count));
        names.insert(mote_isa());
    }
    CHECK(names.size() == count);
    CHECK(names.count(before) == 1);
    CHECK(mote_isa_at(count + 1) == nullptr);
    CHECK(mote_isa_at(0xffffffffu) == nullptr);
    REQUIRE(mote_isa_force(before.c_str()) == MOTE_OK);
}

TEST_CASE("C99 code learns and runs with the header alone, in static memory of exactly the sizes of the macros") {
    CHECK(mote_header_c99() == 1);
}
