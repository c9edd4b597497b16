/* A reader of streams made from lib/codec/FORMAT.md reads what the library writes. */
#include "format_reader.h"
#include "stream_support.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

size_t take_number(const std::string &bytes, size_t &at) {
    size_t number = 0;
    for (int shift = 0;; shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes[at++]);
        number |= static_cast<size_t>(byte & 0x7f) << shift;
        if (byte < 0x80) return number;
    }
}

std::vector<uint64_t> all_bytes() {
    std::vector<uint64_t> numbers;
    for (uint64_t i = 0; i <= 256; ++i) numbers.push_back(i);
    return numbers;
}

class TextReader {
  public:
    explicit TextReader(const MessageModel &kind)
        : vocab_(kind.vocab->get()), state_(kind.model->get(), kind.model->config()) {
        begin();
    }
    void begin() {
        mote_state_reset(state_.get());
        read(0);
    }
    std::string body(const std::string &bytes, size_t count) {
        FormatReader reader(bytes);
        std::string text;
        while (text.size() < count) {
            const size_t symbol = reader.next(numbers_);
            if (symbol == vocab_.count) {
                text += static_cast<char>(reader.next(all_bytes()));
                continue;
            }
            const uint32_t c = vocab_.code_points[symbol];
            text += c >= 0x10FE00 && c <= 0x10FEFF ? std::string(1, static_cast<char>(c - 0x10FE00)) : encode_utf8(c);
            read(static_cast<uint16_t>(symbol));
        }
        return text;
    }

  private:
    void read(uint16_t token) {
        const float *logits = nullptr;
        if (mote_step(state_.get(), token, &logits) != MOTE_OK) return; /* what the writer stores, too */
        numbers_ = first_numbers(logits, vocab_.count, RareSymbol::BEHIND);
    }

    mote_vocab vocab_;
    State state_;
    std::vector<uint64_t> numbers_;
};

std::string decode(const MessageModel &kind, const std::string &bytes) {
    TextReader reader(kind);
    std::string text;
    for (size_t at = 16;;) {
        const size_t number = take_number(bytes, at), count = number / 2;
        if (number == 0) break;
        if (number % 2 == 0) {
            text += bytes.substr(at, count);
            at += count + 2;
            reader.begin();
            continue;
        }
        const size_t body = take_number(bytes, at);
        text += reader.body(bytes.substr(at, body), count);
        at += body + 2;
    }
    return text;
}

} // namespace

TEST_CASE("a reader made from the description of the format reads the streams") {
    Choice choice;
    for (const MessageModel &kind : message_models()) {
        INFO(kind.name);
        const Stream stream(*kind.model);
        const std::string text = text_for(kind, 10);
        for (const size_t size : {size_t{20}, size_t{300}}) {
            if (choice.skips()) continue;
            const std::string bytes = write_stream(stream, text, size);
            CHECK(bytes.substr(0, 8) == std::string("\xffmtz\x01\0\0\0", 8));
            CHECK(decode(kind, bytes) == text);
        }
    }
}
