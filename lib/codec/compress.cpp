// From a message to a packet.
#include "codec.h"
#include "frequencies.h"
#include "little_endian.h"
#include "packet_end.h"
#include "spelling.h"
#include "step.h"

namespace mote {
namespace {

// The coded packet's size; 0 where it would take more than `most` bytes, or the model cannot code the message.
size_t write_coded(const mote_codec &codec, const uint8_t *message, size_t bytes, uint8_t *packet, size_t most) {
    const mote_vocab vocab = vocab_of(*codec.state->model);
    RangeEncoder encoder(packet, most);
    if (codec.check_bits != 0 && !encoder.encode({check_of(codec, message, bytes), 1, codec.check_bits})) return 0;
    Speller speller(vocab, message, bytes, Speller::LineEnds::kCharacters);
    mote_state_reset(codec.state);
    Frequencies frequencies;
    for (uint32_t symbol = 0;;) {
        if (step(codec.state, static_cast<uint16_t>(symbol)) != MOTE_OK) return 0;
        if (!frequencies.take(state_logits(codec.state), vocab.count, end_symbol_of(vocab.boundary))) return 0;
        if (speller.at_end()) break;
        if (!speller.next(&symbol) || !encoder.encode(frequencies.share(symbol))) return 0;
    }
    return end_packet(&encoder, frequencies, check_bytes(codec)) ? encoder.count() : 0;
}

// The message itself, or raw where it is no UTF-8; behind it the check bits.
void write_plain(const mote_codec &codec, const uint8_t *message, size_t bytes, bool raw, uint8_t *packet) {
    if (raw) *packet++ = kRawMark;
    if (bytes != 0) memcpy(packet, message, bytes);
    write_little(packet + bytes, check_of(codec, message, bytes), check_bytes(codec));
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" mote_status mote_compress(mote_codec *codec, const void *message, size_t bytes, void *packet,
                                     size_t capacity, size_t *packet_bytes) {
    if (codec == nullptr || packet == nullptr || packet_bytes == nullptr || (message == nullptr && bytes != 0))
        return MOTE_ERR_ARG;
    if (capacity < codec->id_bytes) return MOTE_ERR_CAPACITY;
    const uint8_t *const text = static_cast<const uint8_t *>(message);
    uint8_t *const body = static_cast<uint8_t *>(packet) + codec->id_bytes;
    const size_t room = capacity - codec->id_bytes;
    write_little(static_cast<uint8_t *>(packet), codec->id, codec->id_bytes);

    const bool raw = !is_utf8(text, bytes);
    const size_t more = (raw ? 1 : 0) + check_bytes(*codec), plain = bytes + more;
    const size_t most = plain - 1 < room ? plain - 1 : room;
    size_t size = bytes != 0 ? write_coded(*codec, text, bytes, body, most) : 0;
    if (size == 0) {
        if (more > room || bytes > room - more) return MOTE_ERR_CAPACITY;
        write_plain(*codec, text, bytes, raw, body);
        size = plain;
    }
    *packet_bytes = codec->id_bytes + size;
    return MOTE_OK;
}
