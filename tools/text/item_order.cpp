#include "item_order.h"

#include "errors.h"

#include <algorithm>
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

Items items_of(const Tokens &text) {
    if (text.count() > UINT32_MAX)
        throw Failure("a text of 2^32 characters or more cannot be cut into items, of which each line is one; give "
                      "less text");
    size_t found = 0;
    find_items(text, [&](size_t, size_t) { ++found; });
    Items items(found);
    size_t i = 0;
    find_items(text, [&](size_t start, size_t length) {
        items[i++] = {static_cast<uint32_t>(start), static_cast<uint32_t>(length)};
    });
    return items;
}

/* Into other memory, in order: to write here and there would cost far more where memory is a file's. */
Items arranged(const Items &items, const LargeArray<uint32_t> &order) {
    Items result(items.size());
    for (size_t i = 0; i < items.size(); ++i) result[i] = items[order[i]];
    return result;
}

ItemsInOrder::ItemsInOrder(const Tokens &text, const Items &items, size_t first, size_t number)
    : text_(text), items_(items), first_(first), number_(number) {
    find_groups();
}

ItemsInOrder::ItemsInOrder(const Tokens &text, const Items &items, size_t first, LargeArray<uint32_t> order)
    : text_(text), items_(items), first_(first), number_(order.size()), order_(std::move(order)) {
    find_groups();
}

void ItemsInOrder::find_groups() {
    group_starts_ = LargeArray<size_t>((number_ + group - 1) / group);
    for (size_t i = 0; i < number_; ++i) {
        if (i % group == 0) group_starts_[i / group] = count_;
        count_ += size_t{item(i).length} + 1;
    }
}

void ItemsInOrder::read(size_t first, size_t count, uint16_t *to) const {
    const size_t end = first + count;
    if (first == 0 && count > 0) *to = 0;
    if (group_starts_.empty()) return;
    const size_t *after = std::upper_bound(group_starts_.begin() + 1, group_starts_.end(), first);
    auto i = static_cast<size_t>(after - group_starts_.begin() - 1) * group;
    for (size_t place = group_starts_[i / group]; place < end; ++i) {
        const Item &one = item(i);
        const size_t behind = place + one.length; /* of the boundary */
        const size_t from = std::max(place, first), until = std::min(behind, end);
        if (from < until) text_.read(one.start + (from - place), until - from, to + (from - first));
        if (behind >= first && behind < end) to[behind - first] = 0;
        place = behind + 1;
    }
}

} // namespace mote::cli
