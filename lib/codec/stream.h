// A stream: a state of a model that goes on from block to block, and what both ends know of the text so far.
#ifndef MOTE_STREAM_H
#define MOTE_STREAM_H

#include "frequencies.h"
#include "state.h"

namespace mote {

constexpr uint8_t kStreamMagic[4] = {0xff, 'm', 't', 'z'};
constexpr uint8_t kStreamVersion = 1;
constexpr uint32_t kStreamCheckBytes = 2;  // of a block
constexpr uint32_t kNoToken = 0xffffffffu; // the model has read all that there is to read
constexpr uint32_t kEscapedByte = 8;       // bits

enum class Phase : uint8_t { kClosed, kWriting, kReading };

} // namespace mote

struct mote_stream {
    mote_state *state;             // behind the handle
    mote::Frequencies frequencies; // of the next symbol, once nothing is unread
    uint32_t unread;               // the token that the model reads next, or kNoToken
    uint32_t crc, bytes;           // of the text so far, the latter modulo 2^32
    mote::Phase phase;
};

namespace mote {

static_assert(sizeof(mote_stream) <= MOTE_SZ_STREAM_HANDLE, "the stream's handle is larger than its size macro says");

// The model as at the beginning of a stream, and behind a block that is not coded.
void forget_text(mote_stream *stream);
// Frequencies of the next symbol. False: the model's logits are not finite.
bool foresee(mote_stream *stream);
void count_text(mote_stream *stream, const uint8_t *text, size_t bytes);

// What stands before a block's bytes: 2 to 6 bytes.
struct BlockHead {
    uint32_t text_bytes, body_bytes; // 0 bytes of text: the end of the stream
    bool coded;
    uint32_t head_bytes;

    size_t block_bytes() const;
};

// A number in groups of 7 bits, the lowest first, all but the last with bit 7 set. How many bytes.
uint32_t length_of_number(uint32_t number);
uint32_t write_number(uint8_t *to, uint32_t number);

// MOTE_ERR_MISSING: these bytes do not tell. MOTE_ERR_FORMAT: no encoder writes such a head.
mote_status read_head(const uint8_t *block, size_t bytes, BlockHead *head);

} // namespace mote

#endif
