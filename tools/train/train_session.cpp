#include "train_session.h"

#include "batches.h"
#include "byte_tokens.h"
#include "errors.h"
#include "files.h"
#include "model_file.h"
#include "precisions.h"
#include "progress.h"
#include "sharing.h"
#include "surprise.h"
#include "train_adapter.h"
#include "train_integers.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace mote::cli {

double double_of(uint64_t bits) {
    double number;
    std::memcpy(&number, &bits, sizeof number);
    return number;
}

uint64_t bits_of(double number) {
    uint64_t bits;
    std::memcpy(&bits, &number, sizeof bits);
    return bits;
}

namespace {

RunRecord new_run(const TrainOptions &options, uint64_t corpus_hash) {
    RunRecord run{};
    run.seed = options.seed;
    run.corpus_hash = corpus_hash;
    run.order = order_of(options);
    run.eval_every = options.eval_every;
    run.eval_batches = options.eval_batches;
    run.patience = options.patience;
    run.lines = options.lines ? 1 : 0;
    for (int part = 0; part < 3; ++part) run.split[part] = options.split[part];
    return run;
}

/* A running mean begins at the loss of knowing nothing. */
double loss_of_a_guess(const mote_config &config, const mote_train_config &train) {
    double counted = train.loss == MOTE_LOSS_SUM ? static_cast<double>(train.batch) * train.time_steps : 1.0;
    return std::log(static_cast<double>(config.vocab)) * counted;
}

uint32_t steps_of(const TrainOptions &options, size_t batches_per_pass) {
    if (options.epochs == 0) return options.steps;
    uint64_t steps = uint64_t{options.epochs} * batches_per_pass;
    if (steps > 0xFFFFFFFFu) throw UsageError(formatted("--epochs %u: more than 2^32 - 1 steps", options.epochs));
    return static_cast<uint32_t>(steps);
}

void check_parts(const std::string &name, Parts &parts) {
    for (Part part : {DEV, TEST}) {
        if (parts.has(part) && parts.read(part).count < shortest_text) {
            throw Failure(name + ": too short, --split leaves nothing for " + part_name(part));
        }
    }
}

size_t session_bytes(const Session &session) {
    const mote_config &config = session.config;
    const mote_train_config &train = session.train;
    size_t model = mote_model_bytes(&config);
    size_t trainer = model == 0                   ? 0
                     : session.sharded != nullptr ? session.sharded->bytes()
                                                  : mote_trainer_bytes(&config, &train);
    if (model == 0 || trainer == 0) {
        throw UsageError(formatted("--context %u --embed %u --hidden %u --layers %u --batch %u --time %u: %s of %u "
                                   "characters would be larger than 4 GiB",
                                   config.context, config.embed, config.hidden, config.layers, train.batch,
                                   train.time_steps, model == 0 ? "a model" : "the trainer for a model", config.vocab));
    }
    return model + trainer;
}

/* A batch of all targets of the training part, in as few rows as may be. */
void take_all(Session &session, const std::string &name) {
    constexpr size_t longest = 65536;
    size_t count = session.parts.pass(0).count;
    if (count < shortest_text) throw Failure(name + ": too short to train on");
    size_t rows = (count - 1 + longest - 1) / longest;
    if (rows > longest) throw UsageError("--batch full: the training part is too long, give --batch N");
    session.train.batch = static_cast<uint32_t>(rows);
    session.train.time_steps = static_cast<uint32_t>((count - 1 + rows - 1) / rows);
}

void make_best(Session &session) {
    if (session.run.patience == 0) return;
    session.best_arena = OwnArena(mote_model_bytes(&session.config));
    check(mote_model_copy(&session.best, session.best_arena.get(), session.model), "best model");
}

void copy_weights(mote_model *to, mote_model *from) {
    size_t count = 0;
    const float *weights = mote_model_weights(from, &count);
    std::copy(weights, weights + count, mote_model_weights(to, nullptr));
}

void make_trainer(Session &session) {
    if (session.sharded != nullptr) return session.sharded->begin(session.arena.get(), session.model);
    check(mote_trainer_init(&session.trainer, session.arena.get(), session.model, &session.train), "trainer");
}

/* A copy of the base, all of which learns. */
void copy_base(Session &session) {
    session.arena = OwnArena(session_bytes(session));
    session.scratch = OwnArena(mote_scratch_bytes(&session.config));
    check(mote_model_copy(&session.model, session.arena.get(), session.base->model()), "base");
    make_trainer(session);
    make_best(session);
}

void make_model(Session &session, const TrainOptions &options) {
    share_training(session, options.shards, options);
    if (learns_part(options)) return make_learned_part(session, options);
    if (session.base != nullptr) return copy_base(session);
    session.arena = OwnArena(session_bytes(session));
    session.scratch = OwnArena(mote_scratch_bytes(&session.config));
    mote_vocab vocab{session.code_points.data(), session.config.vocab, options.lines ? 1u : 0u};
    mote_init init = init_of(options);
    check(mote_model_random(&session.model, session.arena.get(), &session.config, &vocab, &init, options.seed),
          "new model");
    make_trainer(session);
    make_best(session);
}

void plan(Session &session, const TrainOptions &options, const std::string &name) {
    check_parts(name, session.parts);
    if (options.batch == FULL_BATCH) take_all(session, name);
    Batches batches(name, session.parts, session.run, session.config, session.train);
    session.run.steps = steps_of(options, batches.per_pass());
    session.run.schedule = schedule_of(options, session.run.steps);
    float rate = 0;
    if (mote_schedule_learning_rate(&session.run.schedule, 0, &rate) != MOTE_OK) {
        throw UsageError(formatted("--warmup %u: the schedule has only %u steps", options.warmup, session.run.steps));
    }
}

void check_same_corpus(const RunRecord &run, const Corpus &corpus, const std::string &checkpoint) {
    if (run.corpus_hash != corpus.hash) {
        throw Failure(corpus.name + ": not the corpus that " + checkpoint + " was training on");
    }
}

void take_steps(Session &session, const TrainOptions &options) {
    if (!options.steps_given) return;
    if (options.steps < session.run.position) {
        throw UsageError(formatted("--steps %u: %s is at step %llu already", options.steps, options.resume.c_str(),
                                   static_cast<unsigned long long>(session.run.position)));
    }
    session.run.steps = options.steps;
}

} // namespace

