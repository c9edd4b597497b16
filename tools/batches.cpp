#include "batches.h"

#include "errors.h"

#include <algorithm>

namespace mote::cli {

Batches::Batches(const std::string &name, Parts &parts, const mote_run &run, const mote_train_config &train)
    : parts_(parts), order_(run.order), batch_(train.batch), time_(train.time), seed_(run.seed), per_pass_(0),
      text_(parts.pass(0)), tokens_(size_t{train.batch} * train.time), targets_(tokens_.size()) {
    size_t shortest = size_t{std::max(batch_, time_)} + 1;
    if (text_.count < shortest) {
        throw Failure(formatted("%s: too short, %zu characters to train on, --batch %u --time %u needs %zu",
                                name.c_str(), text_.count, batch_, time_, shortest));
    }
    per_pass_ = mote_stream_batches(text_.count, batch_, time_);
    if (per_pass_ == 0) throw Failure(name + ": too long to train on");
}

void Batches::fill(uint64_t position) {
    uint64_t pass = position / per_pass_;
    size_t index = static_cast<size_t>(position % per_pass_);
    if (pass != pass_) text_ = parts_.pass(pass);
    pass_ = pass;
    starts_pass_ = index == 0;
    if (order_ == MOTE_ORDER_RANDOM) {
        check(
            mote_random_batch(text_.data, text_.count, batch_, time_, seed_, position, tokens_.data(), targets_.data()),
            "batch");
    } else {
        check(mote_stream_batch(text_.data, text_.count, batch_, time_, index, tokens_.data(), targets_.data()),
              "batch");
    }
}

size_t Batches::characters() const {
    auto ignored = std::count(targets_.begin(), targets_.end(), static_cast<uint16_t>(MOTE_IGNORE));
    return targets_.size() - static_cast<size_t>(ignored);
}

} // namespace mote::cli
