// A codec: a state of a model, and what is asked for beside the message.
#ifndef MOTE_CODEC_H
#define MOTE_CODEC_H

#include "crc.h"
#include "model.h"
#include "packet.h"

struct mote_codec {
    mote_state *state; // behind the handle
    uint32_t id, id_bytes, check_bits;
};

namespace mote {

static_assert(sizeof(mote_codec) <= MOTE_SZ_CODEC_HANDLE, "the codec's handle is larger than its size macro says");

inline uint32_t check_bytes(const mote_codec &codec) { return (codec.check_bits + 7) / 8; }
// The check bits of a message; 0 where there are none.
inline uint32_t check_of(const mote_codec &codec, const uint8_t *message, size_t bytes) {
    return codec.check_bits == 0 ? 0 : crc32(0, message, bytes) & ((1u << codec.check_bits) - 1);
}

} // namespace mote

#endif