static std::vector<uint32_t> new_vocabulary(const TrainOptions &options, Corpus &corpus) {
    if (options.vocab_size != 0) return frequent_vocabulary(corpus, options.lines, options.vocab_size);
    return vocabulary_of(corpus, options.lines);
}

Session new_session(TrainOptions options, Corpus &corpus) {
    options.lines = options.lines || corpus.has_messages;
    std::shared_ptr<ModelFile> base = base_of(options);
    std::vector<uint32_t> code_points = base != nullptr ? code_points_of(*base) : new_vocabulary(options, corpus);
    mote_vocab vocab{code_points.data(), static_cast<uint32_t>(code_points.size()), options.lines ? 1u : 0u};
    RunRecord run = new_run(options, corpus.hash);
    Session session{base != nullptr ? base->config() : model_config_of(options, vocab.count),
                    train_config_of(options),
                    run,
                    std::move(code_points),
                    {},
                    {},
                    nullptr,
                    nullptr,
                    Parts(tokens_of(corpus, vocab), run)};
    session.base = std::move(base);
    plan(session, options, corpus.name);
    session.run.smoothed_bits = bits_of(loss_of_a_guess(session.config, session.train));
    make_model(session, options);
    if (session.part == nullptr) learn_with_integers(session, options, {});
    return session;
}

/* Of the weights in a file; float32 where it is none of mote. */
static uint32_t precision_of(const AlignedBytes &bytes) {
    OwnArena arena(MOTE_OPEN_BYTES);
    const mote_model *model = nullptr;
    mote_config config{};
    if (mote_model_open(&model, arena.get(), bytes.data(), bytes.size()) == MOTE_OK) mote_model_config(model, &config);
    return config.precision;
}

/* Model and trainer from a checkpoint. */
static void restore(Session &session, const TrainOptions &options, const AlignedBytes &bytes) {
    share_training(session, read_shards(bytes), options);
    session.arena = OwnArena(session_bytes(session));
    session.scratch = OwnArena(mote_scratch_bytes(&session.config));
    if (session.sharded != nullptr)
        return session.sharded->load(session.arena.get(), &session.model, bytes, options.resume);
    check(mote_checkpoint_load(&session.trainer, &session.model, session.arena.get(), bytes.data(), bytes.size(),
                               session.train.workspace),
          options.resume);
}

