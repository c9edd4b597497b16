// From a stretch of text to a block of a stream.
#include "little_endian.h"
#include "spelling.h"
#include "stream.h"

namespace mote {
namespace {

// The next character, or a byte of one that the vocabulary lacks.
bool write_symbol(mote_stream *stream, Speller *speller, RangeEncoder *encoder) {
    if (!foresee(stream)) return false;
    const Frequencies &frequencies = stream->frequencies;
    uint32_t token;
    if (speller->next(&token)) {
        stream->unread = token;
        return encoder->encode(frequencies.share(token));
    }
    return encoder->encode(frequencies.share(frequencies.rare())) &&
           encoder->encode({speller->byte_before(), 1, kEscapedByte});
}

// False: the body would take more than `most` bytes, or the model has no logits for the text.
bool write_body(mote_stream *stream, const uint8_t *text, size_t bytes, uint8_t *body, size_t most, size_t *count) {
    RangeEncoder encoder(body, most);
    Speller speller(vocab_of(*stream->state->model), text, bytes, Speller::LineEnds::kBoundaries);
    while (!speller.at_end())
        if (!write_symbol(stream, &speller, &encoder)) return false;
    if (!encoder.finish()) return false;
    *count = encoder.count();
    return true;
}

// The block without its check; how many bytes.
size_t write_block(mote_stream *stream, const uint8_t *text, size_t bytes, uint8_t *block) {
    const uint32_t number = static_cast<uint32_t>(bytes) << 1;
    const uint32_t first = write_number(block, number | 1), most_second = length_of_number(number >> 1);
    uint8_t *const body = block + first + most_second;
    size_t count = 0;
    if (write_body(stream, text, bytes, body, bytes, &count)) {
        const uint32_t second = write_number(block + first, static_cast<uint32_t>(count));
        memmove(block + first + second, body, count);
        return first + second + count;
    }
    write_number(block, number);
    memcpy(block + first, text, bytes);
    forget_text(stream);
    return first + bytes;
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" {

mote_status mote_stream_write(mote_stream *stream, const void *text, size_t bytes, void *block, size_t capacity,
                              size_t *block_bytes) {
    if (stream == nullptr || text == nullptr || block == nullptr || block_bytes == nullptr || bytes == 0 ||
        bytes > MOTE_STREAM_MAX_BLOCK)
        return MOTE_ERR_ARG;
    if (stream->phase != Phase::kWriting) return MOTE_ERR_SEQUENCE;
    if (capacity < MOTE_STREAM_BLOCK_BYTES(bytes)) return MOTE_ERR_CAPACITY;
    const uint8_t *const from = static_cast<const uint8_t *>(text);
    uint8_t *const to = static_cast<uint8_t *>(block);
    const size_t size = write_block(stream, from, bytes, to);
    count_text(stream, from, bytes);
    write_little(to + size, stream->crc, kStreamCheckBytes);
    *block_bytes = size + kStreamCheckBytes;
    return MOTE_OK;
}

mote_status mote_stream_finish(mote_stream *stream, void *end) {
    if (stream == nullptr || end == nullptr) return MOTE_ERR_ARG;
    if (stream->phase != Phase::kWriting) return MOTE_ERR_SEQUENCE;
    uint8_t *const to = static_cast<uint8_t *>(end);
    *to = 0;
    write_little(to + 1, stream->crc, 4);
    write_little(to + 5, stream->bytes, 4);
    stream->phase = Phase::kClosed;
    return MOTE_OK;
}
}
