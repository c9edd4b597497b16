#include "replay_start.h"

#include "adapter_file.h"
#include "errors.h"
#include "files.h"
#include "same_model.h"
#include "sharing.h"

#include <algorithm>
#include <utility>

namespace mote::cli {

namespace {

bool is_checkpoint(const AlignedBytes &bytes) {
    return mote_checkpoint_peek(bytes.data(), bytes.size(), nullptr, nullptr) == MOTE_OK;
}

TrainOptions common_options(const ReplayOptions &options, const RecordedEnd &end) {
    TrainOptions train;
    train.corpora = options.corpora;
    train.teachers = options.teachers;
    if (!options.teachers.empty()) train.teacher_share = end.taught_by.share;
    train.threads = options.threads;
    train.quiet = options.quiet;
    return train;
}

/* Whether the training of `end` began to learn with weights of integers at this step: its learning rate then begins
 * anew. */
bool quantized_at(const RecordedEnd &end, const RunRecord &before) {
    return end.run.precision != before.precision && end.run.schedule.warmup == before.position;
}

Session from_checkpoint(const ReplayOptions &options, const RecordedEnd &end, const AlignedBytes &before,
                        Corpus &corpus) {
    TrainOptions train = common_options(options, end);
    train.resume = options.before;
    RunRecord run{};
    check(read_run_record(before.data(), before.size(), run), options.before);
    if (run.position > end.run.position)
        throw Failure(formatted("%s: is at step %llu, before %s at step %llu; give the earlier one first",
                                end.path.c_str(), static_cast<unsigned long long>(end.run.position),
                                options.before.c_str(), static_cast<unsigned long long>(run.position)));
    train.steps_given = true;
    train.steps = static_cast<uint32_t>(end.run.position);
    if (quantized_at(end, run)) {
        train.precision = end.run.precision;
        train.rate = end.run.schedule.learning_rate;
        train.steps = end.run.schedule.total;
    }
    return resumed_session(train, corpus);
}

Session from_model(const ReplayOptions &options, const RecordedEnd &end, Corpus &corpus) {
    TrainOptions train = common_options(options, end);
    train.base = options.before;
    train.learned = LEARN_ALL;
    train.shards = end.shards;
    train.batch = end.train.batch;
    train.time = end.train.time_steps;
    train.loss = end.train.loss;
    train.state = end.train.state;
    train.optimizer = end.train.optimizer;
    train.clip_value = end.train.clip_value;
    train.clip_norm = end.train.clip_norm;
    train.rate = end.run.schedule.learning_rate;
    train.momentum = end.train.momentum;
    train.beta1 = end.train.beta1;
    train.beta2 = end.train.beta2;
    train.eps = end.train.eps;
    train.decay = end.train.weight_decay;
    train.seed = end.run.seed;
    train.order = end.run.order;
    train.eval_every = end.run.eval_every;
    train.eval_batches = end.run.eval_batches;
    train.patience = end.run.patience;
    std::copy(end.run.split, end.run.split + 3, train.split);
    Session session = new_session(train, corpus);
    session.run.schedule = end.run.schedule;
    return session;
}

[[noreturn]] void refuse_teachers(const RecordedEnd &end) {
    throw Failure(end.path + (end.taught_by.hash == 0
                                  ? std::string(": learned from its text alone; leave --teacher out")
                                  : formatted(": learned from %u --teacher too; give the same, in the same order",
                                              end.taught_by.count)));
}

void learn_from_the_same_teachers(Session &session, const ReplayOptions &options, const RecordedEnd &end) {
    if (options.teachers.size() != end.taught_by.count) refuse_teachers(end);
    TrainOptions train = common_options(options, end);
    if (session.base == nullptr) train.resume = options.before;
    learn_from_teachers(session, train);
    if (session.taught_by.hash != end.taught_by.hash) refuse_teachers(end);
}

} // namespace

RecordedEnd read_end(const std::string &path) {
    AlignedBytes bytes = read_bytes(path);
    if (is_adapter(bytes)) throw Failure(path + ": an adapter; a checkpoint of a whole model can be replayed");
    if (!is_checkpoint(bytes)) {
        const mote_status status = mote_checkpoint_peek(bytes.data(), bytes.size(), nullptr, nullptr);
        if (status != MOTE_ERR_MISSING && status != MOTE_ERR_FORMAT) check(status, path);
        throw Failure(path + ": not a checkpoint, which mote train --checkpoint makes, or cut short");
    }
    RecordedEnd end{path, ModelFile(std::move(bytes), path), {}, {}, {}, {}, 1};
    const AlignedBytes &file = end.file.bytes();
    check(mote_checkpoint_peek(file.data(), file.size(), nullptr, &end.train), path);
    const mote_status status = read_run_record(file.data(), file.size(), end.run);
    if (status != MOTE_OK) throw Failure(path + ": not a checkpoint of mote train");
    end.chain = StepChain::read(file.data(), file.size(), end.run.position, path);
    end.shards = read_shards(file);
    end.taught_by = read_teacher_record(file.data(), file.size());
    return end;
}

Session start_of(const ReplayOptions &options, const RecordedEnd &end, Corpus &corpus) {
    const ModelFile before(options.before);
    check_same_model({before, options.before}, {end.file, end.path});
    if (end.run.corpus_hash != corpus.hash)
        throw Failure(corpus.name + ": not the corpus that " + end.path + " learned from");
    Session session = is_checkpoint(before.bytes()) ? from_checkpoint(options, end, before.bytes(), corpus)
                                                    : from_model(options, end, corpus);
    session.run.steps = static_cast<uint32_t>(end.run.position);
    use_threads(session, options.threads);
    learn_from_the_same_teachers(session, options, end);
    return session;
}

} // namespace mote::cli
