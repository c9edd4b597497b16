// Frequencies in integers, out of logits: FORMAT.md, "The frequencies".
#ifndef MOTE_FREQUENCIES_H
#define MOTE_FREQUENCIES_H

#include "range_coder.h"

namespace mote {

// The symbol that few packets and blocks have in them: token 0, the boundary, which ends a message; or one behind the
// tokens, of weight 0, which ends a message of a model without a boundary, and begins a byte of a stream that no token
// stands for.
enum class Rare : uint8_t { kFirst, kBehind };

class Frequencies {
  public:
    static constexpr uint32_t kBits = 16;

    // The logits become weights. False: one was NaN or infinite.
    bool take(float *logits, uint32_t vocab, Rare rare);
    uint32_t rare() const { return symbols_ == vocab_ ? 0 : vocab_; }
    uint32_t symbols() const { return symbols_; }
    Share share(uint32_t symbol) const;
    // The symbol whose share holds a place below 2^kBits.
    uint32_t symbol_at(uint32_t place, Share *share) const;

    uint32_t weight(uint32_t symbol) const;
    // Where a symbol's share begins, before which are symbols of so much weight; of symbols(): 2^kBits.
    uint32_t first_of(uint32_t symbol, uint32_t weight_before) const;

  private:
    const float *weights_ = nullptr;
    uint32_t vocab_ = 0, symbols_ = 0, all_weights_ = 0;
};

} // namespace mote

#endif
