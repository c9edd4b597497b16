#pragma once

#include "large_array.h"
#include "tokens.h"

#include <vector>

namespace mote::cli {

/* Where an item is in a text, in tokens. */
struct Item {
    uint32_t start, length;
};
using Items = LargeArray<Item>;

/* What stands between a text's boundary tokens (0), in the text's order. Throws Failure where the text has 2^32 tokens
 * or more. */
Items items_of(const Tokens &text);
/* The item `order[i]` becomes the i-th. */
Items arranged(const Items &items, const LargeArray<uint32_t> &order);

/* Some items of a text in an order of their own: 0 item 0 item … 0. */
class ItemsInOrder final : public Tokens {
  public:
    /* Items first … first + number - 1 as they are, or in an order of their numbers counted from `first`. Text and
     * items must outlive it. */
    ItemsInOrder(const Tokens &text, const Items &items, size_t first, size_t number);
    ItemsInOrder(const Tokens &text, const Items &items, size_t first, LargeArray<uint32_t> order);

    size_t count() const override { return count_; }
    void read(size_t first, size_t count, uint16_t *to) const override;

  private:
    void find_groups();
    const Item &item(size_t i) const { return items_[first_ + (order_.empty() ? i : order_[i])]; }

    const Tokens &text_;
    const Items &items_;
    size_t first_, number_, count_ = 1;
    LargeArray<uint32_t> order_;      /* empty: as they are */
    LargeArray<size_t> group_starts_; /* where every so-many-th item begins here */
};

} // namespace mote::cli
