// From a block of a stream, which may come from anybody, to text.
#include "little_endian.h"
#include "spelling.h"
#include "stream.h"

namespace mote {
namespace {

// One symbol's bytes, 1 … 4; 0: no encoder writes it.
size_t read_symbol(mote_stream *stream, RangeDecoder *decoder, char bytes[4]) {
    if (!foresee(stream)) return 0;
    const uint32_t place = decoder->place(Frequencies::kBits);
    if (place >> Frequencies::kBits != 0) return 0;
    Share share;
    const uint32_t symbol = stream->frequencies.symbol_at(place, &share);
    decoder->take(share);
    if (symbol != stream->frequencies.rare()) {
        stream->unread = symbol;
        return bytes_of_token(vocab_of(*stream->state->model), symbol, bytes);
    }
    const uint32_t byte = decoder->place(kEscapedByte);
    if (byte >> kEscapedByte != 0) return 0;
    decoder->take({byte, 1, kEscapedByte});
    bytes[0] = static_cast<char>(byte);
    return 1;
}

bool read_body(mote_stream *stream, const uint8_t *body, const BlockHead &head, uint8_t *text) {
    RangeDecoder decoder(body, head.body_bytes);
    for (size_t at = 0; at < head.text_bytes;) {
        char bytes[4];
        const size_t count = read_symbol(stream, &decoder, bytes);
        if (count == 0 || count > head.text_bytes - at) return false;
        memcpy(text + at, bytes, count);
        at += count;
    }
    return true;
}

mote_status read_end(mote_stream *stream, const uint8_t *end) {
    const bool same = read_little(end + 1, 4) == stream->crc && read_little(end + 5, 4) == stream->bytes;
    stream->phase = Phase::kClosed;
    return same ? MOTE_OK : MOTE_ERR_CHECKSUM;
}

mote_status read_text(mote_stream *stream, const uint8_t *block, const BlockHead &head, uint8_t *text) {
    const uint8_t *const body = block + head.head_bytes;
    if (!head.coded) {
        memcpy(text, body, head.text_bytes);
        forget_text(stream);
    } else if (!read_body(stream, body, head, text)) {
        return MOTE_ERR_FORMAT;
    }
    count_text(stream, text, head.text_bytes);
    const uint32_t check = read_little(body + head.body_bytes, kStreamCheckBytes);
    return check == (stream->crc & 0xffff) ? MOTE_OK : MOTE_ERR_CHECKSUM;
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" mote_status mote_stream_read(mote_stream *stream, const void *block, size_t bytes, void *text,
                                        size_t capacity, size_t *text_bytes) {
    if (stream == nullptr || block == nullptr || text_bytes == nullptr || (text == nullptr && capacity != 0))
        return MOTE_ERR_ARG;
    if (stream->phase != Phase::kReading) return MOTE_ERR_SEQUENCE;
    *text_bytes = 0;
    const uint8_t *const from = static_cast<const uint8_t *>(block);
    BlockHead head;
    if (read_head(from, bytes, &head) != MOTE_OK || bytes != head.block_bytes()) {
        stream->phase = Phase::kClosed;
        return MOTE_ERR_FORMAT;
    }
    if (head.text_bytes > capacity) return MOTE_ERR_CAPACITY;
    const mote_status status =
        head.text_bytes == 0 ? read_end(stream, from) : read_text(stream, from, head, static_cast<uint8_t *>(text));
    if (status == MOTE_OK)
        *text_bytes = head.text_bytes;
    else
        stream->phase = Phase::kClosed;
    return status;
}
