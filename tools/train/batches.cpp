#include "batches.h"

#include "errors.h"
#include "surprise.h"

#include <algorithm>
#include <exception>

namespace mote::cli {

namespace {

/* A text as the library reads it, through which nothing may be thrown. */
struct TextReader {
    TokenView text;
    std::exception_ptr failure;

    static mote_status read(void *user, uint64_t first, size_t count, uint16_t *tokens) {
        auto &self = *static_cast<TextReader *>(user);
        try {
            self.text.read(static_cast<size_t>(first), count, tokens);
            return MOTE_OK;
        } catch (...) {
            self.failure = std::current_exception();
            return MOTE_ERR_READ;
        }
    }
};

} // namespace

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
    chunk_count_ = mote_text_chunk_count(text_.count, time_);
    per_pass_ = count_batches();
    if (per_pass_ == 0) throw Failure(name + ": too long to train on");
}

size_t Batches::count_batches() const {
    if (order_ == ORDER_SHUFFLED) return (size_t{chunk_count_} + batch_ - 1) / batch_;
    return static_cast<size_t>(mote_text_stream_batches(text_.count, batch_, time_));
}

void Batches::start_pass(uint64_t pass) {
    pass_ = pass;
    if (teachers_ != nullptr) taught_ = teachers_->pass(pass, order_ != ORDER_SHUFFLED ? pass : 0);
    if (order_ != ORDER_SHUFFLED) {
        text_ = parts_.pass(pass);
        return;
    }
    if (chunks_.empty()) chunks_ = LargeArray<uint32_t>(chunk_count_);
    check(mote_shuffle(chunks_.data(), chunk_count_, seed_, pass), "shuffle");
}

mote_status Batches::fill_shuffled(const mote_text &text, size_t index, uint16_t *tokens) {
    const size_t first = index * batch_;
    const auto rows = static_cast<uint32_t>(std::min<size_t>(batch_, chunk_count_ - first));
    return mote_text_chunk_batch(&text, context_, batch_, time_, chunks_.data() + first, rows, tokens, targets_.data());
}

mote_status Batches::fill_as_ordered(const mote_text &text, uint64_t position, uint16_t *tokens) {
    const auto index = static_cast<size_t>(position % per_pass_);
    if (order_ == ORDER_SHUFFLED) return fill_shuffled(text, index, tokens);
    if (order_ == ORDER_RANDOM)
        return mote_text_random_batch(&text, context_, batch_, time_, seed_, position, tokens, targets_.data());
    return mote_text_stream_batch(&text, context_, batch_, time_, index, tokens, targets_.data());
}

void Batches::fill_from(TokenView text, uint64_t position, uint16_t *tokens) {
    TextReader reader{text, nullptr};
    const mote_status status = fill_as_ordered({text.count, TextReader::read, &reader}, position, tokens);
    if (reader.failure != nullptr) std::rethrow_exception(reader.failure);
    check(status, "batch");
}

void Batches::fill(uint64_t position) {
    uint64_t pass = position / per_pass_;
    if (pass != pass_) start_pass(pass);
    starts_pass_ = position % per_pass_ == 0;
    fill_from(text_, position, tokens_.data());
    /* The same places of what is taught: only its targets are wanted. */
    if (teachers_ != nullptr) fill_from(taught_, position, unused_tokens_.data());
}

size_t Batches::characters() const {
    auto ignored = std::count(targets_.begin(), targets_.end(), static_cast<uint16_t>(MOTE_IGNORE));
    return targets_.size() - static_cast<size_t>(ignored);
}

} // namespace mote::cli
