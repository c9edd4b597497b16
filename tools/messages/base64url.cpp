#include "base64url.h"

#include <cstdint>
#include <cstring>

namespace mote::cli {

static constexpr const char *digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string base64url(const std::string &bytes) {
    std::string text;
    uint32_t bits = 0, count = 0;
    for (char byte : bytes) {
        bits = bits << 8 | static_cast<unsigned char>(byte);
        for (count += 8; count >= 6; count -= 6) text += digits[bits >> (count - 6) & 63];
    }
    if (count > 0) text += digits[bits << (6 - count) & 63];
    return text;
}

std::optional<std::string> bytes_of_base64url(std::string text) {
    if (text.size() % 4 == 0) {
        for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) text.pop_back();
    }
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    uint32_t bits = 0, count = 0;
    for (char c : text) {
        const char *digit = c == '\0' ? nullptr : std::strchr(digits, c);
        if (digit == nullptr) return std::nullopt;
        bits = bits << 6 | static_cast<uint32_t>(digit - digits);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(bits >> count & 0xFF);
    }
    if ((bits & ((1u << count) - 1)) != 0) return std::nullopt;
    return bytes;
}

} // namespace mote::cli
