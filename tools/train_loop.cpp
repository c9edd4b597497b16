#include "train_loop.h"

#include "batches.h"
#include "errors.h"
#include "progress.h"
#include "stop.h"
#include "train_log.h"

#include <algorithm>

namespace mote::cli {

namespace {

constexpr double kept = 0.999, taken = 0.001; /* of the running mean, of a new loss */

class Loop {
  public:
    Loop(Session &session, const Traces &traces)
        : session_(session), run_(session.run), traces_(traces),
          batches_(traces.corpus, session.parts, session.run, session.train),
          every_(traces.checkpoint_every != 0 ? traces.checkpoint_every : std::max(run_.steps / 10, 1u)),
          log_(traces.log, run_.position) {}

    Pace run();

  private:
    float make_step(float rate);
    float rate_now() const;
    void remember(float loss, float rate);
    void save_now();
    [[noreturn]] void stop(const char *signal);

    Session &session_;
    mote_run &run_;
    const Traces &traces_;
    Batches batches_;
    uint32_t every_;
    TrainLog log_;
};

Pace Loop::run() {
    Progress progress(run_.position, run_.steps, traces_.quiet);
    Stopwatch watch;
    uint64_t characters = 0;
    while (run_.position < run_.steps) {
        if (const char *signal = stop_requested()) stop(signal);
        float rate = rate_now();
        float loss = make_step(rate);
        characters += batches_.characters();
        remember(loss, rate);
        progress.show(run_.position, smoothed_loss(run_), characters);
        if (run_.position % every_ == 0) save_now();
    }
    double seconds = watch.seconds();
    save_now();
    log_.sync();
    return {seconds, characters};
}

float Loop::rate_now() const {
    float rate = 0;
    check(mote_schedule_rate(&run_.schedule, static_cast<uint32_t>(run_.position), &rate), "schedule");
    return rate;
}

float Loop::make_step(float rate) {
    batches_.fill(run_.position);
    if (batches_.starts_pass()) mote_trainer_reset_state(session_.trainer);
    check(mote_trainer_set_rate(session_.trainer, rate), "learning rate");
    float loss = 0;
    check(mote_train_step(session_.trainer, batches_.tokens(), batches_.targets(), &loss), "training step");
    return loss;
}

void Loop::remember(float loss, float rate) {
    ++run_.position;
    set_smoothed_loss(run_, kept * smoothed_loss(run_) + taken * static_cast<double>(loss));
    log_.add({run_.position, static_cast<double>(loss), smoothed_loss(run_), static_cast<double>(rate),
              static_cast<double>(mote_trainer_norm(session_.trainer))});
}

void Loop::save_now() {
    if (traces_.checkpoint.empty() || session_.saved_at == run_.position) return;
    log_.sync();
    save_checkpoint(session_, traces_.checkpoint);
    session_.saved_at = run_.position;
}

void Loop::stop(const char *signal) {
    save_now();
    log_.sync();
    std::string message =
        formatted("stopped by %s after step %llu", signal, static_cast<unsigned long long>(run_.position));
    if (!traces_.checkpoint.empty()) message += "; go on with --resume " + traces_.checkpoint;
    throw Failure(message);
}

} // namespace

Pace train(Session &session, const Traces &traces) { return Loop(session, traces).run(); }

} // namespace mote::cli
