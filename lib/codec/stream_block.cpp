// The bytes around what a block of a stream holds: FORMAT.md, "A block".
#include "stream.h"

namespace mote {
namespace {

constexpr uint32_t kMostNumberBytes = 3;

// How many bytes; 0: they do not tell. Above 2^21: none that an encoder writes.
uint32_t read_number(const uint8_t *from, size_t bytes, uint32_t *number) {
    *number = 0;
    for (uint32_t i = 0; i < kMostNumberBytes; ++i) {
        if (i == bytes) return 0;
        *number |= uint32_t{from[i] & 0x7fu} << (7 * i);
        if (from[i] < 0x80) {
            if (from[i] == 0 && i != 0) break;
            return i + 1;
        }
    }
    *number = 0xffffffffu;
    return kMostNumberBytes;
}

} // namespace

uint32_t length_of_number(uint32_t number) { return number < 1u << 7 ? 1 : number < 1u << 14 ? 2 : 3; }

uint32_t write_number(uint8_t *to, uint32_t number) {
    uint32_t count = 0;
    for (; number >= 0x80; number >>= 7) to[count++] = static_cast<uint8_t>(number | 0x80);
    to[count++] = static_cast<uint8_t>(number);
    return count;
}

size_t BlockHead::block_bytes() const {
    return text_bytes == 0 ? MOTE_STREAM_END_BYTES : size_t{head_bytes} + body_bytes + kStreamCheckBytes;
}

mote_status read_head(const uint8_t *block, size_t bytes, BlockHead *head) {
    uint32_t number;
    const uint32_t first = read_number(block, bytes, &number);
    if (first == 0) return MOTE_ERR_MISSING;
    head->text_bytes = head->body_bytes = number >> 1;
    head->coded = (number & 1) != 0;
    head->head_bytes = first;
    if (head->text_bytes > MOTE_STREAM_MAX_BLOCK || number == 1) return MOTE_ERR_FORMAT;
    if (!head->coded) return MOTE_OK;
    const uint32_t second = read_number(block + first, bytes - first, &head->body_bytes);
    if (second == 0) return MOTE_ERR_MISSING;
    head->head_bytes += second;
    return head->body_bytes > head->text_bytes ? MOTE_ERR_FORMAT : MOTE_OK;
}

} // namespace mote

using namespace mote;

extern "C" mote_status mote_stream_next(const void *bytes, size_t count, size_t *block_bytes, size_t *text_bytes) {
    if (block_bytes == nullptr || text_bytes == nullptr || (bytes == nullptr && count != 0)) return MOTE_ERR_ARG;
    BlockHead head;
    const mote_status status = read_head(static_cast<const uint8_t *>(bytes), count, &head);
    if (status != MOTE_OK) return status;
    *block_bytes = head.block_bytes();
    *text_bytes = head.text_bytes;
    return MOTE_OK;
}
