// Products by the kernels themselves, in the instruction set that --isa forces or the library chooses.
#include "bench_support.h"
#include "panels.h"

namespace {

using namespace mote_bench;
namespace cpu = mote::cpu;

cpu::Shape shape_of(const benchmark::State &state) {
    return {static_cast<std::uint32_t>(state.range(0)), static_cast<std::uint32_t>(state.range(1)),
            static_cast<std::uint32_t>(state.range(2))};
}

// kernel(c, a, b) does it.
template <typename F> void multiply(benchmark::State &state, Matrix a, Matrix b, F kernel) {
    const cpu::Shape s = shape_of(state);
    Matrix c(s.m, s.n);
    a.fill_small();
    b.fill_small();
    const Flops flops;
    for (auto _ : state) {
        kernel(c.view(), a.view(), b.view());
        benchmark::ClobberMemory();
    }
    flops.report(state, 2.0 * s.m * s.n * s.k);
}

// c[m][n] += a[m][k] b[k][n], b in panels as weights lie.
void gemm(benchmark::State &state) {
    const cpu::Shape s = shape_of(state);
    multiply(state, Matrix(s.m, s.k), Matrix(s.k, s.n),
             [s](cpu::Mat c, cpu::ConstMat a, cpu::ConstMat b) { cpu::gemm(c, a, b, s, cpu::kAccumulate); });
}
BENCHMARK(gemm)
    ->ArgNames({"m", "n", "k"})
    ->Args({32, 256, 256})
    ->Args({64, 512, 512})
    ->Args({2048, 65, 256})
    ->Args({64, 65, 128})
    ->Args({32, 300, 30})
    ->Args({32, 27, 300})
    ->Args({64, 128, 256})
    ->Args({37, 97, 130});

// The gradient of a weight: c[m][n] += a[k][m] b[k][n].
void gemm_tn(benchmark::State &state) {
    const cpu::Shape s = shape_of(state);
    multiply(state, Matrix(s.k, s.m), Matrix(s.k, s.n),
             [s](cpu::Mat c, cpu::ConstMat a, cpu::ConstMat b) { cpu::gemm_tn(c, a, b, s, cpu::kAccumulate); });
}
BENCHMARK(gemm_tn)
    ->ArgNames({"m", "n", "k"})
    ->Args({256, 256, 2048})
    ->Args({256, 65, 2048})
    ->Args({128, 65, 64})
    ->Args({300, 27, 32})
    ->Args({30, 30, 5});

// By the transpose of weights that are stored row by row: c[m][n] += a[m][k] b[n][k].
void gemm_nt(benchmark::State &state) {
    const cpu::Shape s = shape_of(state);
    multiply(state, Matrix(s.m, s.k), Matrix(s.n, s.k),
             [s](cpu::Mat c, cpu::ConstMat a, cpu::ConstMat b) { cpu::gemm_nt(c, a, b, s, cpu::kAccumulate); });
}
BENCHMARK(gemm_nt)->ArgNames({"m", "n", "k"})->Args({1, 128, 128})->Args({32, 256, 256});

// One row: the weights are read once, so their cache's bandwidth is the limit.
void gemv(benchmark::State &state) {
    const auto n = static_cast<std::uint32_t>(state.range(0)), k = static_cast<std::uint32_t>(state.range(1));
    Matrix a(1, k), b(k, n), c(1, n);
    a.fill_small();
    b.fill_small();
    const std::size_t size = b.count() * sizeof(float);
    const Bytes bytes(size);
    for (auto _ : state) {
        cpu::gemm(c.view(), a.view(), b.view(), {1, n, k}, cpu::kAccumulate);
        benchmark::ClobberMemory();
    }
    bytes.report(state, static_cast<double>(size));
}
BENCHMARK(gemv)
    ->ArgNames({"n", "k"})
    ->Args({64, 64})
    ->Args({128, 128})
    ->Args({256, 256})
    ->Args({512, 512})
    ->Args({1024, 1024})
    ->Args({65, 128})
    ->Args({30, 30});

void transpose(benchmark::State &state) {
    const auto m = static_cast<std::uint32_t>(state.range(0)), k = static_cast<std::uint32_t>(state.range(1));
    Matrix b(m, k), t(k, m);
    b.fill_small();
    const std::size_t size = (b.count() + t.count()) * sizeof(float);
    const Bytes bytes(size);
    for (auto _ : state) {
        cpu::transpose(t.view(), b.view(), m, k);
        benchmark::ClobberMemory();
    }
    bytes.report(state, static_cast<double>(size));
}
BENCHMARK(transpose)->ArgNames({"m", "k"})->Args({128, 128})->Args({256, 256})->Args({37, 97});

} // namespace
