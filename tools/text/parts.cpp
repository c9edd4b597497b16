#include "parts.h"

#include "errors.h"
#include "mote.h"

namespace mote::cli {

static constexpr uint64_t epoch_of_the_split = 1ull << 32;

const char *part_name(Part part) { return part == TRAIN ? "train" : part == DEV ? "dev" : "test"; }

static LargeArray<uint32_t> shuffled(size_t count, uint64_t seed, uint64_t epoch) {
    LargeArray<uint32_t> order(count);
    check(mote_shuffle(order.data(), static_cast<uint32_t>(count), seed, epoch), "shuffle");
    return order;
}

Parts::Parts(std::shared_ptr<const Tokens> tokens, const RunRecord &run)
    : tokens_(std::move(tokens)), lines_(run.lines != 0),
      seed_(run.seed), has_{run.split[TRAIN] != 0, run.split[DEV] != 0, run.split[TEST] != 0} {
    if (lines_) find_items(run);
    check(mote_split(lines_ ? items_->size() : tokens_->count(), run.split, bounds_), "split");
}

void Parts::find_items(const RunRecord &run) {
    items_ = std::make_unique<Items>(items_of(*tokens_));
    if (run.split[TRAIN] == 100) return;
    *items_ = arranged(*items_, shuffled(items_->size(), seed_, epoch_of_the_split));
}

TokenView Parts::read(Part part) {
    if (!lines_) return {tokens_.get(), bounds_[part], size_of(part)};
    if (for_reading_[part] == nullptr)
        for_reading_[part] = std::make_unique<ItemsInOrder>(*tokens_, *items_, bounds_[part], size_of(part));
    return TokenView::of(*for_reading_[part]);
}

TokenView Parts::pass(uint64_t pass) {
    if (!lines_) return read(TRAIN);
    if (pass_ != pass) for_passes_ = nullptr; /* before there is another one */
    if (for_passes_ == nullptr)
        for_passes_ = std::make_unique<ItemsInOrder>(*tokens_, *items_, bounds_[TRAIN], order_of_pass(pass));
    pass_ = pass;
    return TokenView::of(*for_passes_);
}

LargeArray<uint32_t> Parts::order_of_pass(uint64_t pass) const { return shuffled(size_of(TRAIN), seed_, pass); }

} // namespace mote::cli
