/* What the tests of quantized kernels share: matrices and rows of small integers, and what they are to give, in plain
 * C++. */
#ifndef MOTE_TESTS_QUANT_MATRIX_H
#define MOTE_TESTS_QUANT_MATRIX_H

#include "kernel_matrix.h"

#include <cstring>

namespace mote_test {

/* What gives integers of -127 … 127. */
using Integers = std::function<int8_t()>;
inline Integers any_integer(Random &random) {
    return [&random] { return static_cast<int8_t>(static_cast<int32_t>(random.below(255)) - 127); };
}
inline Integers extremes(Random &random) {
    return [&random] { return static_cast<int8_t>(random.below(2) == 0 ? 127 : -127); };
}
inline Integers all(int8_t value) {
    return [value] { return value; };
}

/* A row of k integers, and zeros behind it, not a byte more. */
class QuantRow {
  public:
    QuantRow(uint32_t k, const Integers &values) : buffer_(mote::cpu::quant_row_bytes(k)) {
        for (uint32_t j = 0; j < k; ++j) data()[j] = values();
    }
    int8_t *data() { return reinterpret_cast<int8_t *>(buffer_.data()); }
    const int8_t *data() const { return reinterpret_cast<const int8_t *>(buffer_.data()); }

  private:
    Buffer buffer_;
};

/* Weights with scales, in panels, not a byte more. */
class QuantMatrix {
  public:
    QuantMatrix(uint32_t k, uint32_t n, const Integers &values, Random &random)
        : panel_(mote::cpu::quant_panel_bytes(k)), buffer_((n + 15) / 16 * panel_) {
        for (uint32_t c = 0; c < n; ++c) {
            const float scale = static_cast<float>(0.002 + 0.02 * random.uniform());
            std::memcpy(buffer_.data() + at_scale(c), &scale, sizeof scale);
            for (uint32_t j = 0; j < k; ++j) buffer_.data()[at(j, c)] = static_cast<unsigned char>(values());
        }
    }
    int8_t weight(uint32_t j, uint32_t c) const { return static_cast<int8_t>(buffer_.data()[at(j, c)]); }
    float scale(uint32_t c) const {
        float scale;
        std::memcpy(&scale, buffer_.data() + at_scale(c), sizeof scale);
        return scale;
    }
    const int8_t *data() const { return reinterpret_cast<const int8_t *>(buffer_.data()); }

  private:
    size_t at_scale(uint32_t c) const { return c / 16 * panel_ + c % 16 * sizeof(float); }
    size_t at(uint32_t j, uint32_t c) const { return c / 16 * panel_ + 64 + j / 4 * 64 + c % 16 * 4 + j % 4; }
    size_t panel_;
    Buffer buffer_;
};

/* Weights of 4 bits, in panels, not a byte more. */
class Quant4Matrix {
  public:
    Quant4Matrix(uint32_t k, uint32_t n, const std::function<int32_t()> &weights, Random &random)
        : panel_(mote::cpu::quant4_panel_bytes(k)), blocks_(64 + mote::cpu::quant4_group_bytes(k)),
          buffer_((n + 15) / 16 * panel_) {
        for (size_t p = 0; p < buffer_.size(); p += panel_)
            std::memset(buffer_.data() + p + blocks_, 0x88, panel_ - blocks_);
        for (uint32_t c = 0; c < n; ++c) {
            const float scale = static_cast<float>(0.002 + 0.02 * random.uniform());
            std::memcpy(buffer_.data() + c / 16 * panel_ + c % 16 * sizeof scale, &scale, sizeof scale);
            for (uint32_t j = 0; j < k; j += 32)
                set_half(c / 16 * panel_ + 64 + j / 32 * 8 + c % 8, c % 16 >= 8, 1 + random.below(15));
            for (uint32_t j = 0; j < k; ++j) set_half(at(j, c), j % 8 >= 4, static_cast<uint32_t>(weights() + 8));
        }
    }
    /* Times its group's integer. */
    int32_t weight(uint32_t j, uint32_t c) const {
        const uint32_t group = half(c / 16 * panel_ + 64 + j / 32 * 8 + c % 8, c % 16 >= 8);
        return (static_cast<int32_t>(half(at(j, c), j % 8 >= 4)) - 8) * static_cast<int32_t>(group);
    }
    float scale(uint32_t c) const {
        float scale;
        std::memcpy(&scale, buffer_.data() + c / 16 * panel_ + c % 16 * sizeof scale, sizeof scale);
        return scale;
    }
    const int8_t *data() const { return reinterpret_cast<const int8_t *>(buffer_.data()); }

  private:
    size_t at(uint32_t j, uint32_t c) const { return c / 16 * panel_ + blocks_ + j / 8 * 64 + c % 16 * 4 + j % 4; }
    uint32_t half(size_t byte, bool high) const {
        return high ? buffer_.data()[byte] >> 4 : buffer_.data()[byte] & 15u;
    }
    void set_half(size_t byte, bool high, uint32_t value) {
        const uint32_t before = buffer_.data()[byte];
        buffer_.data()[byte] =
            static_cast<unsigned char>(high ? (before & 15u) | value << 4 : (before & 0xf0u) | value);
    }
    size_t panel_, blocks_;
    Buffer buffer_;
};

/* y + the product, for one output. */
template <typename Weights>
float with_product(float y, const mote::cpu::QuantProduct &p, const Weights &w, uint32_t c) {
    int64_t sum = 0;
    if (p.x == nullptr)
        sum = int64_t{1} * w.weight(p.row, c);
    else
        for (uint32_t j = 0; j < p.k; ++j) sum += int64_t{p.x[j]} * w.weight(j, c);
    const float scale = w.scale(c) * p.scale;
    return std::fma(static_cast<float>(sum), scale, y);
}

} // namespace mote_test

#endif
