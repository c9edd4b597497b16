#include "verify.h"

#include "aligned_memory.h"
#include "assignment.h"
#include "errors.h"

#include <algorithm>
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

const ForeignTensor &array_named(const ForeignFile &file, const char *name) {
    if (!has_tensor(file, name))
        throw Failure("there is no array \"" + std::string(name) +
                      "\"; tools/python/mote_verify.py writes \"tokens\" and \"logits\"");
    return tensor_named(file, name);
}

/* log(sum of exp), which less the greatest cannot overflow. */
double log_sum_exp(const std::vector<double> &values) {
    double greatest = *std::max_element(values.begin(), values.end()), sum = 0;
    for (double value : values) sum += std::exp(value - greatest);
    return greatest + std::log(sum);
}

std::vector<double> less(std::vector<double> values, double shift) {
    for (double &value : values) value -= shift;
    return values;
}

/* The greatest difference of one kind of output. */
class Comparison {
  public:
    explicit Comparison(Outputs outputs) { result_.outputs = outputs; }

    void add(const std::vector<double> &theirs, const std::vector<double> &ours, uint64_t prediction) {
        ++result_.predictions;
        for (size_t token = 0; token < theirs.size(); ++token) {
            double difference = std::fabs(theirs[token] - ours[token]);
            result_.greatest_logit = std::max(result_.greatest_logit, std::fabs(theirs[token]));
            if (difference <= result_.greatest_difference) continue;
            result_.greatest_difference = difference;
            result_.where = formatted("prediction %llu, token %zu", static_cast<unsigned long long>(prediction), token);
        }
    }
    const Verified &result() const { return result_; }

  private:
    Verified result_;
};

class Verifier {
  public:
    Verifier(const ForeignFile &file, const mote_model *model, const TokenOrder &order)
        : tokens_(array_named(file, "tokens")), logits_(array_named(file, "logits")), order_(order) {
        check(mote_model_config(model, &config_), "the model");
        check_shapes();
        arena_ = OwnArena(mote_state_bytes(&config_));
        check(mote_state_init(&state_, arena_.get(), model), "the model");
    }

    Verified verified(double tolerance) {
        for (uint64_t row = 0; row < rows_; ++row) compare_row(row);
        if (as_logits_.result().predictions == 0) throw Failure("\"logits\" is empty");
        if (as_logits_.result().relative() <= tolerance) return as_logits_.result();
        if (are_probabilities_) return as_probabilities_.result();
        Verified shifted = as_shifted_.result();
        if (are_log_probabilities_) shifted.outputs = Outputs::log_probabilities;
        return are_log_probabilities_ || shifted.relative() <= tolerance ? shifted : as_logits_.result();
    }

  private:
    void check_shapes() {
        if (!is_whole(tokens_.dtype)) throw Failure("\"tokens\" holds " + tokens_.dtype_name + ", no whole numbers");
        if (!is_real(logits_.dtype)) throw Failure("\"logits\" holds " + logits_.dtype_name + ", no real numbers");
        if (tokens_.shape.empty()) throw Failure("\"tokens\" is a single number");
        time_ = tokens_.shape.back();
        rows_ = time_ == 0 ? 0 : tokens_.count() / time_;
        bool windows = config_.input == MOTE_INPUT_WINDOW;
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
        if (config_.input == MOTE_INPUT_WINDOW && order_.boundary) check_window(row);
        mote_state_reset(state_);
        for (uint64_t t = 0; t < time_; ++t) {
            const float *logits = nullptr;
            check(mote_step(state_, token_at(row, t), &logits), "the model");
            if (each_) compare(logits, row * time_ + t);
            if (!each_ && t + 1 == time_) compare(logits, row);
        }
    }

    void compare(const float *logits, uint64_t prediction) {
        std::vector<double> theirs(config_.vocab), ours(config_.vocab);
        double sum = 0;
        bool positive = true;
        for (uint32_t token = 0; token < config_.vocab; ++token) {
            theirs[token] = logits_.at(prediction * config_.vocab + token);
            if (!std::isfinite(theirs[token]))
                throw Failure(
                    formatted("\"logits\", prediction %llu: not finite", static_cast<unsigned long long>(prediction)));
            ours[token] = static_cast<double>(logits[order_.ours[token]]);
            sum += theirs[token];
            positive = positive && theirs[token] >= 0;
        }
        constexpr double of_one = 1e-3; /* bfloat16 rounds a probability by as much */
        double our_sum = log_sum_exp(ours), their_sum = log_sum_exp(theirs);
        are_probabilities_ = are_probabilities_ && positive && std::fabs(sum - 1) < of_one;
        are_log_probabilities_ = are_log_probabilities_ && std::fabs(their_sum) < of_one;
        as_logits_.add(theirs, ours, prediction);
        as_shifted_.add(less(theirs, their_sum), less(ours, our_sum), prediction);
        if (are_probabilities_) compare_probabilities(theirs, less(ours, our_sum), prediction);
    }

    void compare_probabilities(std::vector<double> theirs, const std::vector<double> &ours, uint64_t prediction) {
        constexpr double least = -87; /* of float32's normal numbers: below, a softmax gives 0 or loses digits */
        for (size_t token = 0; token < theirs.size(); ++token) {
            double logarithm = theirs[token] > 0 ? std::log(theirs[token]) : least;
            theirs[token] = logarithm <= least ? std::min(ours[token], least) : logarithm;
        }
        as_probabilities_.add(theirs, ours, prediction);
    }

    const ForeignTensor &tokens_, &logits_;
    const TokenOrder &order_;
    mote_config config_{};
    OwnArena arena_;
    mote_state *state_ = nullptr;
    uint64_t rows_ = 0, time_ = 0;
    bool each_ = false; /* logits after each token, not only after the last */
    bool are_probabilities_ = true, are_log_probabilities_ = true;
    Comparison as_logits_{Outputs::logits}, as_shifted_{Outputs::shifted_logits},
        as_probabilities_{Outputs::probabilities};
};

} // namespace

const char *outputs_text(Outputs outputs) {
    switch (outputs) {
    case Outputs::shifted_logits:
        return "logits less a number for each prediction";
    case Outputs::log_probabilities:
        return "log-probabilities (log_softmax)";
    case Outputs::probabilities:
        return "probabilities (softmax)";
    default:
        return "logits";
    }
}

Verified verify(const ForeignFile &file, const mote_model *model, const TokenOrder &order, double tolerance) {
    return Verifier(file, model, order).verified(tolerance);
}

} // namespace mote::cli
