#include "estimate.h"

#include "batches.h"
#include "errors.h"
#include "stop.h"
#include "surprise.h"
#include "train_adapter.h"
#include "train_integers.h"

#include <algorithm>

namespace mote::cli {

namespace {

/* For mote_rng_derive: purposes below 16 are the library's. */
constexpr uint32_t purpose_of_estimates = 16;

/* Rows at random places of a part, of a very long one among its first 2^32. */
class Estimator {
  public:
    Estimator(Session &session, const mote_model *model, TokenView text)
        : session_(session), text_(text), context_(row_tokens(session.config, 1) - 1), time_(session.train.time_steps),
          tokens_(context_ + time_ + 1), nats_(context_ + time_) {
        mote_config config{};
        check(mote_model_config(model, &config), "estimate");
        arena_ = OwnArena(mote_state_bytes(&config));
        check(mote_state_init(&state_, arena_.get(), model), "estimate");
    }

    double mean(Part part) {
        mote_rng rng;
        mote_rng_derive(&rng, session_.run.seed, purpose_of_estimates, part);
        uint64_t rows = uint64_t{session_.run.eval_batches} * session_.train.batch;
        const auto places = static_cast<uint32_t>(std::min<size_t>(text_.count - time_, UINT32_MAX));
        double sum = 0;
        for (uint64_t i = 0; i < rows; ++i) {
            sum += row(mote_rng_below(&rng, places));
            throw_if_stopped("estimate");
        }
        return sum / static_cast<double>(rows * time_);
    }

  private:
    /* The nats of `time` characters from first + 1 on; what an MLP sees before them is read first. */
    double row(size_t first) {
        size_t before = std::min(first, context_);
        mote_state_reset(state_);
        text_.read(first - before, before + time_ + 1, tokens_.data());
        check(mote_score(state_, tokens_.data(), before + time_ + 1, nats_.data(), nullptr), "estimate");
        double sum = 0;
        for (size_t i = before; i < before + time_; ++i) sum += static_cast<double>(nats_[i]);
        return sum;
    }

    Session &session_;
    TokenView text_;
    size_t context_, time_;
    OwnArena arena_;
    mote_state *state_ = nullptr;
    std::vector<uint16_t> tokens_;
    std::vector<float> nats_;
};

bool is_read_whole(const Session &session, TokenView text) {
    uint64_t rows = uint64_t{session.run.eval_batches} * session.train.batch;
    size_t time = session.train.time_steps;
    return rows == 0 || rows >= text.count / time || text.count <= time;
}

/* Adds the losses of the parts among these that there are. */
void add_whole_losses(Session &session, const mote_model *model, const std::vector<Part> &parts,
                      const std::string &corpus, uint32_t limit, Losses &losses) {
    std::vector<TokenView> texts;
    std::vector<Part> read;
    std::string what = corpus;
    for (Part part : parts) {
        if (!session.parts.has(part)) continue;
        texts.push_back(beginning_of(session.parts.read(part), limit));
        read.push_back(part);
        what += std::string(", ") + part_name(part);
    }
    if (read.empty()) return;
    if (read.front() == TRAIN) {
        losses.read_of_train = texts[0].count - 1;
        losses.of[TRAIN] = mean_surprise(model, texts[0], rows_of_training, session.threads.get(), what);
        return;
    }
    std::vector<double> means = mean_surprises(model, texts, session.threads.get(), what);
    for (size_t i = 0; i < read.size(); ++i) losses.of[read[i]] = means[i];
}

} // namespace

Losses whole_losses(Session &session, const std::string &corpus, uint32_t limit) {
    if (runs_by_adapter(session)) return adapter_losses(session, corpus, limit);
    Losses losses;
    const Measured measured = measured_model(session);
    add_whole_losses(session, measured.model, {TRAIN}, corpus, limit, losses);
    add_whole_losses(session, measured.model, {DEV, TEST}, corpus, limit, losses);
    return losses;
}

Losses estimate(Session &session, const std::string &corpus) {
    if (runs_by_adapter(session)) return adapter_losses(session, corpus, 0);
    Losses losses;
    const Measured measured = measured_model(session);
    for (Part part : {TRAIN, DEV, TEST}) {
        if (!session.parts.has(part)) continue;
        TokenView text = session.parts.read(part);
        if (is_read_whole(session, text)) {
            add_whole_losses(session, measured.model, {part}, corpus, 0, losses);
        } else {
            losses.of[part] = Estimator(session, measured.model, text).mean(part);
        }
    }
    return losses;
}

} // namespace mote::cli
