#pragma once

#include "large_array.h"
#include "tokens.h"

#include <vector>

namespace mote::cli {

/* Where the items of a text are, between its boundary tokens (0). */
struct Items {
    LargeArray<uint32_t> starts, lengths; /* in tokens */

    Items() = default;
    /* In the text's order. Throws Failure where the text has 2^32 tokens or more. */
    explicit Items(const Tokens &text);
    size_t count() const { return starts.size(); }
    /* The item `order[i]` becomes the i-th. Uses up `order`. */
    void arrange(LargeArray<uint32_t> &order);
};

/* Some items of a text in an order of their own: 0 item 0 item … 0. */
class ItemsInOrder final : public Tokens {
  public:
    /* Items first, first + 1 …; `order` holds numbers of items counted from `first`. Text and items must outlive it. */
    ItemsInOrder(const Tokens &text, const Items &items, size_t first, LargeArray<uint32_t> order);

    size_t count() const override { return count_; }
    void read(size_t first, size_t count, uint16_t *to) const override;

  private:
    uint32_t start(size_t i) const { return items_.starts[first_ + order_[i]]; }
    uint32_t length(size_t i) const { return items_.lengths[first_ + order_[i]]; }

    const Tokens &text_;
    const Items &items_;
    size_t first_, count_ = 1;
    LargeArray<uint32_t> order_;
    LargeArray<size_t> group_starts_; /* where every so-many-th item begins here */
};

/* The numbers 0 … count - 1. */
LargeArray<uint32_t> numbers_below(size_t count);

} // namespace mote::cli
