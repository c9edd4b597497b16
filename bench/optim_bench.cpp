// Passes over all gradients, weights and moments by the kernels themselves: a bigram of 65, hidden 256, hidden 1024.
#include <algorithm>

#include "bench_support.h"
#include "panels.h"

namespace {

using namespace mote_bench;
namespace cpu = mote::cpu;

struct Arrays {
    explicit Arrays(std::uint32_t count) : w(count / 16, 16), g(count / 16, 16), m(count / 16, 16), v(count / 16, 16) {
        w.fill_small();
        g.fill_small();
    }
    Matrix w, g, m, v;
};

// `pass` goes over `arrays` of them, and reads or writes a float so many times a weight. Returns weights a second.
template <typename F> double flat(benchmark::State &state, std::size_t arrays, double floats, F pass) {
    Arrays a(static_cast<std::uint32_t>(state.range(0)));
    const std::size_t count = a.w.count();
    const Bytes bytes(arrays * count * sizeof(float));
    const double start = mote_limits::cpu_seconds();
    for (auto _ : state) {
        pass(a, count);
        benchmark::ClobberMemory();
    }
    const double weights = static_cast<double>(count) * static_cast<double>(state.iterations());
    const double rate = weights / (mote_limits::cpu_seconds() - start);
    bytes.report(state, floats * sizeof(float) * static_cast<double>(count));
    return rate;
}

// The same for an optimizer that takes a root of each weight's moment and divides by it.
template <typename F> void rooted(benchmark::State &state, std::size_t arrays, double floats, F pass) {
    const double before = mote_limits::root_peak();
    const double rate = flat(state, arrays, floats, pass);
    state.counters["roots_%"] = 100 * rate / std::max(before, mote_limits::root_peak());
}

void flush(benchmark::State &state) {
    flat(state, 1, 2, [](Arrays &a, std::size_t n) { benchmark::DoNotOptimize(cpu::flush(a.g.data(), n)); });
}
void sum_squares(benchmark::State &state) {
    flat(state, 1, 1, [](Arrays &a, std::size_t n) { benchmark::DoNotOptimize(cpu::sum_squares(a.g.data(), n)); });
}
void scale(benchmark::State &state) {
    flat(state, 1, 2, [](Arrays &a, std::size_t n) { cpu::scale(a.g.data(), n, 1.0f); });
}
void clip(benchmark::State &state) {
    flat(state, 1, 2, [](Arrays &a, std::size_t n) { cpu::clip(a.g.data(), n, 5.0f); });
}
void sgd(benchmark::State &state) {
    flat(state, 2, 3, [](Arrays &a, std::size_t n) { cpu::sgd(a.w.data(), a.g.data(), n, 1e-6f); });
}
void momentum(benchmark::State &state) {
    flat(state, 3, 5,
         [](Arrays &a, std::size_t n) { cpu::momentum(a.w.data(), a.g.data(), a.m.data(), n, 1e-6f, 0.9f); });
}
void adagrad(benchmark::State &state) {
    rooted(state, 3, 5,
           [](Arrays &a, std::size_t n) { cpu::adagrad(a.w.data(), a.g.data(), a.v.data(), n, 1e-6f, 1e-8f); });
}
void adamw(benchmark::State &state) {
    const cpu::AdamW p{1e-6f, 1.0f, 0.9f, 0.999f, 1e-8f, 1.0f};
    rooted(state, 4, 7,
           [&p](Arrays &a, std::size_t n) { cpu::adamw(a.w.data(), a.g.data(), a.m.data(), a.v.data(), n, p); });
}

#define SIZES ArgName("weights")->Arg(65 * 80)->Arg(100000)->Arg(1200000)
BENCHMARK(flush)->SIZES;
BENCHMARK(sum_squares)->SIZES;
BENCHMARK(scale)->SIZES;
BENCHMARK(clip)->SIZES;
BENCHMARK(sgd)->SIZES;
BENCHMARK(momentum)->SIZES;
BENCHMARK(adagrad)->SIZES;
BENCHMARK(adamw)->SIZES;
#undef SIZES

} // namespace
