// Matrices as the kernels have them, for benchmarks.
#ifndef MOTE_PANELS_H
#define MOTE_PANELS_H

#include <cstdint>

#include "aligned.h"
#include "kernels.h"

namespace mote_bench {

// A matrix in panels of 16 columns, zero.
class Matrix {
  public:
    Matrix(std::uint32_t rows, std::uint32_t columns)
        : rows_(rows), columns_(columns), count_(std::size_t{rows} * ((columns + 15) / 16 * 16)),
          bytes_(aligned(count_ * sizeof(float))) {}
    // Small numbers of both signs.
    void fill_small() {
        fill([](std::uint32_t r, std::uint32_t c) {
            return static_cast<float>((r * 31 + c * 17) % 64) / 64.0f - 0.49f;
        });
    }
    // Element (r, c) becomes f(r, c).
    template <typename F> void fill(F f) {
        for (std::uint32_t r = 0; r < rows_; ++r)
            for (std::uint32_t c = 0; c < columns_; ++c) at(r, c) = f(r, c);
    }
    float &at(std::uint32_t r, std::uint32_t c) { return data()[place(r, c)]; }
    float at(std::uint32_t r, std::uint32_t c) const { return data()[place(r, c)]; }
    float *data() { return reinterpret_cast<float *>(bytes_.get()); }
    const float *data() const { return reinterpret_cast<const float *>(bytes_.get()); }
    std::size_t count() const { return count_; }
    mote::cpu::Mat view() { return {data(), std::size_t{rows_} * 16}; }

  private:
    std::size_t place(std::uint32_t r, std::uint32_t c) const {
        return (c / 16 * std::size_t{rows_} + r) * 16 + c % 16;
    }

    std::uint32_t rows_, columns_;
    std::size_t count_;
    Aligned bytes_;
};

} // namespace mote_bench

#endif
