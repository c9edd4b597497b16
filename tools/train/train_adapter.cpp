#include "train_adapter.h"

#include "adapter_file.h"
#include "errors.h"
#include "files.h"
#include "precisions.h"
#include "surprise.h"

#include <optional>

namespace mote::cli {

namespace {

/* What an adapter that is gone on from has learned; other errors are told when it is loaded. */
std::optional<uint32_t> learned_by(const AlignedBytes &adapter) {
    mote_adapter_info info{};
    if (mote_adapter_peek(adapter.data(), adapter.size(), &info) != MOTE_OK) return std::nullopt;
    return info.learned;
}

bool is_of_another_base(const AlignedBytes &adapter, const ModelFile &base) {
    mote_adapter_info info{};
    return mote_adapter_peek(adapter.data(), adapter.size(), &info) == MOTE_OK &&
           info.base_hash != mote_weights_hash(base.model());
}

uint32_t learned_of(const TrainOptions &options, const AlignedBytes &adapter) {
    if (options.adapter.empty()) return *options.learned;
    const std::optional<uint32_t> before = learned_by(adapter);
    if (before && options.learned && *options.learned != *before)
        throw UsageError(formatted("--learn %s: %s has learned %s; leave the option out, or begin without --adapter",
                                   learned_name(*options.learned).c_str(), options.adapter.c_str(),
                                   learned_name(*before).c_str()));
    return before.value_or(MOTE_LEARN_OUTPUT);
}

void check_learnable(const Session &session, const TrainOptions &options, uint32_t learned) {
    const mote_config &config = session.config;
    if (config.layers == 0)
        throw UsageError("--learn " + learned_name(learned) + ": " + options.base +
                         " is a bigram, which is one table; give --learn all");
    if (config.precision != MOTE_PRECISION_FLOAT32 && learned != MOTE_LEARN_OUTPUT)
        throw UsageError(formatted("--learn %s: %s has weights of %s, of which only the output can learn; give --learn "
                                   "output",
                                   learned_name(learned).c_str(), options.base.c_str(),
                                   precision_name(config.precision).words));
}

} // namespace

bool learns_part(const TrainOptions &options) {
    return !options.base.empty() && (!options.adapter.empty() || options.learned.value_or(LEARN_ALL) != LEARN_ALL);
}

void take_cell_of_base(TrainOptions &options) {
    if (!options.base.empty()) options.cell = ModelFile(options.base).config().cell;
}

std::shared_ptr<ModelFile> base_of(TrainOptions &options) {
    if (options.base.empty()) return nullptr;
    auto base = std::make_shared<ModelFile>(options.base);
    if (!learns_part(options) && base->config().precision != MOTE_PRECISION_FLOAT32)
        throw UsageError(formatted("--learn all: %s has weights of %s, which do not learn; give --learn output",
                                   options.base.c_str(), precision_name(base->config().precision).words));
    options.cell = base->config().cell;
    options.lines = base->vocab().boundary != 0;
    return base;
}

std::vector<uint32_t> code_points_of(const ModelFile &base) {
    const mote_vocab &vocab = base.vocab();
    return {vocab.code_points, vocab.code_points + vocab.count};
}

void make_learned_part(Session &session, const TrainOptions &options) {
    const AlignedBytes before = options.adapter.empty() ? AlignedBytes() : read_bytes(options.adapter);
    const uint32_t learned = learned_of(options, before);
    if (is_of_another_base(before, *session.base))
        check_adapter(MOTE_ERR_BASE, before, options.adapter, *session.base, options.base);
    check_learnable(session, options, learned);
    auto part = std::make_unique<LearnedPart>();
    const size_t adapter = mote_adapter_bytes(&session.config, learned),
                 learner = mote_learner_bytes(&session.config, learned, &session.train);
    if (learner == 0)
        throw UsageError(formatted("--batch %u --time %u: the memory to learn in would be larger than 4 GiB",
                                   session.train.batch, session.train.time_steps));
    part->arena = OwnArena(adapter + learner);
    const mote_model *base = session.base->model();
    if (options.adapter.empty())
        check(mote_adapter_init(&part->adapter, part->arena.get(), base, learned), options.base);
    else
        check_adapter(mote_adapter_load(&part->adapter, part->arena.get(), base, before.data(), before.size()), before,
                      options.adapter, *session.base, options.base);
    check(mote_learner_init(&part->learner, part->arena.get(), part->adapter, &session.train), "learner");
    session.part = std::move(part);
}

void save_adapter(const Session &session, const std::string &path) {
    save(path,
         [&](OutputFile &file) { return mote_adapter_save(session.part->adapter, OutputFile::write_callback, &file); });
}

void reset_state(Session &session) {
    if (session.part != nullptr)
        mote_learner_reset_state(session.part->learner);
    else if (session.sharded != nullptr)
        session.sharded->reset_state();
    else
        mote_trainer_reset_state(session.trainer);
}

float learn(Session &session, float rate, const uint16_t *tokens, const uint16_t *targets) {
    float loss = 0;
    if (session.part != nullptr) {
        check(mote_learner_set_learning_rate(session.part->learner, rate), "learning rate");
        check(mote_learn_step(session.part->learner, tokens, targets, &loss), "training step");
        return loss;
    }
    if (session.sharded != nullptr) return session.sharded->step(rate, tokens, targets);
    check(mote_trainer_set_learning_rate(session.trainer, rate), "learning rate");
    check(mote_train_step(session.trainer, tokens, targets, &loss), "training step");
    return loss;
}

float norm_of(const Session &session) {
    if (session.sharded != nullptr) return session.sharded->norm();
    return session.part != nullptr ? mote_learner_norm(session.part->learner) : mote_trainer_norm(session.trainer);
}

bool runs_by_adapter(const Session &session) {
    return session.part != nullptr && mote_adapter_model(session.part->adapter) == nullptr;
}

Losses adapter_losses(Session &session, const std::string &corpus, uint32_t limit) {
    Losses losses;
    for (Part part : {TRAIN, DEV, TEST}) {
        if (!session.parts.has(part)) continue;
        const TokenView text = beginning_of(session.parts.read(part), limit);
        losses.of[part] = adapter_mean_surprise(session.part->adapter, session.base->model(), text,
                                                part == TRAIN ? rows_of_training : 1, corpus + ", " + part_name(part));
        if (part == TRAIN) losses.read_of_train = text.count - 1;
    }
    return losses;
}

} // namespace mote::cli
