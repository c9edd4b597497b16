#pragma once

#include "mote_text.h"
#include "parts.h"
#include "teacher.h"

#include <optional>
#include <vector>

namespace mote::cli {

/* The batches that a training takes, each a function of the run and its position. */
class Batches {
  public:
    /* Throws where the training part does not fill a row of `time`, or, read in order, give each row a character.
     * `name` is the corpus's, for the message. With teachers, which may be NULL, the targets are theirs. */
    Batches(const std::string &name, Parts &parts, const RunRecord &run, const mote_config &config,
            const mote_train_config &train, TeacherTargets *teachers = nullptr);

    /* A pass goes over every character once; in random order it is as many batches. */
    size_t per_pass() const { return per_pass_; }

    void fill(uint64_t position);
    /* The hidden state is to be reset before the batch just filled. */
    bool starts_pass() const { return starts_pass_; }

    const uint16_t *tokens() const { return tokens_.data(); }
    const uint16_t *targets() const { return targets_.data(); }
    /* Characters predicted by the batch just filled. */
    size_t characters() const;

  private:
    size_t count_batches() const;
    void start_pass(uint64_t pass);
    void fill_from(TokenView text, uint64_t position, uint16_t *tokens);
    mote_status fill_as_ordered(const mote_text &text, uint64_t position, uint16_t *tokens);
    mote_status fill_shuffled(const mote_text &text, size_t index, uint16_t *tokens);

    Parts &parts_;
    TeacherTargets *teachers_;
    uint32_t order_, context_, batch_, time_;
    uint64_t seed_;
    size_t per_pass_ = 0;
    std::optional<uint64_t> pass_; /* that has begun: not before the first batch, since that takes its time */
    TokenView text_{}, taught_{};  /* the pass's tokens, and what stands for them as targets */
    bool starts_pass_ = false;
    uint32_t chunk_count_ = 0;
    LargeArray<uint32_t> chunks_; /* of the pass, shuffled */
    std::vector<uint16_t> tokens_, unused_tokens_, targets_;
};

/* Tokens of a row: `time`, and of an MLP the context before them. */
inline size_t row_tokens(const mote_config &config, uint32_t time) {
    return size_t{time} + (config.context > 1 ? config.context - 1 : 0);
}

} // namespace mote::cli
