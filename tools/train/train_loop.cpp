#include "train_loop.h"

#include "batches.h"
#include "errors.h"
#include "estimate.h"
#include "progress.h"
#include "ranks.h"
#include "stop.h"
#include "train_adapter.h"
#include "train_log.h"

#include <algorithm>

namespace mote::cli {

namespace {

constexpr double kept = 0.999, taken = 0.001; /* of the running mean, of a new loss */

class Loop {
  public:
    Loop(Session &session, const Traces &traces)
        : session_(session), run_(session.run), traces_(traces),
          batches_(traces.corpus, session.parts, session.run, session.config, session.train, session.teachers.get()),
          every_(traces.checkpoint_every != 0 ? traces.checkpoint_every : std::max(run_.steps / 10, 1u)),
          log_(traces.log, run_.position), progress_(run_.position, run_.steps, traces.quiet) {}

    Pace run();

  private:
    bool done() const;
    const char *stop_asked() const;
    float make_step(float rate);
    float rate_now() const;
    void remember(float loss);
    Losses evaluate();
    void write_row(float loss, float rate, const Losses &losses);
    void save_now();
    [[noreturn]] void stop(const char *signal);

    Session &session_;
    RunRecord &run_;
    const Traces &traces_;
    Batches batches_;
    uint32_t every_;
    TrainLog log_;
    Progress progress_;
};

Pace Loop::run() {
    Stopwatch watch;
    uint64_t characters = 0;
    while (!done()) {
        if (const char *signal = stop_asked()) stop(signal);
        float rate = rate_now();
        float loss = make_step(rate);
        characters += batches_.characters();
        remember(loss);
        session_.chain.add(run_.position, {rate, loss, norm_of(session_)});
        write_row(loss, rate, evaluate());
        progress_.show(run_.position, double_of(run_.smoothed_bits), characters);
        if (run_.position % every_ == 0) save_now();
    }
    double seconds = watch.seconds();
    save_now();
    log_.sync();
    return {seconds, characters};
}

/* Several processes stop after the same step. */
const char *Loop::stop_asked() const {
    return session_.sharded != nullptr ? session_.sharded->stop_signal() : stop_requested();
}

bool Loop::done() const {
    bool out_of_patience = run_.patience != 0 && run_.best_position != 0 &&
                           run_.position - run_.best_position >= uint64_t{run_.patience} * run_.eval_every;
    return run_.position >= run_.steps || out_of_patience;
}

float Loop::rate_now() const {
    float rate = 0;
    check(mote_schedule_learning_rate(&run_.schedule, static_cast<uint32_t>(run_.position), &rate), "schedule");
    return rate;
}

float Loop::make_step(float rate) {
    batches_.fill(run_.position);
    if (batches_.starts_pass()) reset_state(session_);
    const float loss = learn(session_, rate, batches_.tokens(), batches_.targets());
    session_.written_at = session_.saved_at; /* the first rank has written it, or would not have come here */
    return loss;
}

void Loop::remember(float loss) {
    auto wide = static_cast<double>(loss);
    /* What begins with a base does not begin with knowing nothing. */
    const bool is_first = run_.position == 0 && session_.base != nullptr;
    ++run_.position;
    run_.smoothed_bits = bits_of(is_first ? wide : kept * double_of(run_.smoothed_bits) + taken * wide);
    double sum = double_of(run_.pass_bits) + wide;
    run_.pass_bits = bits_of(sum);
    if (run_.position % batches_.per_pass() != 0) return;
    run_.pass_mean_bits = bits_of(sum / static_cast<double>(batches_.per_pass()));
    run_.pass_bits = bits_of(0);
}

/* Estimates the losses where it is time to; the best dev loss so far is remembered, and its weights. A checkpoint of
 * this step has to know of both, so a stop that finds an estimate under way waits for its end. */
Losses Loop::evaluate() {
    if (run_.eval_every == 0 || run_.position % run_.eval_every != 0) return {};
    StopLater until_estimated(!traces_.checkpoint.empty());
    Losses losses = estimate(session_, traces_.corpus);
    std::string line = formatted("step %llu ", static_cast<unsigned long long>(run_.position));
    for (Part part : {TRAIN, DEV, TEST}) {
        if (losses.of[part]) line += formatted(" %s %.4f", part_name(part), *losses.of[part]);
    }
    bool better = run_.patience != 0 && (run_.best_position == 0 || *losses.of[DEV] < double_of(run_.best_bits));
    if (better) {
        run_.best_bits = bits_of(*losses.of[DEV]);
        run_.best_position = run_.position;
        keep_as_best(session_);
        line += ", the best so far";
    }
    progress_.note(line);
    return losses;
}

/* A terminal or a pipe that the log went to may be gone: that ends the training, with its checkpoint. */
void Loop::write_row(float loss, float rate, const Losses &losses) {
    try {
        log_.add({run_.position, static_cast<double>(loss), double_of(run_.smoothed_bits), static_cast<double>(rate),
                  static_cast<double>(norm_of(session_)), losses});
    } catch (const Failure &) {
        if (!log_.is_kept()) save_now();
        throw;
    }
}

/* What is in a checkpoint is in the log file too, so that a resumed training can go on in it. */
void Loop::save_now() {
    if (traces_.checkpoint.empty() || session_.saved_at == run_.position) return;
    if (log_.is_kept()) log_.sync();
    save_checkpoint(session_, traces_.checkpoint);
    session_.saved_at = run_.position;
    if (program_ranks().is_first()) session_.written_at = run_.position;
}

void Loop::stop(const char *signal) {
    save_now();
    if (session_.sharded != nullptr) session_.sharded->await_first();
    if (log_.is_kept()) log_.sync();
    std::string message =
        formatted("stopped by %s after step %llu", signal, static_cast<unsigned long long>(run_.position));
    if (!traces_.checkpoint.empty()) message += "; go on with --resume " + traces_.checkpoint;
    throw Failure(message);
}

} // namespace

Pace train(Session &session, const Traces &traces) {
    try {
        return Loop(session, traces).run();
    } catch (const LostRank &lost) {
        if (!session.written_at) throw;
        throw LostRank(formatted("%s; go on with --resume %s, which holds step %llu", lost.what(),
                                 traces.checkpoint.c_str(), static_cast<unsigned long long>(*session.written_at)));
    }
}

} // namespace mote::cli
