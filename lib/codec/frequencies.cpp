#include "frequencies.h"

#include "largest.h"

namespace mote {
namespace {

constexpr float kLargestWeight = 0x1p19f; // 4,096 of them fit into 32 bits
constexpr uint32_t kRareShift = 6; // a boundary has 1/64 of what the model gives it: FORMAT.md, "The frequencies"

} // namespace

bool Frequencies::take(float *logits, uint32_t vocab, Rare rare) {
    const float *const most = largest(logits, vocab);
    if (most == nullptr) return false;
    const float max = *most;
    uint32_t sum = 0;
    for (uint32_t first = 0; first < vocab; first += cpu::kLanes) {
        alignas(MOTE_ALIGN) float x[cpu::kLanes];
        const uint32_t count = vocab - first < cpu::kLanes ? vocab - first : cpu::kLanes;
        cpu::draw_weights(x, logits + first, count, max, 1.0f);
        for (uint32_t i = 0; i < count; ++i) {
            const uint32_t whole = static_cast<uint32_t>(x[i] * kLargestWeight); // exp <= 1
            logits[first + i] = static_cast<float>(whole);
            sum += whole;
        }
    }
    const bool boundary = rare == Rare::kFirst;
    if (boundary) {
        const uint32_t whole = static_cast<uint32_t>(logits[0]), left = whole >> kRareShift;
        logits[0] = static_cast<float>(left);
        sum -= whole - left;
    }
    weights_ = logits;
    vocab_ = vocab;
    symbols_ = boundary ? vocab : vocab + 1;
    all_weights_ = sum;
    return true;
}

uint32_t Frequencies::weight(uint32_t symbol) const {
    return symbol < vocab_ ? static_cast<uint32_t>(weights_[symbol]) : 0;
}

// Each symbol has 1, and its part of the rest.
uint32_t Frequencies::first_of(uint32_t symbol, uint32_t weight_before) const {
    const uint32_t rest = (1u << kBits) - symbols_;
    return symbol + static_cast<uint32_t>(uint64_t{weight_before} * rest / all_weights_);
}

Share Frequencies::share(uint32_t symbol) const {
    uint32_t before = 0;
    for (uint32_t i = 0; i < symbol; ++i) before += weight(i);
    const uint32_t first = first_of(symbol, before);
    return {first, first_of(symbol + 1, before + weight(symbol)) - first, kBits};
}

// first_of(symbol + 1) > place, without a division for each symbol.
uint32_t Frequencies::symbol_at(uint32_t place, Share *share) const {
    const uint64_t rest = (1u << kBits) - symbols_;
    uint32_t symbol = 0, before = 0, behind = weight(0);
    for (; place > symbol && behind * rest < uint64_t{place - symbol} * all_weights_; behind += weight(symbol)) {
        before = behind;
        ++symbol;
    }
    const uint32_t first = first_of(symbol, before);
    *share = {first, first_of(symbol + 1, behind) - first, kBits};
    return symbol;
}

} // namespace mote
