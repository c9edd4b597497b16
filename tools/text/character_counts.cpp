#include "character_counts.h"

#include "text_encoding.h"
#include "utf8_text.h"

namespace mote::cli {

CharacterCounts::Page &CharacterCounts::page(uint32_t index) {
    if (pages_[index] == nullptr) pages_[index] = std::make_unique<Page>();
    return *pages_[index];
}

size_t CharacterCounts::add(std::string_view text) {
    constexpr unsigned char first_of_many = 0x80;
    Page &ascii = page(0);
    size_t characters = 0;
    for (size_t at = 0; at < text.size(); ++characters) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < first_of_many) {
            ++ascii[byte];
            ++at;
            continue;
        }
        const size_t size = utf8_character_size(text.substr(at));
        if (size == 0) return not_utf8;
        size_t begin = 0;
        const uint32_t code_point = next_code_point(text.substr(at, size), begin);
        at += size;
        ++page(code_point / page_size)[code_point % page_size];
    }
    return characters;
}

void CharacterCounts::add(const CharacterCounts &other) {
    for (uint32_t i = 0; i < pages; ++i) {
        if (other.pages_[i] == nullptr) continue;
        Page &own = page(i);
        for (uint32_t k = 0; k < page_size; ++k) own[k] += (*other.pages_[i])[k];
    }
}

std::vector<CharacterCount> CharacterCounts::sorted() const {
    std::vector<CharacterCount> counts;
    for (uint32_t i = 0; i < pages; ++i)
        for (uint32_t k = 0; pages_[i] != nullptr && k < page_size; ++k)
            if ((*pages_[i])[k] != 0) counts.push_back({i * page_size + k, (*pages_[i])[k]});
    return counts;
}

} // namespace mote::cli
