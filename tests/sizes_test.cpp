/* The sizes are constant expressions; macros and functions give the same; and tensors add up to them. */
#include "settings.h"

#include <doctest/doctest.h>

using namespace mote_test;

/* These are the numbers, worked out by hand. */
static_assert(MOTE_RNN_PARAMS(27, 0, 64, 1) == 64 * (27 + 64 + 1) + 27 * 65, "params");
static_assert(MOTE_RNN_WEIGHTS(27, 0, 64, 1) == 64 * (27 + 64 + 1) + 32 * 65, "weights");
static_assert(MOTE_RNN_WEIGHTS(27, 5, 10, 2) == 16 * 27 + 16 * (5 + 10 + 1) + 16 * (2 * 10 + 1) + 32 * 11, "weights");
static_assert(MOTE_RNN_TENSORS(0, 1) == 5 && MOTE_RNN_TENSORS(8, 3) == 12, "tensors");
static_assert(MOTE_RNN_MODEL_BYTES(27, 0, 64, 1) == 32512, "model");
static_assert(MOTE_RNN_STATE_BYTES(27, 0, 64, 1) == 768, "state");
static_assert(MOTE_RNN_TRAINER_BYTES(27, 0, 64, 1, 4, 8, MOTE_ADAGRAD, MOTE_WORKSPACE_NONE) == 85760, "trainer");
static_assert(MOTE_RNN_TRAINER_BYTES(27, 0, 64, 1, 4, 8, MOTE_ADAGRAD, MOTE_WORKSPACE_PACKED) == 109056, "trainer");
static_assert(MOTE_BIGRAM_PARAMS(27) == 729 && MOTE_BIGRAM_WEIGHTS(27) == 864 && MOTE_BIGRAM_TENSORS == 1, "bigram");
static_assert(MOTE_BIGRAM_MODEL_BYTES(27) == 512 + 128 + 4 * 864, "bigram");
static_assert(MOTE_BIGRAM_STATE_BYTES(27) == 128 + 128, "bigram");
static_assert(MOTE_BIGRAM_TRAINER_BYTES(27, 4, 8, MOTE_ADAMW, MOTE_WORKSPACE_PACKED) ==
                  512 + 4 * (3 * 864 + 4 * 8 * 32),
              "bigram");
static_assert(MOTE_MLP_PARAMS(27, 3, 10, 20, 2) == 27 * 10 + 20 * 31 + 20 * 21 + 27 * 21, "MLP");
static_assert(MOTE_MLP_WEIGHTS(27, 3, 10, 20, 2) == 27 * 16 + 31 * 32 + 21 * 32 + 21 * 32, "MLP");
static_assert(MOTE_MLP_TENSORS(2) == 7, "MLP");
static_assert(MOTE_MLP_STATE_BYTES(27, 3, 10, 20, 2) == 128 + 64 + 4 * (32 + 2 * 32 + 32), "MLP");
static_assert(MOTE_MLP_TRAINER_BYTES(27, 3, 10, 20, 1, 2, 8, MOTE_SGD, MOTE_WORKSPACE_NONE) ==
                  512 + 4 * (27 * 16 + 31 * 32 + 21 * 32) + 128 + 4 * 16 * (32 + 2 * 32 + 2 * 32),
              "MLP");
static_assert(MOTE_MLP_TRANSPOSED(27, 3, 10, 20, 2) == 32 * 20 + 32 * 27 + 32 * 20, "MLP");
static_assert(MOTE_MOMENTS(MOTE_SGD) == 0 && MOTE_MOMENTS(MOTE_MOMENTUM) == 1 && MOTE_MOMENTS(MOTE_ADAGRAD) == 1 &&
                  MOTE_MOMENTS(MOTE_ADAMW) == 2,
              "moments");

