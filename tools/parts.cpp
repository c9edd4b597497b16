#include "parts.h"

#include "errors.h"

#include <algorithm>
#include <numeric>

namespace mote::cli {

static constexpr uint64_t epoch_of_the_split = 1ull << 32;

const char *part_name(Part part) { return part == TRAIN ? "train" : part == DEV ? "dev" : "test"; }

TokenView beginning_of(TokenView text, uint32_t limit) {
    return {text.data, limit == 0 ? text.count : std::min(text.count, size_t{limit} + 1)};
}

Parts::Parts(std::vector<uint16_t> tokens, const RunRecord &run)
    : tokens_(std::move(tokens)), lines_(run.lines != 0),
      seed_(run.seed), has_{run.split[TRAIN] != 0, run.split[DEV] != 0, run.split[TEST] != 0} {
    if (lines_) find_items(run);
    check(mote_split(lines_ ? starts_.size() : tokens_.size(), run.split, bounds_), "split");
}

void Parts::find_items(const RunRecord &run) {
    size_t found = 0;
    mote_items_find(tokens_.data(), tokens_.size(), nullptr, 0, &found); /* how many */
    std::vector<uint32_t> in_order(found);
    check(mote_items_find(tokens_.data(), tokens_.size(), in_order.data(), in_order.size(), &found), "items");
    std::vector<uint32_t> order(found);
    std::iota(order.begin(), order.end(), 0u);
    if (run.split[TRAIN] != 100) {
        check(mote_shuffle(order.data(), static_cast<uint32_t>(found), seed_, epoch_of_the_split), "split");
    }
    starts_.reserve(found);
    for (uint32_t item : order) starts_.push_back(in_order[item]);
}

/* The room is enough for all tokens, but never cleared: what a part does not fill takes no memory. */
TokenView Parts::arrange(Part part, const std::vector<uint32_t> &order, std::unique_ptr<uint16_t[]> &room) {
    const size_t capacity = tokens_.size() + 2;
    if (room == nullptr) room.reset(new uint16_t[capacity]);
    size_t written = 0;
    check(mote_items_arrange(tokens_.data(), tokens_.size(), starts_.data() + bounds_[part], order.data(), order.size(),
                             room.get(), capacity, &written),
          "items");
    return {room.get(), written};
}

TokenView Parts::read(Part part) {
    if (!lines_) return {tokens_.data() + bounds_[part], size_of(part)};
    std::vector<uint32_t> order(size_of(part));
    std::iota(order.begin(), order.end(), 0u);
    return arrange(part, order, for_reading_[part]);
}

TokenView Parts::pass(uint64_t pass) {
    if (!lines_) return read(TRAIN);
    if (pass_ == pass) return arranged_;
    arranged_ = arrange(TRAIN, order_of_pass(pass), for_passes_);
    pass_ = pass;
    return arranged_;
}

std::vector<uint32_t> Parts::order_of_pass(uint64_t pass) const {
    std::vector<uint32_t> order(size_of(TRAIN));
    check(mote_shuffle(order.data(), size_of(TRAIN), seed_, pass), "shuffle");
    return order;
}

} // namespace mote::cli
