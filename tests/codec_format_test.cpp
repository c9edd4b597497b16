/* A decoder made from lib/codec/FORMAT.md, with arrays and 64-bit integers where the library has neither, reads what
 * the library writes. */
#include "codec_support.h"
#include "format_reader.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

std::string decode(const MessageModel &kind, const std::string &packet) {
    if (is_utf8(packet)) return packet;
    if (packet[0] == '\xff') return packet.substr(1);
    const mote_vocab &vocab = kind.vocab->get();
    const State state(kind.model->get(), kind.model->config());
    FormatReader reader(packet);
    const RareSymbol end = vocab.boundary != 0 ? RareSymbol::FIRST : RareSymbol::BEHIND;
    std::string message;
    for (uint16_t token = 0;;) {
        const float *logits = nullptr;
        REQUIRE(mote_step(state.get(), token, &logits) == MOTE_OK);
        size_t symbol = 0;
        if (!reader.next_if_sure(first_numbers(logits, vocab.count, end), &symbol)) return message;
        if (symbol == (vocab.boundary != 0 ? 0 : vocab.count)) return message;
        token = static_cast<uint16_t>(symbol);
        const uint32_t c = vocab.code_points[token];
        message += c >= 0x10FE00 && c <= 0x10FEFF ? std::string(1, static_cast<char>(c - 0x10FE00)) : encode_utf8(c);
    }
}

} // namespace

TEST_CASE("a decoder made from the description of the format reads the packets") {
    Choice choice;
    for (const MessageModel &kind : message_models()) {
        INFO(kind.name);
        const Codec codec(*kind.model);
        for (const std::string &message : messages_for(kind, 15))
            if (!choice.skips()) CHECK(decode(kind, pack(codec, message)) == message);
    }
}
