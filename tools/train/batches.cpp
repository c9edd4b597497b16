#include "batches.h"

#include "errors.h"
#include "surprise.h"

#include <algorithm>

namespace mote::cli {

Batches::Batches(const std::string &name, Parts &parts, const RunRecord &run, const mote_config &config,
                 const mote_train_config &train)
    : parts_(parts), order_(run.order), context_(config.context), batch_(train.batch), time_(train.time_steps),
      seed_(run.seed), tokens_(train.batch * row_tokens(config, train.time_steps)),
      targets_(size_t{train.batch} * train.time_steps) {
    text_ = parts_.pass(0);
    size_t shortest = size_t{order_ == ORDER_STREAM ? std::max(batch_, time_) : time_} + 1;
    if (order_ == ORDER_SHUFFLED) shortest = shortest_text;
    if (text_.count < shortest) {
        throw Failure(formatted("%s: too short, %zu characters to train on, --batch %u --time %u needs %zu",
                                name.c_str(), text_.count, batch_, time_, shortest));
    }
    chunk_count_ = mote_chunk_count(text_.count, time_);
    per_pass_ = count_batches();
    if (per_pass_ == 0) throw Failure(name + ": too long to train on");
}

size_t Batches::count_batches() const {
    if (order_ == ORDER_SHUFFLED) return (chunk_count_ + batch_ - 1) / batch_;
    return mote_stream_batches(text_.count, batch_, time_);
}

void Batches::start_pass(uint64_t pass) {
    pass_ = pass;
    if (order_ != ORDER_SHUFFLED) {
        text_ = parts_.pass(pass);
        return;
    }
    if (chunks_ == nullptr) chunks_.reset(new uint32_t[chunk_count_]);
    check(mote_shuffle(chunks_.get(), static_cast<uint32_t>(chunk_count_), seed_, pass), "shuffle");
}

mote_status Batches::fill_shuffled(size_t index) {
    size_t first = index * batch_;
    auto rows = static_cast<uint32_t>(std::min<size_t>(batch_, chunk_count_ - first));
    return mote_chunk_batch(text_.data, text_.count, context_, batch_, time_, chunks_.get() + first, rows,
                            tokens_.data(), targets_.data());
}

void Batches::fill(uint64_t position) {
    uint64_t pass = position / per_pass_;
    size_t index = static_cast<size_t>(position % per_pass_);
    if (pass != pass_) start_pass(pass);
    starts_pass_ = index == 0;
    mote_status status = MOTE_OK;
    if (order_ == ORDER_RANDOM) {
        status = mote_random_batch(text_.data, text_.count, context_, batch_, time_, seed_, position, tokens_.data(),
                                   targets_.data());
    } else if (order_ == ORDER_SHUFFLED) {
        status = fill_shuffled(index);
    } else {
        status =
            mote_stream_batch(text_.data, text_.count, context_, batch_, time_, index, tokens_.data(), targets_.data());
    }
    check(status, "batch");
}

size_t Batches::characters() const {
    auto ignored = std::count(targets_.begin(), targets_.end(), static_cast<uint16_t>(MOTE_IGNORE));
    return targets_.size() - static_cast<size_t>(ignored);
}

} // namespace mote::cli
