// From a packet, which may come from anybody, to a message.
#include "codec.h"
#include "frequencies.h"
#include "little_endian.h"
#include "packet_end.h"
#include "spelling.h"
#include "step.h"

namespace mote {
namespace {

// Room for a message, and what is in it.
struct Message {
    uint8_t *bytes;
    size_t capacity, count;
};

mote_status append(Message *message, const void *bytes, size_t count) {
    if (count > message->capacity - message->count) return MOTE_ERR_CAPACITY;
    if (count != 0) memcpy(message->bytes + message->count, bytes, count);
    message->count += count;
    return MOTE_OK;
}

mote_status compare_check(const mote_codec &codec, const Message &message, uint32_t check) {
    return check == check_of(codec, message.bytes, message.count) ? MOTE_OK : MOTE_ERR_CHECKSUM;
}

bool read_check(RangeDecoder *decoder, uint32_t bits, uint32_t *check) {
    *check = decoder->place(bits);
    const Share share = {*check, 1, bits};
    if (*check >> bits != 0 || !decoder->is_sure(share)) return false;
    decoder->take(share);
    return true;
}

// Each token adds a byte or more, so a message that does not end is one that does not fit.
mote_status read_coded(const mote_codec &codec, const uint8_t *packet, size_t bytes, Message *message) {
    const mote_vocab vocab = vocab_of(*codec.state->model);
    RangeDecoder decoder(packet, bytes);
    uint32_t check = 0;
    if (codec.check_bits != 0 && !read_check(&decoder, codec.check_bits, &check)) return MOTE_ERR_FORMAT;
    mote_state_reset(codec.state);
    Frequencies frequencies;
    Share share;
    for (uint32_t symbol = 0;;) {
        if (step(codec.state, static_cast<uint16_t>(symbol)) != MOTE_OK ||
            !frequencies.take(state_logits(codec.state), vocab.count, end_symbol_of(vocab.boundary)))
            return MOTE_ERR_FORMAT; // the encoder would not have coded it
        const uint32_t place = decoder.place(Frequencies::kBits);
        if (place >> Frequencies::kBits != 0) return MOTE_ERR_FORMAT;
        symbol = frequencies.symbol_at(place, &share);
        if (symbol == frequencies.rare() || !decoder.is_sure(share)) break;
        decoder.take(share);
        char character[4];
        const mote_status status = append(message, character, bytes_of_token(vocab, symbol, character));
        if (status != MOTE_OK) return status;
    }
    return compare_check(codec, *message, check);
}

mote_status read_plain(const mote_codec &codec, const uint8_t *packet, size_t bytes, Message *message) {
    if (bytes < check_bytes(codec)) return MOTE_ERR_FORMAT;
    size_t count = bytes - check_bytes(codec);
    const uint32_t check = read_little(packet + count, check_bytes(codec));
    if (count != 0 && *packet == kRawMark) ++packet, --count;
    const mote_status status = append(message, packet, count);
    return status != MOTE_OK ? status : compare_check(codec, *message, check);
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" mote_status mote_decompress(mote_codec *codec, const void *packet, size_t bytes, void *message,
                                       size_t capacity, size_t *message_bytes) {
    if (codec == nullptr || message == nullptr || message_bytes == nullptr || (packet == nullptr && bytes != 0))
        return MOTE_ERR_ARG;
    if (bytes < codec->id_bytes) return MOTE_ERR_FORMAT;
    const uint8_t *const from = static_cast<const uint8_t *>(packet), *const body = from + codec->id_bytes;
    if (read_little(from, codec->id_bytes) != codec->id) return MOTE_ERR_MISSING;
    const size_t left = bytes - codec->id_bytes;
    Message made = {static_cast<uint8_t *>(message), capacity, 0};
    const mote_status status = is_coded(body, left, check_bytes(*codec)) ? read_coded(*codec, body, left, &made)
                                                                         : read_plain(*codec, body, left, &made);
    if (status == MOTE_OK) *message_bytes = made.count;
    return status;
}
