#include "tokens.h"

#include <algorithm>

namespace mote::cli {

void TokensInMemory::read(size_t first, size_t count, uint16_t *to) const {
    std::copy_n(tokens_.data() + first, count, to);
}

std::vector<uint16_t> TokenView::all() const {
    std::vector<uint16_t> all(count);
    read(0, count, all.data());
    return all;
}

TokenView beginning_of(TokenView text, uint32_t limit) {
    return {text.tokens, text.first, limit == 0 ? text.count : std::min(text.count, size_t{limit} + 1)};
}

} // namespace mote::cli
