#include "batches.h"

#include "errors.h"
#include "surprise.h"

#include <algorithm>

namespace mote::cli {

Batches::Batches(const std::string &name, Parts &parts, const RunRecord &run, const mote_config &config,
                 const mote_train_config &train, TeacherTargets *teachers)
    : parts_(parts), teachers_(teachers), order_(run.order), context_(config.context), batch_(train.batch),
      time_(train.time_steps), seed_(run.seed), tokens_(train.batch * row_tokens(config, train.time_steps)),
      unused_tokens_(teachers != nullptr ? tokens_.size() : 0), targets_(size_t{train.batch} * train.time_steps) {
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
    if (teachers_ != nullptr) taught_ = teachers_->pass(order_ != ORDER_SHUFFLED ? pass : 0);
    if (order_ != ORDER_SHUFFLED) {
        text_ = parts_.pass(pass);
        return;
    }
    if (chunks_ == nullptr) chunks_.reset(new uint32_t[chunk_count_]);
    check(mote_shuffle(chunks_.get(), static_cast<uint32_t>(chunk_count_), seed_, pass), "shuffle");
}

mote_status Batches::fill_shuffled(TokenView text, size_t index, uint16_t *tokens) {
    size_t first = index * batch_;
    auto rows = static_cast<uint32_t>(std::min<size_t>(batch_, chunk_count_ - first));
    return mote_chunk_batch(text.data, text.count, context_, batch_, time_, chunks_.get() + first, rows, tokens,
                            targets_.data());
}

mote_status Batches::fill_from(TokenView text, uint64_t position, uint16_t *tokens) {
    size_t index = static_cast<size_t>(position % per_pass_);
    if (order_ == ORDER_SHUFFLED) return fill_shuffled(text, index, tokens);
    if (order_ == ORDER_RANDOM)
        return mote_random_batch(text.data, text.count, context_, batch_, time_, seed_, position, tokens,
                                 targets_.data());
    return mote_stream_batch(text.data, text.count, context_, batch_, time_, index, tokens, targets_.data());
}

void Batches::fill(uint64_t position) {
    uint64_t pass = position / per_pass_;
    if (pass != pass_) start_pass(pass);
    starts_pass_ = position % per_pass_ == 0;
    check(fill_from(text_, position, tokens_.data()), "batch");
    /* The same places of what is taught: only its targets are wanted. */
    if (teachers_ != nullptr) check(fill_from(taught_, position, unused_tokens_.data()), "batch");
}

size_t Batches::characters() const {
    auto ignored = std::count(targets_.begin(), targets_.end(), static_cast<uint16_t>(MOTE_IGNORE));
    return targets_.size() - static_cast<size_t>(ignored);
}

} // namespace mote::cli
