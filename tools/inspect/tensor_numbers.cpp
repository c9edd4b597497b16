#include "tensor_numbers.h"

#include "errors.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace mote::cli {

namespace {

template <class Visit> void each_element(const mote_tensor &tensor, Visit visit) {
    for (uint32_t row = 0; row < tensor.shape[0]; ++row) {
        for (uint32_t column = 0; column < tensor.shape[1]; ++column) {
            float value = mote_tensor_at(&tensor, row, column);
            if (std::isfinite(value)) visit(static_cast<double>(value));
        }
    }
}

constexpr uint64_t panel = 16;

/* Visits the stored floats that are not padding: index, value. */
template <class Visit> void each_stored(const unsigned char *floats, const BlobTensor &tensor, Visit visit) {
    uint64_t rows = stored_rows(tensor), columns = stored_columns(tensor), panels = (columns + panel - 1) / panel;
    for (uint64_t i = 0; i < panels * panel * rows; ++i) {
        if (i / (panel * rows) * panel + i % panel >= columns) continue;
        float value;
        std::memcpy(&value, floats + 4 * i, sizeof value);
        visit(i, value);
    }
}

uint32_t bits_of(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

bool allowed(float value, const NumberRule &rule) {
    constexpr uint32_t sign = 0x80000000u, infinity = 0x7F800000u;
    uint32_t bits = bits_of(value), magnitude = bits & ~sign;
    if (bits == 0) return true;
    return magnitude >= bits_of(rule.quantum) && magnitude < infinity && (rule.negative_too || (bits & sign) == 0);
}

} // namespace

TensorNumbers tensor_numbers(const mote_tensor &tensor) {
    TensorNumbers numbers;
    double sum = 0, squares = 0;
    uint64_t count = 0, zeros = 0;
    each_element(tensor, [&](double value) {
        numbers.least = count == 0 ? value : std::min(numbers.least, value);
        numbers.greatest = count == 0 ? value : std::max(numbers.greatest, value);
        sum += value;
        zeros += value == 0 ? 1 : 0;
        ++count;
    });
    uint64_t all = uint64_t{tensor.shape[0]} * tensor.shape[1];
    numbers.not_finite = all - count;
    if (count == 0) return numbers;
    numbers.mean = sum / static_cast<double>(count);
    each_element(tensor, [&](double value) { squares += (value - numbers.mean) * (value - numbers.mean); });
    numbers.deviation = std::sqrt(squares / static_cast<double>(count));
    numbers.zeros = static_cast<double>(zeros) / static_cast<double>(all);
    return numbers;
}

std::optional<ZeroRun> odd_zeros(const unsigned char *floats, const BlobTensor &tensor) {
    constexpr uint64_t least = 4, most_elsewhere = 100;           /* one element in so many */
    if (tensor.layout == MOTE_LAYOUT_VECTOR) return std::nullopt; /* biases begin at zero, and some stay there */
    if (tensor.dtype != MOTE_TYPE_F32) return std::nullopt;       /* many integers are zero */
    ZeroRun run{0, 0}, longest{0, 0};
    uint64_t count = 0, zeros = 0;
    each_stored(floats, tensor, [&](uint64_t index, float value) {
        ++count;
        if (value != 0) {
            run.count = 0;
            return;
        }
        ++zeros;
        if (run.count == 0) run.first = 4 * index;
        ++run.count;
        if (run.count > longest.count) longest = run;
    });
    bool odd = longest.count >= least && longest.count < count && (zeros - longest.count) * most_elsewhere <= count;
    return odd ? std::optional<ZeroRun>(longest) : std::nullopt;
}

static void count_bad(std::optional<BadNumbers> &bad, uint64_t at, float value, bool high = false) {
    if (!bad) bad = BadNumbers{at, 0, value, high};
    ++bad->count;
}

/* Of 4 bits: both halves of a byte. */
static void check_halves(std::optional<BadNumbers> &bad, uint64_t at, unsigned char byte, const BlobTensor &tensor) {
    for (bool high : {false, true}) {
        StoredElement element = stored_element(tensor, at, high);
        int half = high ? byte >> 4 : byte & 15, zero = element.group ? 0 : 8;
        if (element.padding ? half != zero : half == 0) count_bad(bad, at, static_cast<float>(half - zero), high);
    }
}

std::optional<BadNumbers> bad_numbers(const unsigned char *bytes, const BlobTensor &tensor, const NumberRule &rule) {
    std::optional<BadNumbers> bad;
    for (uint64_t at = 0; at < tensor.size;) {
        StoredElement element = stored_element(tensor, at);
        if (tensor.dtype == MOTE_TYPE_I4 && !element.scale) {
            check_halves(bad, at, bytes[at], tensor);
            ++at;
            continue;
        }
        bool integer = tensor.dtype == MOTE_TYPE_I8 && !element.scale;
        float value = 0;
        if (integer)
            value = static_cast<float>(static_cast<signed char>(bytes[at]));
        else
            std::memcpy(&value, bytes + at, sizeof value);
        bool good = element.padding ? bits_of(value) == 0
                    : integer       ? value >= -127
                    : element.scale ? allowed(value, {rule.quantum, false})
                                    : allowed(value, rule);
        if (!good) count_bad(bad, at, value);
        at += integer ? 1 : sizeof value;
    }
    return bad;
}

std::string number_text(float value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value < 0 ? "-infinity" : "infinity";
    return formatted("%g", static_cast<double>(value));
}

} // namespace mote::cli
