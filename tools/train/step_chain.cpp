#include "step_chain.h"

#include <algorithm>
#include <cstring>

namespace mote::cli {

namespace {

constexpr uint32_t chain_section = MOTE_SECTION_ID('c', 'h', 'n', '1');
constexpr uint64_t most_links = 65536;

bool is_power_of_two(uint64_t number) { return number != 0 && (number & (number - 1)) == 0; }

} // namespace

StepChain::StepChain(uint64_t start, uint64_t value) : words_{value, start, start, 1} {}

void StepChain::add(uint64_t step, StepNumbers numbers) {
    if (step <= start()) return;
    unsigned char bytes[12];
    std::memcpy(bytes, &numbers.rate, 4);
    std::memcpy(bytes + 4, &numbers.loss, 4);
    std::memcpy(bytes + 8, &numbers.norm, 4);
    words_[VALUE] = mote_fnv1a(words_[VALUE], bytes, sizeof bytes);
    words_[END] = step;
    add_link(step);
    if (recorded_ != nullptr) compare(step);
}

void StepChain::add_link(uint64_t step) {
    if (step % words_[STRIDE] != 0) return;
    if (words_.size() - FIRST_LINK == most_links) drop_every_other();
    if (step % words_[STRIDE] == 0) words_.push_back(words_[VALUE]);
}

/* Those after odd multiples of the stride. */
void StepChain::drop_every_other() {
    uint64_t link = start() / words_[STRIDE];
    words_.erase(std::remove_if(words_.begin() + FIRST_LINK, words_.end(), [&](uint64_t) { return ++link % 2 != 0; }),
                 words_.end());
    words_[STRIDE] *= 2;
}

void StepChain::compare_with(const StepChain *recorded, uint64_t from) {
    recorded_ = recorded;
    last_same_ = from;
}

void StepChain::compare(uint64_t step) {
    const std::optional<uint64_t> recorded = recorded_->value_after(step);
    if (!recorded) return;
    if (*recorded != words_[VALUE]) throw StepDiffers({last_same_, step});
    last_same_ = step;
    ++compared_;
}

uint64_t StepChain::links_up_to(uint64_t step) const { return step / words_[STRIDE] - start() / words_[STRIDE]; }

std::optional<uint64_t> StepChain::value_after(uint64_t step) const {
    if (step == end()) return words_[VALUE];
    if (step <= start() || step > end() || step % words_[STRIDE] != 0) return std::nullopt;
    return words_[static_cast<size_t>(FIRST_LINK + links_up_to(step) - 1)];
}

mote_section StepChain::section() const { return {chain_section, words_.data(), words_.size() * sizeof(uint64_t)}; }

bool StepChain::is_possible() const {
    return is_power_of_two(words_[STRIDE]) && start() <= end() && links_up_to(end()) <= most_links &&
           words_.size() - FIRST_LINK == links_up_to(end()) &&
           (end() % words_[STRIDE] != 0 || words_.size() == FIRST_LINK || words_.back() == words_[VALUE]);
}

std::optional<StepChain> StepChain::read(const void *blob, size_t bytes, uint64_t position, const std::string &path) {
    const void *data = nullptr;
    size_t size = 0;
    const mote_status status = mote_blob_section(blob, bytes, chain_section, &data, &size);
    if (status == MOTE_ERR_MISSING) return std::nullopt;
    check(status, path);
    StepChain chain;
    const size_t words = size / sizeof(uint64_t);
    if (words >= FIRST_LINK) {
        chain.words_.resize(words);
        std::memcpy(chain.words_.data(), data, words * sizeof(uint64_t));
    }
    if (size % sizeof(uint64_t) != 0 || words < FIRST_LINK || !chain.is_possible() || chain.end() != position)
        throw Failure(path + ": its chain of steps is not one that mote train writes");
    return chain;
}

std::optional<DifferentSteps> StepChain::difference(const StepChain &one, const StepChain &other) {
    const uint64_t stride = std::max(one.words_[STRIDE], other.words_[STRIDE]);
    const uint64_t last = std::min(one.end(), other.end()), before = one.start() / stride;
    auto is_same = [&](uint64_t step) { return one.value_after(step) == other.value_after(step); };
    /* From the first step that differs on all links do. */
    uint64_t same = 0, links = last / stride - before;
    while (same < links) {
        const uint64_t middle = same + (links - same) / 2;
        if (is_same((before + middle + 1) * stride))
            same = middle + 1;
        else
            links = middle;
    }
    const uint64_t last_same = same == 0 ? one.start() : (before + same) * stride;
    if (same < last / stride - before) return DifferentSteps{last_same, (before + same + 1) * stride};
    /* Behind the last link that both have, the shorter chain has the value after its end, and the other may have it. */
    const bool have_both = one.value_after(last) && other.value_after(last);
    if (last > last_same && have_both && !is_same(last)) return DifferentSteps{last_same, last};
    return std::nullopt;
}

} // namespace mote::cli
