#pragma once

#include "parts.h"

#include <vector>

namespace mote::cli {

/* The batches that a training takes, each a function of the run and its position. */
class Batches {
  public:
    /* Throws where the training part does not fill a row of `time`, or give each row a character. `name` is the
     * corpus's, for the message. */
    Batches(const std::string &name, Parts &parts, const mote_run &run, const mote_train_config &train);

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
    Parts &parts_;
    uint32_t order_, batch_, time_;
    uint64_t seed_;
    size_t per_pass_;
    uint64_t pass_ = 0;
    TokenView text_;
    bool starts_pass_ = false;
    std::vector<uint16_t> tokens_, targets_; /* [batch][time] */
};

} // namespace mote::cli
