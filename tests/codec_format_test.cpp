/* A decoder made from lib/codec/FORMAT.md, with arrays and 64-bit integers where the library has neither, reads what
 * the library writes. */
#include "codec_support.h"
#include "kernels.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace mote_test;

namespace {

/* Where the numbers of each symbol begin, and 2^16. */
std::vector<uint64_t> first_numbers(const float *logits, uint32_t vocab, bool boundary) {
    const float most = *std::max_element(logits, logits + vocab);
    std::vector<uint64_t> weights;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < vocab; ++i) {
        alignas(MOTE_ALIGN) float x[16] = {logits[i]};
        mote::cpu::draw_weights(x, x, 1, most, 1.0f);
        weights.push_back(static_cast<uint64_t>(static_cast<double>(x[0]) * 524288.0));
        sum += weights.back();
    }
    if (!boundary) weights.push_back(sum / 64);
    if (!boundary) sum += weights.back();
    std::vector<uint64_t> numbers;
    uint64_t before = 0;
    for (size_t i = 0; i < weights.size(); ++i) {
        numbers.push_back(i + before * (65536 - weights.size()) / sum);
        before += weights[i];
    }
    numbers.push_back(65536);
    return numbers;
}

class Reader {
  public:
    explicit Reader(const std::string &packet) : packet_(packet) {
        for (int i = 0; i < 4; ++i) shift();
    }
    /* The symbol whose numbers hold the place of the code. */
    size_t next(const std::vector<uint64_t> &numbers) {
        const uint64_t unit = range_ / 65536, place = code_ / unit;
        size_t symbol = 0;
        while (numbers[symbol + 1] <= place) ++symbol;
        code_ -= unit * numbers[symbol];
        range_ = unit * (numbers[symbol + 1] - numbers[symbol]);
        for (; range_ < 1u << 24; range_ *= 256) shift();
        return symbol;
    }

  private:
    void shift() { code_ = code_ * 256 + (at_ < packet_.size() ? static_cast<unsigned char>(packet_[at_++]) : 0u); }

    std::string packet_;
    size_t at_ = 0;
    uint64_t code_ = 0, range_ = 0xff000000;
};

std::string decode(const MessageModel &kind, const std::string &packet) {
    if (is_utf8(packet)) return packet;
    if (packet[0] == '\xff') return packet.substr(1);
    const mote_vocab &vocab = kind.vocab->get();
    const State state(kind.model->get(), kind.model->config());
    Reader reader(packet);
    std::string message;
    for (uint16_t token = 0;;) {
        const float *logits = nullptr;
        REQUIRE(mote_step(state.get(), token, &logits) == MOTE_OK);
        const size_t symbol = reader.next(first_numbers(logits, vocab.count, vocab.boundary != 0));
        if (symbol == (vocab.boundary != 0 ? 0 : vocab.count)) return message;
        token = static_cast<uint16_t>(symbol);
        const uint32_t c = vocab.code_points[token];
        message += c >= 0x10FE00 && c <= 0x10FEFF ? std::string(1, static_cast<char>(c - 0x10FE00)) : encode_utf8(c);
    }
}

} // namespace

TEST_CASE("a decoder made from the description of the format reads the packets") {
    for (const MessageModel &kind : message_models()) {
        INFO(kind.name);
        const Codec codec(*kind.model);
        for (const std::string &message : messages_for(kind, 15)) CHECK(decode(kind, pack(codec, message)) == message);
    }
}
