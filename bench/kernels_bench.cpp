// The kernels by themselves, in the instruction set that --isa forces or the library chooses.
#include "bench_support.h"
#include "panels.h"

namespace {

using namespace mote_bench;
namespace cpu = mote::cpu;

// c[m][n] += a[m][k] b[k][n], b in panels as weights lie.
void gemm(benchmark::State &state) {
    const auto m = static_cast<std::uint32_t>(state.range(0)), n = static_cast<std::uint32_t>(state.range(1)),
               k = static_cast<std::uint32_t>(state.range(2));
    Matrix a(m, k), b(k, n), c(m, n);
    const Flops flops;
    for (auto _ : state) {
        cpu::gemm(c.view(), a.view(), b.view(), {m, n, k});
        benchmark::ClobberMemory();
    }
    flops.report(state, 2.0 * m * n * k);
}
BENCHMARK(gemm)
    ->ArgNames({"m", "n", "k"})
    ->Args({32, 256, 256})
    ->Args({64, 512, 512})
    ->Args({32, 27, 300})
    ->Args({37, 97, 130});

// The gradient of a weight: c[m][n] += a[k][m] b[k][n].
void gemm_tn(benchmark::State &state) {
    const auto m = static_cast<std::uint32_t>(state.range(0)), n = static_cast<std::uint32_t>(state.range(1)),
               k = static_cast<std::uint32_t>(state.range(2));
    Matrix a(k, m), b(k, n), c(m, n);
    const Flops flops;
    for (auto _ : state) {
        cpu::gemm_tn(c.view(), a.view(), b.view(), {m, n, k});
        benchmark::ClobberMemory();
    }
    flops.report(state, 2.0 * m * n * k);
}
BENCHMARK(gemm_tn)->ArgNames({"m", "n", "k"})->Args({256, 256, 2048})->Args({256, 65, 2048})->Args({30, 30, 5});

// One row: the weights are read once, so their cache's bandwidth is the limit.
void gemv(benchmark::State &state) {
    const auto n = static_cast<std::uint32_t>(state.range(0)), k = static_cast<std::uint32_t>(state.range(1));
    Matrix a(1, k), b(k, n), c(1, n);
    const Bytes bytes(b.count() * sizeof(float));
    for (auto _ : state) {
        cpu::gemm(c.view(), a.view(), b.view(), {1, n, k});
        benchmark::ClobberMemory();
    }
    bytes.report(state);
}
BENCHMARK(gemv)
    ->ArgNames({"n", "k"})
    ->Args({64, 64})
    ->Args({128, 128})
    ->Args({256, 256})
    ->Args({512, 512})
    ->Args({1024, 1024})
    ->Args({30, 30});

void tanh_rows(benchmark::State &state) {
    const auto n = static_cast<std::uint32_t>(state.range(0));
    Matrix x(1, n);
    const auto source = aligned(x.count() * sizeof(float));
    std::memcpy(source.get(), x.data(), x.count() * sizeof(float));
    for (auto _ : state) {
        std::memcpy(x.data(), source.get(), x.count() * sizeof(float));
        benchmark::DoNotOptimize(cpu::tanh_rows(x.view(), 1, n));
        benchmark::ClobberMemory();
    }
    state.counters["ns_each"] =
        benchmark::Counter(static_cast<double>(n) * 1e-9 * static_cast<double>(state.iterations()),
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(tanh_rows)->ArgName("n")->Arg(256)->Arg(8192);

} // namespace
