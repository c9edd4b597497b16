/* The sizes are constant expressions; macros and functions give the same; and tensors add up to them. */
#include "settings.h"

#include <doctest/doctest.h>

using namespace mote_test;

/* These are the numbers, worked out by hand. */
#define RNN64 MOTE_SHAPE_RNN(27, 0, 64, 1)
static_assert(MOTE_PARAMS(RNN64) == 64 * (27 + 64 + 1) + 27 * 65, "params");
static_assert(MOTE_WEIGHTS(RNN64) == 64 * (27 + 64 + 1) + 32 * 65, "weights");
static_assert(MOTE_WEIGHTS(MOTE_SHAPE_RNN(27, 5, 10, 2)) == 16 * 27 + 16 * (5 + 10 + 1) + 16 * (2 * 10 + 1) + 32 * 11,
              "weights");
static_assert(MOTE_TENSORS(RNN64) == 5 && MOTE_TENSORS(MOTE_SHAPE_RNN(27, 8, 64, 3)) == 12, "tensors");
static_assert(MOTE_OPEN_BYTES == 64, "a model in place");
static_assert(MOTE_MODEL_BYTES(RNN64) == 64 + 64 + 128 + 4 * (64 * 92 + 32 * 65), "model");
static_assert(MOTE_STATE_BYTES(RNN64) == 64 + 4 * (2 * 64 + 32), "state");
// Logits of 4 x 8 rows have room for 33.
static_assert(MOTE_TRAINER_BYTES(RNN64, 4, 8, MOTE_ADAGRAD, MOTE_WORKSPACE_NONE) ==
                  256 + 4 * (2 * (64 * 92 + 32 * 65) + 64 * 4 * 9 + 33 * 32 + 32 * 64),
              "trainer");
static_assert(MOTE_TRAINER_BYTES(RNN64, 4, 8, MOTE_ADAGRAD, MOTE_WORKSPACE_PACKED) ==
                  MOTE_TRAINER_BYTES(RNN64, 4, 8, MOTE_ADAGRAD, MOTE_WORKSPACE_NONE) + 4 * 64 * (27 + 64),
              "trainer");
#define BIGRAM27 MOTE_SHAPE_BIGRAM(27)
static_assert(MOTE_PARAMS(BIGRAM27) == 729 && MOTE_WEIGHTS(BIGRAM27) == 864 && MOTE_TENSORS(BIGRAM27) == 1, "bigram");
static_assert(MOTE_MODEL_BYTES(BIGRAM27) == 64 + 64 + 128 + 4 * 864, "bigram");
static_assert(MOTE_STATE_BYTES(BIGRAM27) == 64 + 128, "bigram");
static_assert(MOTE_TRAINER_BYTES(BIGRAM27, 4, 8, MOTE_ADAMW, MOTE_WORKSPACE_PACKED) == 256 + 4 * (3 * 864 + 33 * 32),
              "bigram");
#define MLP20 MOTE_SHAPE_MLP(27, 3, 10, 20, 2)
static_assert(MOTE_PARAMS(MLP20) == 27 * 10 + 20 * 31 + 20 * 21 + 27 * 21, "MLP");
static_assert(MOTE_WEIGHTS(MLP20) == 27 * 16 + 31 * 32 + 21 * 32 + 21 * 32, "MLP");
static_assert(MOTE_TENSORS(MLP20) == 7, "MLP");
static_assert(MOTE_STATE_BYTES(MLP20) == 64 + 64 + 4 * (32 + 2 * 32 + 32), "MLP");
static_assert(MOTE_TRAINER_BYTES(MOTE_SHAPE_MLP(27, 3, 10, 20, 1), 2, 8, MOTE_SGD, MOTE_WORKSPACE_NONE) ==
                  256 + 4 * (27 * 16 + 31 * 32 + 21 * 32) + 128 + 4 * 16 * (32 + 2 * 32 + 2 * 32),
              "MLP");
static_assert(MOTE_TRAINER_BYTES(MLP20, 2, 8, MOTE_SGD, MOTE_WORKSPACE_PACKED) -
                      MOTE_TRAINER_BYTES(MLP20, 2, 8, MOTE_SGD, MOTE_WORKSPACE_NONE) ==
                  4 * (32 * 20 + 32 * 27 + 32 * 20),
              "MLP");