Session resumed_session(const TrainOptions &options, Corpus &corpus) {
    const std::string &path = options.resume;
    AlignedBytes bytes = read_bytes(path);
    mote_config config{};
    mote_train_config train{};
    RunRecord run{};
    if (const uint32_t precision = precision_of(bytes); precision != MOTE_PRECISION_FLOAT32) {
        const PrecisionName &name = precision_name(precision);
        throw Failure(path + formatted(": has weights of %s, which do not learn; give --resume a checkpoint of mote "
                                       "train --checkpoint, and --quantize %s to learn with such weights",
                                       name.words, name.bits));
    }
    mote_status status = mote_checkpoint_peek(bytes.data(), bytes.size(), &config, &train);
    if (status == MOTE_OK) status = read_run_record(bytes.data(), bytes.size(), run);
    if (status == MOTE_ERR_FORMAT || status == MOTE_ERR_MISSING)
        throw Failure(path + ": not a checkpoint of mote train, or cut short");
    check(status, path);
    check_same_corpus(run, corpus, path);
    train.workspace = MOTE_WORKSPACE_PACKED;
    OwnArena opened(MOTE_OPEN_BYTES);
    const mote_model *saved = nullptr;
    check(mote_model_open(&saved, opened.get(), bytes.data(), bytes.size()), path);
    mote_vocab vocab{};
    check(mote_model_vocab(saved, &vocab), path);
    Session session{config, train, run, {}, {}, {}, nullptr, nullptr, Parts(tokens_of(corpus, vocab), run)};
    restore(session, options, bytes);
    take_steps(session, options);
    make_best(session);
    if (session.best != nullptr && run.best_position != 0)
        check(mote_checkpoint_best(session.best, bytes.data(), bytes.size()), path + ": best weights");
    session.taught_by = read_teacher_record(bytes.data(), bytes.size());
    session.chain = StepChain::read(bytes.data(), bytes.size(), run.position, path).value_or(StepChain(run.position));
    learn_with_integers(session, options, bytes);
    return session;
}

void use_threads(Session &session, uint32_t count) {
    if (count == 1) return;
    session.threads = std::make_unique<Threads>(count);
    if (session.sharded != nullptr)
        session.threads->share(session.sharded->get());
    else
        session.threads->share(session.trainer);
}

void learn_from_teachers(Session &session, const TrainOptions &options) {
    const TeacherRecord before = session.taught_by;
    if (options.teachers.empty()) {
        if (before.hash == 0) return;
        throw UsageError(formatted("--resume %s: learns from %u --teacher too, share %g; give the same again",
                                   options.resume.c_str(), before.count, static_cast<double>(before.share)));
    }
    mote_vocab vocab{};
    check(mote_model_vocab(session.model, &vocab), "vocabulary");
    const float share = options.teacher_share.value_or(before.hash != 0 ? before.share : usual_teacher_share);
    tell(options.quiet, formatted("drawing targets from %zu of --teacher", options.teachers.size()));
    session.teachers = std::make_unique<TeacherTargets>(options.teachers, share, session.parts, session.run, vocab,
                                                        session.threads.get());
    const TeacherRecord &record = session.teachers->record();
    const bool same = record.hash == before.hash && record.count == before.count && record.share == before.share;
    const bool may_begin = options.resume.empty() || (session.begins_anew && before.hash == 0);
    if (!same && !may_begin)
        throw UsageError("--teacher: " + options.resume +
                         (before.hash != 0 ? " learns from other models, in another order or with another share; give "
                                             "the same again"
                                           : " learns from its text alone; leave the option out"));
    session.taught_by = record;
}

void keep_as_best(Session &session) { copy_weights(session.best, session.model); }

void return_to_best(Session &session) {
    if (session.best != nullptr && session.run.best_position != 0) copy_weights(session.model, session.best);
}

mote_status write_training(Session &session, const std::vector<mote_section> &sections, mote_write_fn write,
                           void *user) {
    const mote_model *best = session.run.best_position != 0 ? session.best : nullptr;
    mote_arena *scratch = session.scratch.get();
    if (session.sharded != nullptr) return session.sharded->save(best, sections, scratch, write, user);
    return mote_checkpoint_save(session.trainer, best, sections.data(), static_cast<uint32_t>(sections.size()), scratch,
                                write, user);
}

static void write_checkpoint(Session &session, const std::string &path) {
    const uint32_t shards = shards_of(session);
    save(path, [&](OutputFile &file) {
        std::vector<mote_section> sections{section_of(session.run)};
        if (!session.largest.empty()) sections.push_back(section_of_largest(session));
        if (session.taught_by.hash != 0) sections.push_back(section_of(session.taught_by));
        sections.push_back(session.chain.section());
        if (shards != 1) sections.push_back(section_of_shards(shards));
        return write_training(session, sections, OutputFile::write_callback, &file);
    });
}

void save_checkpoint(Session &session, const std::string &path) {
    if (session.sharded != nullptr) session.sharded->gather();
    if (program_ranks().count() == 1) return write_checkpoint(session, path);
    if (!program_ranks().is_first()) return;
    try {
        write_checkpoint(session, path);
    } catch (const Failure &error) {
        throw Failure(std::string("rank 0: ") + error.what());
    }
}

} // namespace mote::cli
