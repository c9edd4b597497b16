#include "spelling.h"

namespace mote {

bool Speller::next(uint32_t *token) {
    if (left_ == 0) {
        size_t behind = at_;
        const uint32_t c = next_character(message_, bytes_, &behind);
        const bool is_end = vocab_.boundary != 0 && c == kBoundary;
        if (c != kNotCharacter && !is_end && !is_byte(c) && find_token(vocab_, c, token)) {
            at_ = behind;
            return true;
        }
        left_ = c == kNotCharacter ? 1 : behind - at_;
    }
    --left_;
    return find_token(vocab_, MOTE_BYTE_CODE_POINT(message_[at_++]), token);
}

size_t bytes_of_token(const mote_vocab &vocab, uint32_t token, char bytes[4]) {
    const uint32_t c = vocab.code_points[token];
    if (!is_byte(c)) return mote_decode(&vocab, static_cast<uint16_t>(token), bytes);
    bytes[0] = static_cast<char>(byte_of(c));
    return 1;
}

} // namespace mote
