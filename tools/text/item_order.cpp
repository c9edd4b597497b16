#include "item_order.h"

#include "errors.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace mote::cli {

namespace {

constexpr size_t tokens_at_once = 1u << 16;
/* Items between two whose places are kept. */
constexpr size_t group = 16;

/* Calls found(start, length) for each item. */
template <typename Found> void find_items(const Tokens &text, Found found) {
    std::vector<uint16_t> piece(tokens_at_once);
    size_t start = 0; /* of the item that may begin or go on */
    auto end_at = [&](size_t at) {
        if (at > start) found(start, at - start);
        start = at + 1;
    };
    for (size_t first = 0; first < text.count(); first += tokens_at_once) {
        const size_t length = std::min(tokens_at_once, text.count() - first);
        text.read(first, length, piece.data());
        for (size_t i = 0; i < length; ++i)
            if (piece[i] == 0) end_at(first + i);
    }
    end_at(text.count());
}

} // namespace

Items::Items(const Tokens &text) {
    if (text.count() > UINT32_MAX)
        throw Failure("--lines: a text of 2^32 characters or more cannot be cut into items; give fewer files");
    size_t found = 0;
    find_items(text, [&](size_t, size_t) { ++found; });
    starts = LargeArray<uint32_t>(found);
    lengths = LargeArray<uint32_t>(found);
    size_t i = 0;
    find_items(text, [&](size_t start, size_t length) {
        starts[i] = static_cast<uint32_t>(start);
        lengths[i++] = static_cast<uint32_t>(length);
    });
}

/* Along each cycle of the order; a place that is done has its own number. */
void Items::arrange(LargeArray<uint32_t> &order) {
    for (uint32_t first = 0; first < order.size(); ++first) {
        const uint32_t start = starts[first], length = lengths[first];
        for (uint32_t to = first; order[to] != to;) {
            const uint32_t from = order[to];
            order[to] = to;
            starts[to] = from != first ? starts[from] : start;
            lengths[to] = from != first ? lengths[from] : length;
            if (from == first) break;
            to = from;
        }
    }
}

LargeArray<uint32_t> numbers_below(size_t count) {
    LargeArray<uint32_t> numbers(count);
    std::iota(numbers.data(), numbers.data() + count, 0u);
    return numbers;
}

ItemsInOrder::ItemsInOrder(const Tokens &text, const Items &items, size_t first, LargeArray<uint32_t> order)
    : text_(text), items_(items), first_(first), order_(std::move(order)),
      group_starts_((order_.size() + group - 1) / group) {
    for (size_t i = 0; i < order_.size(); ++i) {
        if (i % group == 0) group_starts_[i / group] = count_;
        count_ += size_t{length(i)} + 1;
    }
}

void ItemsInOrder::read(size_t first, size_t count, uint16_t *to) const {
    const size_t end = first + count;
    if (first == 0 && count > 0) *to = 0;
    if (group_starts_.empty()) return;
    const size_t *after = std::upper_bound(group_starts_.begin() + 1, group_starts_.end(), first);
    auto i = static_cast<size_t>(after - group_starts_.begin() - 1) * group;
    for (size_t place = group_starts_[i / group]; place < end; ++i) {
        const size_t behind = place + length(i); /* of the boundary */
        const size_t from = std::max(place, first), until = std::min(behind, end);
        if (from < until) text_.read(start(i) + (from - place), until - from, to + (from - first));
        if (behind >= first && behind < end) to[behind - first] = 0;
        place = behind + 1;
    }
}

} // namespace mote::cli
