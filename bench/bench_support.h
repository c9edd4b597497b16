// How the results of benchmarks are told.
#ifndef MOTE_BENCH_SUPPORT_H
#define MOTE_BENCH_SUPPORT_H

#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>

#include "machine_limits.h"

namespace mote_bench {

// Made before the loop and told after it: GFLOP/s, and the share of the multiply-add peak measured just before and
// after.
class Flops {
  public:
    Flops() : limit_(mote_limits::fma_peak()), start_(mote_limits::cpu_seconds()) {}
    void report(benchmark::State &state, double flops_an_iteration) const {
        const double rate =
            flops_an_iteration * static_cast<double>(state.iterations()) / (mote_limits::cpu_seconds() - start_);
        const double after = mote_limits::fma_peak();
        state.counters["GFLOP/s"] = rate / 1e9;
        state.counters["peak_%"] = 100 * rate / (limit_ > after ? limit_ : after);
    }

  private:
    double limit_, start_;
};

// GB/s, and the share of the speed at which a buffer as large as what is gone over is read, in an order that is told.
// What is also written makes that more than all of it where writing does not wait for reading.
class Bytes {
  public:
    explicit Bytes(std::size_t size)
        : size_(size), limit_(mote_limits::read_bandwidth(size)), start_(mote_limits::cpu_seconds()) {}
    // So many bytes are read or written an iteration.
    void report(benchmark::State &state, double bytes) const {
        const double rate = bytes * static_cast<double>(state.iterations()) / (mote_limits::cpu_seconds() - start_);
        const mote_limits::Bandwidth after = mote_limits::read_bandwidth(size_),
                                     &limit = limit_.rate > after.rate ? limit_ : after;
        state.counters["GB/s"] = rate / 1e9;
        state.counters["bandwidth_%"] = 100 * rate / limit.rate;
        state.SetLabel(std::string("limit: ") + limit.order);
    }

  private:
    std::size_t size_;
    mote_limits::Bandwidth limit_;
    double start_;
};

} // namespace mote_bench

#endif
