#include "verify.h"

#include "aligned_memory.h"
#include "assignment.h"
#include "errors.h"

#include <cmath>

namespace mote::cli {

namespace {

std::vector<uint64_t> with(std::vector<uint64_t> shape, uint64_t last) {
    shape.push_back(last);
    return shape;
}

std::vector<uint64_t> without_last(std::vector<uint64_t> shape) {
    shape.pop_back();
    return shape;
}

class Verifier {
  public:
    Verifier(const ForeignFile &file, const mote_model *model, const TokenOrder &order)
        : tokens_(tensor_named(file, "tokens")), logits_(tensor_named(file, "logits")), order_(order) {
        check(mote_model_config(model, &config_), "the model");
        check_shapes();
        arena_ = OwnArena(mote_state_bytes(&config_));
        check(mote_state_init(&state_, arena_.get(), model), "the model");
    }

    Verified verified() {
        for (uint64_t row = 0; row < rows_; ++row) compare_row(row);
        if (result_.predictions == 0) throw Failure("\"logits\" is empty");
        return result_;
    }

  private:
    void check_shapes() {
        if (!is_whole(tokens_.dtype)) throw Failure("\"tokens\" holds " + tokens_.dtype_name + ", no whole numbers");
        if (!is_real(logits_.dtype)) throw Failure("\"logits\" holds " + logits_.dtype_name + ", no real numbers");
        if (tokens_.shape.empty()) throw Failure("\"tokens\" is a single number");
        time_ = tokens_.shape.back();
        rows_ = time_ == 0 ? 0 : tokens_.count() / time_;
        bool windows = config_.cell == MOTE_CELL_DENSE;
        if (windows && time_ != config_.context)
            throw Failure("\"tokens\" " + shape_text(tokens_.shape) + ": of an MLP a row is a window of " +
                          std::to_string(config_.context));
        std::vector<uint64_t> last = with(without_last(tokens_.shape), config_.vocab),
                              each = with(tokens_.shape, config_.vocab);
        each_ = !windows && logits_.shape == each;
        if (!each_ && logits_.shape != last)
            throw Failure("\"logits\" has shape " + shape_text(logits_.shape) + ", where " +
                          (windows ? "" : shape_text(each) + " or ") + shape_text(last) + " is expected");
    }

    /* mote's number of their token. */
    uint16_t token_at(uint64_t row, uint64_t t) const {
        double number = tokens_.at(row * time_ + t);
        if (!(number >= 0 && number < static_cast<double>(config_.vocab)))
            throw Failure(formatted("\"tokens\" holds %.0f, where 0 … %u is expected", number, config_.vocab - 1));
        return static_cast<uint16_t>(order_.ours[static_cast<size_t>(number)]);
    }

    /* Behind a boundary mote's MLP begins anew, what it was trained on or not. */
    void check_window(uint64_t row) const {
        for (uint64_t t = 1; t < time_; ++t) {
            if (token_at(row, t) == 0 && token_at(row, t - 1) != 0)
                throw Failure("\"tokens\", row " + std::to_string(row) +
                              ": a boundary behind other tokens, where mote begins a new item; leave such windows out");
        }
    }

    void compare_row(uint64_t row) {
        if (config_.cell == MOTE_CELL_DENSE && order_.boundary) check_window(row);
        mote_state_reset(state_);
        for (uint64_t t = 0; t < time_; ++t) {
            const float *logits = nullptr;
            check(mote_step(state_, token_at(row, t), &logits), "the model");
            if (each_) compare(logits, row * time_ + t);
            if (!each_ && t + 1 == time_) compare(logits, row);
        }
    }

    void compare(const float *logits, uint64_t prediction) {
        ++result_.predictions;
        for (uint32_t token = 0; token < config_.vocab; ++token) {
            double theirs = logits_.at(prediction * config_.vocab + token);
            if (!std::isfinite(theirs))
                throw Failure(
                    formatted("\"logits\", prediction %llu: not finite", static_cast<unsigned long long>(prediction)));
            double difference = std::fabs(theirs - static_cast<double>(logits[order_.ours[token]]));
            result_.greatest_logit = std::max(result_.greatest_logit, std::fabs(theirs));
            if (difference <= result_.greatest_difference) continue;
            result_.greatest_difference = difference;
            result_.where = formatted("prediction %llu, token %u", static_cast<unsigned long long>(prediction), token);
        }
    }

    const ForeignTensor &tokens_, &logits_;
    const TokenOrder &order_;
    mote_config config_{};
    OwnArena arena_;
    mote_state *state_ = nullptr;
    uint64_t rows_ = 0, time_ = 0;
    bool each_ = false; /* logits after each token, not only after the last */
    Verified result_;
};

} // namespace

Verified verify(const ForeignFile &file, const mote_model *model, const TokenOrder &order) {
    return Verifier(file, model, order).verified();
}

} // namespace mote::cli
