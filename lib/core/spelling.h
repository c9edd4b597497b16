// Messages as tokens: a character that the vocabulary has is its token, anything else is tokens of its bytes.
#ifndef MOTE_SPELLING_H
#define MOTE_SPELLING_H

#include "vocab.h"

namespace mote {

class Speller {
  public:
    Speller(const mote_vocab &vocab, const uint8_t *message, size_t bytes)
        : vocab_(vocab), message_(message), bytes_(bytes) {}

    bool at_end() const { return at_ == bytes_; }
    // The token of what comes next. False: the vocabulary has none for it.
    bool next(uint32_t *token);

  private:
    mote_vocab vocab_;
    const uint8_t *message_;
    size_t bytes_, at_ = 0, left_ = 0; // bytes of a character that the vocabulary lacks
};

inline bool is_byte(uint32_t c) { return MOTE_BYTE_CODE_POINT(0) <= c && c <= MOTE_BYTE_CODE_POINT(0xff); }
inline uint8_t byte_of(uint32_t c) { return static_cast<uint8_t>(c - MOTE_BYTE_CODE_POINT(0)); }

// What a token, which is not the end, stands for: 1 … 4 bytes. How many.
size_t bytes_of_token(const mote_vocab &vocab, uint32_t token, char bytes[4]);

} // namespace mote

#endif
