// Every model's workload through the public C API.
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

} // namespace

std::unique_ptr<Task> make_mote_task(const Workload &w) {
    if (w.multiplies()) return make_mote_product(w.product);
    if (w.trains()) return std::make_unique<Training>(w);
    return std::make_unique<Inference>(w);
}

} // namespace mote_bench
