#include "format_reader.h"

#include "kernels.h"
#include "mote.h"

#include <algorithm>

namespace mote_test {

std::vector<uint64_t> first_numbers(const float *logits, uint32_t vocab, RareSymbol rare) {
    const bool behind = rare == RareSymbol::BEHIND;
    const float most = *std::max_element(logits, logits + vocab);
    std::vector<uint64_t> weights;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < vocab; ++i) {
        alignas(MOTE_ALIGN) float x[16] = {logits[i]};
        mote::cpu::draw_weights(x, x, 1, most, 1.0f);
        weights.push_back(static_cast<uint64_t>(static_cast<double>(x[0]) * 524288.0));
        if (i == 0 && !behind) weights.back() /= 64;
        sum += weights.back();
    }
    if (behind) weights.push_back(0);
    std::vector<uint64_t> numbers;
    uint64_t before = 0;
    for (size_t i = 0; i < weights.size(); ++i) {
        numbers.push_back(i + before * (65536 - weights.size()) / sum);
        before += weights[i];
    }
    numbers.push_back(65536);
    return numbers;
}

size_t FormatReader::next(const std::vector<uint64_t> &numbers) {
    const uint64_t unit = range_ / numbers.back(), place = code_ / unit;
    size_t symbol = 0;
    while (numbers[symbol + 1] <= place) ++symbol;
    code_ -= unit * numbers[symbol];
    range_ = unit * (numbers[symbol + 1] - numbers[symbol]);
    for (; range_ < 1u << 24; range_ *= 256) shift();
    return symbol;
}

bool FormatReader::next_if_sure(const std::vector<uint64_t> &numbers, size_t *symbol) {
    const FormatReader before = *this;
    *symbol = next(numbers);
    const uint64_t end = before.range_ / numbers.back() * numbers[*symbol + 1];
    const uint64_t added = before.open_ == 1 ? 1 : before.open_ / 2;
    if (before.open_ <= 1u << 24 && before.code_ + added <= end) return true;
    *this = before;
    return false;
}

} // namespace mote_test
