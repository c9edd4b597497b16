// Matrices for benchmarks, and how their results are told.
#ifndef MOTE_BENCH_SUPPORT_H
#define MOTE_BENCH_SUPPORT_H

#include <benchmark/benchmark.h>

#include <cstdint>

#include "aligned.h"
#include "kernels.h"
#include "machine_limits.h"

namespace mote_bench {

// A matrix in panels, filled with small numbers.
class Matrix {
  public:
    Matrix(std::uint32_t rows, std::uint32_t columns)
        : rows_(rows), count_(std::size_t{rows} * ((columns + 15) / 16 * 16)), bytes_(aligned(count_ * sizeof(float))) {
        for (std::uint32_t r = 0; r < rows; ++r)
            for (std::uint32_t c = 0; c < columns; ++c)
                data()[(c / 16 * std::size_t{rows} + r) * 16 + c % 16] =
                    static_cast<float>((r * 31 + c * 17) % 64) / 64.0f - 0.49f;
    }
    float *data() { return reinterpret_cast<float *>(bytes_.get()); }
    std::size_t count() const { return count_; }
    mote::cpu::Mat view() { return {data(), std::size_t{rows_} * 16}; }

  private:
    std::uint32_t rows_;
    std::size_t count_;
    Aligned bytes_;
};

// Made before the loop and told after it: GFLOP/s, and the share of the multiply-add peak measured just before and
// after.
class Flops {
  public:
    Flops() : limit_(fma_peak()), start_(cpu_seconds()) {}
    void report(benchmark::State &state, double flops_an_iteration) const {
        const double rate = flops_an_iteration * static_cast<double>(state.iterations()) / (cpu_seconds() - start_);
        const double after = fma_peak();
        state.counters["GFLOP/s"] = rate / 1e9;
        state.counters["peak_%"] = 100 * rate / (limit_ > after ? limit_ : after);
    }

  private:
    double limit_, start_;
};

// GB/s, and the share of the read bandwidth of a buffer as large.
class Bytes {
  public:
    explicit Bytes(std::size_t size) : size_(size), limit_(read_bandwidth(size)), start_(cpu_seconds()) {}
    void report(benchmark::State &state) const {
        const double rate =
            static_cast<double>(size_) * static_cast<double>(state.iterations()) / (cpu_seconds() - start_);
        const double after = read_bandwidth(size_);
        state.counters["GB/s"] = rate / 1e9;
        state.counters["bandwidth_%"] = 100 * rate / (limit_ > after ? limit_ : after);
    }

  private:
    std::size_t size_;
    double limit_, start_;
};

} // namespace mote_bench

#endif
