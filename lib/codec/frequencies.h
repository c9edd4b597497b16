// Frequencies in integers, out of logits: FORMAT.md, "The frequencies".
#ifndef MOTE_FREQUENCIES_H
#define MOTE_FREQUENCIES_H

#include "range_coder.h"

namespace mote {

// The symbol behind the tokens: none; the end of a message, of a model without a boundary; what a stream's byte without
// a token begins with.
enum class Further : uint8_t { kNone, kEnd, kEscape };

// The symbols are the tokens and a further one.
class Frequencies {
  public:
    static constexpr uint32_t kBits = 16;

    // The logits become weights. False: one was NaN or infinite.
    bool take(float *logits, uint32_t vocab, Further further);
    uint32_t end() const { return further_ == Further::kEnd ? vocab_ : 0; }
    uint32_t escape() const { return vocab_; }
    Share share(uint32_t symbol) const;
    // The symbol whose share holds a place below 2^kBits.
    uint32_t symbol_at(uint32_t place, Share *share) const;

  private:
    uint32_t weight(uint32_t symbol) const;
    uint32_t first_of(uint32_t symbol, uint32_t weight_before) const;
    uint32_t symbols() const { return further_ == Further::kNone ? vocab_ : vocab_ + 1; }

    const float *weights_ = nullptr;
    uint32_t vocab_ = 0, further_weight_ = 0, all_weights_ = 0;
    Further further_ = Further::kNone;
};

} // namespace mote

#endif
