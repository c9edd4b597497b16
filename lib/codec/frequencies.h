// Frequencies in integers, out of logits: FORMAT.md, "The frequencies".
#ifndef MOTE_FREQUENCIES_H
#define MOTE_FREQUENCIES_H

#include "range_coder.h"

namespace mote {

// The symbols are the tokens and, where none of them is a boundary, an end behind them.
class Frequencies {
  public:
    static constexpr uint32_t kBits = 16;

    // The logits become weights. False: one was NaN or infinite.
    bool take(float *logits, uint32_t vocab, bool boundary);
    uint32_t end() const { return boundary_ ? 0 : vocab_; }
    Share share(uint32_t symbol) const;
    // The symbol whose share holds a place below 2^kBits.
    uint32_t symbol_at(uint32_t place, Share *share) const;

  private:
    uint32_t weight(uint32_t symbol) const;
    uint32_t first_of(uint32_t symbol, uint32_t weight_before) const;
    uint32_t symbols() const { return boundary_ ? vocab_ : vocab_ + 1; }

    const float *weights_ = nullptr;
    uint32_t vocab_ = 0, end_weight_ = 0, all_weights_ = 0;
    bool boundary_ = false;
};

} // namespace mote

#endif
