#include "profiled_work.h"

#include "aligned_memory.h"
#include "batches.h"
#include "errors.h"

namespace mote::cli {

namespace {

constexpr uint64_t seed = 1;

mote_config config_of(const mote_model *model) {
    mote_config config{};
    check(mote_model_config(model, &config), "the model");
    return config;
}

/* What `mote sample` does, without an end. */
class Sampling : public ProfiledWork {
  public:
    Sampling(const mote_model *model, const std::string &name)
        : name_(name), config_(config_of(model)), arena_(mote_state_bytes(&config_)) {
        check(mote_state_init(&state_, arena_.get(), model), name_);
        mote_rng_init(&rng_, seed, 0);
    }

    void profiled_step(StageTimes &times) override {
        check(mote_profile_step(state_, token_, &logits_, StageTimes::hook, &times), name_);
        StageTimes::hook(&times, MOTE_STAGE_LOSS, 0, 0);
        draw();
        StageTimes::hook(&times, MOTE_STAGE_LOSS, 0, 1);
    }

    void step() override {
        check(mote_step(state_, token_, &logits_), name_);
        draw();
    }

    uint16_t token() const { return token_; }

  private:
    void draw() { check(mote_sample(logits_, config_.vocab, 1, 0, &rng_, &token_), name_); }

    std::string name_;
    mote_config config_;
    OwnArena arena_;
    mote_state *state_ = nullptr;
    mote_rng rng_{};
    const float *logits_ = nullptr;
    uint16_t token_ = 0;
};

class Scoring : public ProfiledWork {
  public:
    Scoring(const mote_model *model, const std::string &name, std::vector<uint16_t> text)
        : name_(name), config_(config_of(model)), text_(std::move(text)), arena_(mote_state_bytes(&config_)) {
        check(mote_state_init(&state_, arena_.get(), model), name_);
    }

    void profiled_step(StageTimes &times) override {
        const uint16_t *token = next();
        check(mote_profile_score(state_, token[0], token[1], &nats_, StageTimes::hook, &times), name_);
    }

    void step() override { check(mote_score(state_, next(), 2, &nats_, nullptr), name_); }

  private:
    const uint16_t *next() {
        if (at_ + 1 == text_.size()) at_ = 0;
        return text_.data() + at_++;
    }

    std::string name_;
    mote_config config_;
    std::vector<uint16_t> text_;
    OwnArena arena_;
    mote_state *state_ = nullptr;
    size_t at_ = 0;
    float nats_ = 0;
};

class Training : public ProfiledWork {
  public:
    Training(const mote_model *model, const std::string &name, const mote_train_config &train,
             const std::vector<uint16_t> &text)
        : name_(name), config_(config_of(model)),
          arena_(mote_model_bytes(&config_) + mote_trainer_bytes(&config_, &train)) {
        mote_model *copy = nullptr;
        check(mote_model_copy(&copy, arena_.get(), model), name_);
        check(mote_trainer_init(&trainer_, arena_.get(), copy, &train), name_);
        for (uint32_t i = 0; i < count; ++i) {
            tokens_[i].resize(train.batch * row_tokens(config_, train.time_steps));
            targets_[i].resize(size_t{train.batch} * train.time_steps);
            check(mote_random_batch(text.data(), text.size(), config_.context, train.batch, train.time_steps, seed, i,
                                    tokens_[i].data(), targets_[i].data()),
                  name_);
        }
    }

    void profiled_step(StageTimes &times) override {
        at_ = (at_ + 1) % count;
        check(mote_profile_train_step(trainer_, tokens_[at_].data(), targets_[at_].data(), &loss_, StageTimes::hook,
                                      &times),
              name_);
    }

    void step() override {
        at_ = (at_ + 1) % count;
        check(mote_train_step(trainer_, tokens_[at_].data(), targets_[at_].data(), &loss_), name_);
    }

  private:
    static constexpr uint32_t count = 8; /* batches, taken in turns */

    std::string name_;
    mote_config config_;
    OwnArena arena_;
    mote_trainer *trainer_ = nullptr;
    std::vector<uint16_t> tokens_[count], targets_[count];
    uint32_t at_ = 0;
    float loss_ = 0;
};

} // namespace

std::unique_ptr<ProfiledWork> sampling_work(const mote_model *model, const std::string &name) {
    return std::make_unique<Sampling>(model, name);
}

std::unique_ptr<ProfiledWork> scoring_work(const mote_model *model, const std::string &name,
                                           std::vector<uint16_t> text) {
    return std::make_unique<Scoring>(model, name, std::move(text));
}

std::unique_ptr<ProfiledWork> training_work(const mote_model *model, const std::string &name,
                                            const mote_train_config &train, const std::vector<uint16_t> &text) {
    return std::make_unique<Training>(model, name, train, text);
}

std::vector<uint16_t> drawn_text(const mote_model *model, const std::string &name, size_t count) {
    Sampling sampling(model, name);
    std::vector<uint16_t> text(count);
    for (uint16_t &token : text) {
        sampling.step();
        token = sampling.token();
    }
    return text;
}

} // namespace mote::cli