#define GRU20 MOTE_SHAPE_GRU(27, 10, 20, 2)
static_assert(MOTE_PARAMS(GRU20) == 27 * 10 + 20 * (3 * 10 + 3 * 20 + 4) + 20 * (6 * 20 + 4) + 27 * 21, "GRU");
static_assert(MOTE_WEIGHTS(GRU20) == 27 * 16 + 32 * (3 * 10 + 3 * 20 + 4) + 32 * (6 * 20 + 4) + 32 * 21, "GRU");
static_assert(MOTE_TENSORS(GRU20) == 23, "GRU");
static_assert(MOTE_STATE_BYTES(GRU20) == 64 + 4 * (2 * 2 * 32 + 4 * 32), "GRU");
// The logits are larger than the sums, in whose place they are.
static_assert(MOTE_STATE_BYTES(MOTE_SHAPE_GRU(400, 0, 16, 1)) == 64 + 4 * (2 * 16 + 400), "GRU");
static_assert(MOTE_TRAINER_BYTES(GRU20, 2, 8, MOTE_SGD, MOTE_WORKSPACE_NONE) ==
                  256 + 4 * MOTE_WEIGHTS(GRU20) + 4 * 2 * 2 * 32 +
                      4 * 16 * (32 + 2 * 32 + 2 * 4 * 32 + 2 * 32 + 2 * 16),
              "GRU");
static_assert(MOTE_TRAINER_BYTES(GRU20, 2, 8, MOTE_SGD, MOTE_WORKSPACE_PACKED) -
                      MOTE_TRAINER_BYTES(GRU20, 2, 8, MOTE_SGD, MOTE_WORKSPACE_NONE) ==
                  4 * (16 * 96 + 3 * 32 * 96 + 32 * 27),
              "GRU");
static_assert(MOTE_SCORER_BYTES(GRU20, 2, 8) == 128 + 4 * (2 * 2 * 32 + 16 * (32 + 2 * 32 + 2 * 4 * 32 + 16)), "GRU");
// An RNN of 65 characters: base opened, adapter, what learns it by SGD, 16 characters a step, and a state to run both.
#define RNN65 MOTE_SHAPE_RNN(65, 0, 64, 1)
#define RAM65(learned)                                                                                                 \
    (MOTE_OPEN_BYTES + MOTE_ADAPTER_BYTES(RNN65, learned) + MOTE_LEARNER_BYTES(RNN65, learned, 1, 16, MOTE_SGD) +      \
     MOTE_STATE_BYTES(RNN65))
static_assert(MOTE_ADAPTER_WEIGHTS(RNN65, MOTE_LEARN_OUTPUT) == 80 * 65, "adapter");
static_assert(MOTE_ADAPTER_WEIGHTS(RNN65, MOTE_LEARN_BIASES) == 64 + 80, "adapter");
static_assert(MOTE_ADAPTER_BYTES(RNN65, MOTE_LEARN_BIASES) == 128 + 64 + 320 + 4 * 144, "adapter");
static_assert(MOTE_LEARNER_BYTES(RNN65, MOTE_LEARN_OUTPUT, 1, 16, MOTE_SGD) == 320 + 4 * 5200 + 896 + 256, "learner");
static_assert(MOTE_LEARNER_BYTES(RNN65, MOTE_LEARN_BIASES, 1, 16, MOTE_SGD) == 320 + 4 * (144 + 17 * 64 + 16 * 64 + 80),
              "learner");
static_assert(RAM65(MOTE_LEARN_OUTPUT) == 44544 && RAM65(MOTE_LEARN_BIASES) == 11712 && RAM65(3) == 52672,
              "as lib/train/ADAPTERS.md has it");
static_assert(MOTE_MOMENTS(MOTE_SGD) == 0 && MOTE_MOMENTS(MOTE_MOMENTUM) == 1 && MOTE_MOMENTS(MOTE_ADAGRAD) == 1 &&
                  MOTE_MOMENTS(MOTE_ADAMW) == 2,
              "moments");
static_assert(MOTE_SECTION_BYTES(0) == 0 && MOTE_SECTION_BYTES(1) == 64 && MOTE_SECTION_BYTES(64) == 64, "section");

namespace {

struct Sizes {
    uint64_t params, weights, tensors, model, state, scratch, blob, trainer, checkpoint;
};

Sizes macros(const Setting &s) {
    const mote_config &c = s.config;
    const uint32_t B = s.train.batch, T = s.train.time_steps, O = s.train.optimizer, W = s.train.workspace;
    return {MOTE_PARAMS(MOTE_SHAPE_OF(c)),
            MOTE_WEIGHTS(MOTE_SHAPE_OF(c)),
            MOTE_TENSORS(MOTE_SHAPE_OF(c)),
            MOTE_MODEL_BYTES(MOTE_SHAPE_OF(c)),
            MOTE_STATE_BYTES(MOTE_SHAPE_OF(c)),
            MOTE_SCRATCH_BYTES(MOTE_SHAPE_OF(c)),
            MOTE_BLOB_BYTES(MOTE_SHAPE_OF(c)),
            MOTE_TRAINER_BYTES(MOTE_SHAPE_OF(c), B, T, O, W),
            MOTE_CHECKPOINT_BYTES(MOTE_SHAPE_OF(c), B, O)};
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