namespace {

struct Sizes {
    uint64_t params, weights, tensors, model, state, scratch, blob, trainer, checkpoint;
};

Sizes macros(const Setting &s) {
    const uint32_t V = s.config.vocab, C = s.config.context, E = s.config.embed, H = s.config.hidden,
                   L = s.config.layers;
    const uint32_t B = s.train.batch, T = s.train.time_steps, O = s.train.optimizer, W = s.train.workspace;
    if (s.config.cell == MOTE_CELL_NONE)
        return {MOTE_BIGRAM_PARAMS(V),
                MOTE_BIGRAM_WEIGHTS(V),
                MOTE_BIGRAM_TENSORS,
                MOTE_BIGRAM_MODEL_BYTES(V),
                MOTE_BIGRAM_STATE_BYTES(V),
                MOTE_BIGRAM_SCRATCH_BYTES(V),
                MOTE_BIGRAM_BLOB_BYTES(V),
                MOTE_BIGRAM_TRAINER_BYTES(V, B, T, O, W),
                MOTE_BIGRAM_CHECKPOINT_BYTES(V, O)};
    if (s.config.cell == MOTE_CELL_DENSE)
        return {MOTE_MLP_PARAMS(V, C, E, H, L),
                MOTE_MLP_WEIGHTS(V, C, E, H, L),
                MOTE_MLP_TENSORS(L),
                MOTE_MLP_MODEL_BYTES(V, C, E, H, L),
                MOTE_MLP_STATE_BYTES(V, C, E, H, L),
                MOTE_MLP_SCRATCH_BYTES(V, C, E, H, L),
                MOTE_MLP_BLOB_BYTES(V, C, E, H, L),
                MOTE_MLP_TRAINER_BYTES(V, C, E, H, L, B, T, O, W),
                MOTE_MLP_CHECKPOINT_BYTES(V, C, E, H, L, O)};
    return {MOTE_RNN_PARAMS(V, E, H, L),
            MOTE_RNN_WEIGHTS(V, E, H, L),
            MOTE_RNN_TENSORS(E, L),
            MOTE_RNN_MODEL_BYTES(V, E, H, L),
            MOTE_RNN_STATE_BYTES(V, E, H, L),
            MOTE_RNN_SCRATCH_BYTES(V, E, H, L),
            MOTE_RNN_BLOB_BYTES(V, E, H, L),
            MOTE_RNN_TRAINER_BYTES(V, E, H, L, B, T, O, W),
            MOTE_RNN_CHECKPOINT_BYTES(V, E, H, L, B, O)};
}

} // namespace

TEST_CASE("macros and functions give the same sizes") {
    for (const Setting &s : settings()) {
        const Sizes wanted = macros(s);
        INFO(describe(s));
        CHECK(mote_param_count(&s.config) == wanted.params);
        CHECK(mote_weight_count(&s.config) == wanted.weights);
        CHECK(mote_model_bytes(&s.config) == wanted.model);
        CHECK(mote_state_bytes(&s.config) == wanted.state);
        CHECK(mote_scratch_bytes(&s.config) == wanted.scratch);
        CHECK(mote_blob_bytes(&s.config) == wanted.blob);
        CHECK(mote_trainer_bytes(&s.config, &s.train) == wanted.trainer);
        CHECK(mote_checkpoint_bytes(&s.config, &s.train) == wanted.checkpoint);
    }
}

TEST_CASE("the tensors are as many and as large as the sizes say") {
    for (const Setting &s : settings()) {
        INFO(describe(s));
        const Model model(s.config);
        mote_tensor tensor{};
        uint32_t index = 0;
        size_t floats = 0;
        size_t logical = 0;
        for (; mote_model_tensor(model.get(), index, &tensor) == MOTE_OK; ++index) {
            CHECK(tensor.offset == floats);
            CHECK(tensor.data == model.weights() + tensor.offset);
            CHECK(tensor.count % 16 == 0);
            floats += tensor.count;
            logical += size_t{tensor.shape[0]} * tensor.shape[1];
        }
        CHECK(index == macros(s).tensors);
        CHECK(floats == mote_weight_count(&s.config));
        CHECK(logical == mote_param_count(&s.config));
        size_t marked = 0;
        for (const bool own : logical_floats(model.get())) marked += own;
        CHECK(marked == logical);
    }
}
