// Every model's workload through the public C API.
#include <algorithm>

#include "aligned.h"
#include "task.h"

namespace mote_bench {

namespace {

class Training : public Task {
  public:
    explicit Training(const Workload &w) : data_(make_data(w)), buffer_(aligned(bytes(w))) {
        mote_arena arena;
        must(mote_arena_init(&arena, buffer_.get(), bytes(w)));
        must(mote_trainer_init(&trainer_, &arena, make_model(&arena, w), &w.train));
    }

    void run(std::size_t steps, float *losses) override {
        for (std::size_t i = 0; i < steps; ++i, next_ = (next_ + 1) % kBatches)
            must(mote_train_step(trainer_, data_.tokens.data() + next_ * data_.tokens_of_batch,
                                 data_.targets.data() + next_ * data_.targets_of_batch, &losses[i]));
    }

  private:
    static std::size_t bytes(const Workload &w) {
        return mote_model_bytes(&w.config) + mote_trainer_bytes(&w.config, &w.train);
    }

    Data data_;
    Aligned buffer_;
    mote_trainer *trainer_ = nullptr;
    std::size_t next_ = 0;
};

class Inference : public Task {
  public:
    explicit Inference(const Workload &w) : text_(make_data(w).tokens), buffer_(aligned(bytes(w))) {
        mote_arena arena;
        must(mote_arena_init(&arena, buffer_.get(), bytes(w)));
        must(mote_state_init(&state_, &arena, make_model(&arena, w)));
    }

    void run(std::size_t steps, float *losses) override {
        for (std::size_t i = 0; i < steps; ++i, next_ = (next_ + 1) % (text_.size() - 1))
            must(mote_score(state_, text_.data() + next_, 2, &losses[i], nullptr));
    }

  private:
    static std::size_t bytes(const Workload &w) { return mote_model_bytes(&w.config) + mote_state_bytes(&w.config); }

    std::vector<uint16_t> text_;
    Aligned buffer_;
    mote_state *state_ = nullptr;
    std::size_t next_ = 0;
};

// Several texts side by side, a character of each a call.
class SideBySide : public Task {
  public:
    explicit SideBySide(const Workload &w)
        : text_(make_data(w).tokens), streams_(w.streams), context_(w.config.context > 1 ? w.config.context : 1),
          tokens_(streams_ * context_), targets_(streams_), nats_(streams_), buffer_(aligned(bytes(w))) {
        mote_arena arena;
        must(mote_arena_init(&arena, buffer_.get(), bytes(w)));
        must(mote_scorer_init(&scorer_, &arena, make_model(&arena, w), w.streams, 1));
    }

    void run(std::size_t steps, float *losses) override {
        for (std::size_t i = 0; i < steps; ++i, ++next_) {
            read_characters();
            must(mote_scorer_read(scorer_, tokens_.data(), targets_.data(), nats_.data()));
            losses[i] = 0;
            for (const float one : nats_) losses[i] += one;
        }
    }

  private:
    static std::size_t bytes(const Workload &w) {
        return mote_model_bytes(&w.config) + mote_scorer_bytes(&w.config, w.streams, 1);
    }
    void read_characters() {
        for (std::size_t b = 0; b < streams_; ++b) {
            uint16_t *const row = tokens_.data() + b * context_;
            const std::size_t place = (next_ + b * kBetweenStreams) % (text_.size() - 1);
            std::copy(row + 1, row + context_, row);
            row[context_ - 1] = text_[place];
            targets_[b] = text_[place + 1];
        }
    }

    std::vector<uint16_t> text_;
    std::size_t streams_, context_;
    std::vector<uint16_t> tokens_, targets_;
    std::vector<float> nats_;
    Aligned buffer_;
    mote_scorer *scorer_ = nullptr;
    std::size_t next_ = 0;
};

} // namespace

std::unique_ptr<Task> make_mote_task(const Workload &w) {
    if (w.multiplies()) return make_mote_product(w.product);
    if (w.trains()) return std::make_unique<Training>(w);
    if (w.streams > 1) return std::make_unique<SideBySide>(w);
    return std::make_unique<Inference>(w);
}

} // namespace mote_bench
