#pragma once

#include "mote.h"
#include "option_parser.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mote::cli {

enum InitKind : uint32_t { INIT_UNIFORM, INIT_NORMAL, INIT_XAVIER, INIT_HE };
/* Where --state is not given: carried from batch to batch, but only in order. */
constexpr uint32_t STATE_BY_ORDER = 2;
constexpr uint32_t FULL_BATCH = 0;
constexpr float usual_teacher_share = 0.5f;

/* What `mote train` can be told; the values here are its defaults. */
struct TrainOptions {
    std::vector<std::string> corpora;
    std::string output, recipe, isa, checkpoint, resume, log, base, adapter;
    bool lines = false, json = false, quiet = false;

    uint32_t cell = MOTE_CELL_RECURRENT;
    uint32_t context = 8, hidden = 128, layers = 1;
    std::optional<uint32_t> embed;
    uint32_t activation = MOTE_TANH;
    uint32_t init = INIT_UNIFORM;
    std::optional<float> init_scale, init_bias, init_embed;
    bool count = false;
    float smoothing = 1;

    uint32_t batch = 32, steps = 2000, epochs = 0;
    std::optional<uint32_t> time, order;
    uint32_t loss = MOTE_LOSS_MEAN;
    uint32_t state = STATE_BY_ORDER;
    uint32_t split[3] = {100, 0, 0}, vocab_size = 0;
    uint64_t seed = 1;

    uint32_t optimizer = MOTE_ADAMW;
    std::optional<float> rate;
    float momentum = 0.9f, beta1 = 0.9f, beta2 = 0.999f, eps = 1e-8f, decay = 0.01f;
    float clip_value = 0, clip_norm = 1;
    uint32_t schedule = MOTE_SCHEDULE_CONSTANT, warmup = 0, period = 0;
    std::optional<float> rate_factor;

    std::optional<uint32_t> learned; /* of a base, see train_adapter.h */

    std::vector<std::string> teachers;
    std::optional<float> teacher_share;

    uint32_t threads = 1, shards = 1, timeout = 20;
    uint32_t eval_every = 0, eval_batches = 200, patience = 0, eval_limit = 0;
    uint32_t checkpoint_every = 0;
    bool steps_given = false;
    std::optional<uint32_t> precision; /* to learn with; else float32, or what the checkpoint says */
};

/* Options read into `options`, which must outlive the app: all, or those that lr-find has too. */
void add_train_options(CommandLine app, TrainOptions &options);
void add_recipe_options(CommandLine app, TrainOptions &options);

/* Throws UsageError for options that contradict each other. */
void check_train_options(CommandLine app, const TrainOptions &options);
void check_recipe_options(CommandLine app, const TrainOptions &options);

/* The library's structures for them. */
uint32_t order_of(const TrainOptions &options);
mote_init init_of(const TrainOptions &options);
mote_config model_config_of(const TrainOptions &options, uint32_t vocab);
mote_train_config train_config_of(const TrainOptions &options);
mote_schedule schedule_of(const TrainOptions &options, uint32_t steps);

} // namespace mote::cli
