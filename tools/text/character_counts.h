#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace mote::cli {

struct CharacterCount {
    uint32_t code_point;
    uint64_t times;
};

/* How often each character comes in texts. */
class CharacterCounts {
  public:
    /* Returns how many characters the text has; none of a text that is not UTF-8 is to be relied on then, and the
     * result is `not_utf8`. */
    size_t add(std::string_view text);
    void add(const CharacterCounts &other);
    /* Those that come, by their code points. */
    std::vector<CharacterCount> sorted() const;

    static constexpr size_t not_utf8 = SIZE_MAX;

  private:
    static constexpr uint32_t page_size = 256, pages = 0x110000 / page_size;
    using Page = std::array<uint64_t, page_size>;

    Page &page(uint32_t index);

    std::array<std::unique_ptr<Page>, pages> pages_;
};

} // namespace mote::cli
