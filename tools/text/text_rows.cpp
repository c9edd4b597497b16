#include "text_rows.h"

#include "aligned_memory.h"
#include "errors.h"
#include "stop.h"

#include <algorithm>
#include <exception>

namespace mote::cli {

namespace {

/* Within the second-level cache. */
constexpr size_t most_bytes = 1u << 20;
constexpr uint32_t most_steps = 64;

/* Characters of each row that are read in one call. */
uint32_t steps_of(const mote_config &config, uint32_t rows) {
    uint32_t steps = most_steps;
    auto fits = [&] {
        size_t bytes = mote_scorer_bytes(&config, rows, steps);
        return bytes != 0 && bytes <= most_bytes;
    };
    while (steps > 1 && !fits()) steps /= 2;
    return steps;
}

/* Some rows, read by one thread. */
class Reader {
  public:
    Reader(const mote_model *model, const mote_config &config, const TokenView *rows, uint32_t count, double *sums)
        : rows_(rows), count_(count), sums_(sums), steps_(steps_of(config, count)),
          before_(config.context > 1 ? config.context - 1 : 0), arena_(mote_scorer_bytes(&config, count, steps_)),
          tokens_(count_ * (before_ + steps_)), targets_(size_t{count_} * steps_), nats_(targets_.size()),
          read_(before_ + steps_ + 1) {
        check(mote_scorer_init(&scorer_, arena_.get(), model, count, steps_), "scorer");
    }

    void read(const std::string &what) {
        size_t longest = 0;
        for (uint32_t i = 0; i < count_; ++i) longest = std::max(longest, rows_[i].count - 1);
        for (size_t done = 0; done < longest; done += steps_) {
            for (uint32_t i = 0; i < count_; ++i) fill(i, done);
            check(mote_scorer_read(scorer_, tokens_.data(), targets_.data(), nats_.data()), what);
            for (uint32_t i = 0; i < count_; ++i) add(i, done);
            throw_if_stopped(what);
        }
    }

  private:
    /* The characters of a row from `done` on; what a window sees before the first of them is token 0. */
    void fill(uint32_t i, size_t done) {
        const TokenView &row = rows_[i];
        uint16_t *tokens = tokens_.data() + i * (before_ + steps_), *targets = targets_.data() + size_t{i} * steps_;
        std::fill_n(tokens, before_ + steps_, uint16_t{0});
        std::fill_n(targets, steps_, uint16_t{MOTE_IGNORE});
        const size_t seen = std::min(done, before_), end = std::min(done + steps_ + 1, row.count);
        const size_t from = done - seen;
        if (from >= end) return;
        row.read(from, end - from, read_.data());
        /* The last character of the row is predicted, and not read. */
        const size_t input = std::min(end, row.count - 1) - from;
        std::copy_n(read_.begin(), std::min(input, seen + steps_), tokens + (before_ - seen));
        if (done + 1 < end) std::copy_n(&read_[seen + 1], end - done - 1, targets);
    }

    void add(uint32_t i, size_t done) {
        const float *nats = nats_.data() + size_t{i} * steps_;
        for (size_t k = 0; k < steps_ && done + k + 1 < rows_[i].count; ++k) sums_[i] += static_cast<double>(nats[k]);
    }

    const TokenView *rows_;
    uint32_t count_;
    double *sums_;
    uint32_t steps_;
    size_t before_;
    OwnArena arena_;
    mote_scorer *scorer_ = nullptr;
    std::vector<uint16_t> tokens_, targets_;
    std::vector<float> nats_;
    std::vector<uint16_t> read_;
};

} // namespace

std::vector<TokenView> cut_into_rows(TokenView text, uint32_t rows) {
    const uint64_t predicted = text.count - 1;
    std::vector<TokenView> cut;
    for (uint64_t i = 0; i < rows; ++i) {
        auto first = static_cast<size_t>(predicted * i / rows), end = static_cast<size_t>(predicted * (i + 1) / rows);
        cut.push_back({text.tokens, text.first + first, end - first + 1});
    }
    return cut;
}

std::vector<double> sums_of_rows(const mote_model *model, const std::vector<TokenView> &rows, Threads *threads,
                                 const std::string &what) {
    mote_config config;
    check(mote_model_config(model, &config), what);
    const size_t shares = std::min(threads != nullptr ? size_t{threads->count()} : 1, rows.size());
    std::vector<double> sums(rows.size());
    std::vector<std::exception_ptr> failures(shares);
    auto read_share = [&](uint32_t i) {
        try {
            size_t first = rows.size() * i / shares, end = rows.size() * (i + 1) / shares;
            Reader(model, config, &rows[first], static_cast<uint32_t>(end - first), &sums[first]).read(what);
        } catch (...) {
            failures[i] = std::current_exception();
        }
    };
    if (shares > 1) {
        threads->run(static_cast<uint32_t>(shares), read_share);
    } else {
        read_share(0);
    }
    for (const std::exception_ptr &failure : failures) {
        if (failure != nullptr) std::rethrow_exception(failure);
    }
    return sums;
}

} // namespace mote::cli
