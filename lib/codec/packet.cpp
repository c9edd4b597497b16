#include "packet.h"

#include "vocab.h"

namespace mote {

bool is_utf8(const uint8_t *text, size_t bytes) {
    for (size_t at = 0; at < bytes;)
        if (next_character(text, bytes, &at) == kNotCharacter) return false;
    return true;
}

bool is_coded(const uint8_t *packet, size_t bytes, uint32_t check_bytes) {
    return bytes > check_bytes && packet[0] != kRawMark && !is_utf8(packet, bytes - check_bytes);
}

} // namespace mote
