#include "byte_tokens.h"

#include "text_encoding.h"
#include "utf8_text.h"

#include <algorithm>
#include <string_view>

namespace mote::cli {

namespace {

uint32_t byte_token(char byte) { return MOTE_BYTE_CODE_POINT(static_cast<unsigned char>(byte)); }

std::string spelled(std::string_view character) {
    std::string text;
    for (char byte : character) text += utf8_of(byte_token(byte));
    return text;
}

/* The text with some of its characters spelled by byte tokens. */
template <typename Choose> std::string spelled_where(const std::string &text, Choose choose) {
    std::string result;
    for (size_t offset = 0; offset < text.size();) {
        size_t begin = offset;
        uint32_t code_point = next_code_point(text, offset);
        std::string_view character(text.data() + begin, offset - begin);
        if (choose(code_point, character)) {
            result += spelled(character);
        } else {
            result += character;
        }
    }
    return result;
}

} // namespace

bool is_byte_token(uint32_t code_point) {
    return code_point >= MOTE_BYTE_CODE_POINT(0) && code_point <= MOTE_BYTE_CODE_POINT(0xFF);
}

bool has_character(const mote_vocab &vocab, uint32_t code_point) {
    if (vocab.boundary != 0 && code_point == '\n') return true;
    return std::binary_search(vocab.code_points + vocab.boundary, vocab.code_points + vocab.count, code_point);
}

bool has_byte_tokens(const mote_vocab &vocab) {
    return std::any_of(vocab.code_points, vocab.code_points + vocab.count, is_byte_token);
}

static bool has_bytes(const mote_vocab &vocab, std::string_view bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [&](char byte) { return has_character(vocab, byte_token(byte)); });
}

bool can_be_spelled(const mote_vocab &vocab, uint32_t code_point) { return has_bytes(vocab, utf8_of(code_point)); }

std::string with_byte_tokens(const std::string &text, const mote_vocab &vocab) {
    return spelled_where(text, [&](uint32_t code_point, std::string_view bytes) {
        return !has_character(vocab, code_point) && has_bytes(vocab, bytes);
    });
}

std::string on_a_line(const std::string &message) {
    return spelled_where(
        message, [](uint32_t code_point, std::string_view) { return code_point == '\n' || is_byte_token(code_point); });
}

std::string with_bytes(const std::string &text) {
    std::string result;
    for (size_t offset = 0; offset < text.size();) {
        size_t begin = offset;
        uint32_t code_point = next_code_point(text, offset);
        if (is_byte_token(code_point)) {
            result += static_cast<char>(code_point - MOTE_BYTE_CODE_POINT(0));
        } else {
            result.append(text, begin, offset - begin);
        }
    }
    return result;
}

std::string readable(const std::string &text) {
    std::string bytes = with_bytes(text), result;
    for (size_t at = 0; at < bytes.size();) {
        size_t size = utf8_character_size(std::string_view(bytes).substr(at));
        if (size == 0) {
            result += "\xEF\xBF\xBD";
            ++at;
        } else {
            result.append(bytes, at, size);
            at += size;
        }
    }
    return result;
}

} // namespace mote::cli
