// exp, tanh and softmax by the kernels themselves. Rows are worked on again and again as they are left: a kernel's time
// does not depend on the numbers.
#include "bench_support.h"
#include "panels.h"

namespace {

using namespace mote_bench;
namespace cpu = mote::cpu;

// Operations an element, as math.inl.h and loss.inl.h have them; a multiply-add is two, a selection none.
constexpr double kExp = 20, kTanh = 24, kTanhGradient = 3,
                 kSurprise = kExp + 3, // compared with the largest, which is subtracted; summed
    kCrossEntropy = kSurprise + 2;     // made a probability, and scaled

std::uint32_t argument(const benchmark::State &state, std::size_t index) {
    return static_cast<std::uint32_t>(state.range(index));
}

void draw_weights(benchmark::State &state) {
    alignas(64) float x[16], y[16];
    for (int i = 0; i < 16; ++i) x[i] = 0.5f * static_cast<float>(i - 16);
    const Flops flops;
    for (auto _ : state) {
        cpu::draw_weights(y, x, 16, 0.0f, 1.0f);
        benchmark::DoNotOptimize(y);
    }
    flops.report(state, kExp * 16);
}
BENCHMARK(draw_weights);

// `kernel` over a matrix of m rows and n columns, at so many operations an element.
template <typename F> void over_rows(benchmark::State &state, double operations, F kernel) {
    const std::uint32_t m = argument(state, 0), n = argument(state, 1);
    Matrix x(m, n);
    x.fill_small();
    const Flops flops;
    for (auto _ : state) {
        benchmark::DoNotOptimize(kernel(x.view(), m, n));
        benchmark::ClobberMemory();
    }
    flops.report(state, operations * m * n);
}

void tanh_rows(benchmark::State &state) {
    over_rows(state, kTanh, [](cpu::Mat x, std::uint32_t m, std::uint32_t n) { return cpu::tanh_rows(x, m, n); });
}
BENCHMARK(tanh_rows)->ArgNames({"m", "n"})->Args({1, 30})->Args({1, 256})->Args({32, 256})->Args({32, 1024});

void tanh_gradient(benchmark::State &state) {
    over_rows(state, kTanhGradient, [](cpu::Mat x, std::uint32_t m, std::uint32_t n) {
        cpu::tanh_gradient(x, x, m, n);
        return 0;
    });
}
BENCHMARK(tanh_gradient)->ArgNames({"m", "n"})->Args({32, 256});

// The log-softmax of running: one logit's.
void surprise(benchmark::State &state) {
    over_rows(state, kSurprise, [](cpu::Mat x, std::uint32_t, std::uint32_t n) {
        float nats = 0;
        cpu::surprise(x.data, n, 0, &nats);
        return nats;
    });
}
BENCHMARK(surprise)->ArgNames({"m", "n"})->Args({1, 27})->Args({1, 64})->Args({1, 65})->Args({1, 4096});

// The softmax of learning: logits to their gradients.
void cross_entropy(benchmark::State &state) {
    over_rows(state, kCrossEntropy, [](cpu::Mat x, std::uint32_t m, std::uint32_t n) {
        static constexpr std::uint16_t target = 1;
        float nats[cpu::kLanes] = {};
        return cpu::cross_entropy(x, m, n, {&target, 0}, 1.0f, nats, 0);
    });
}
BENCHMARK(cross_entropy)->ArgNames({"m", "n"})->Args({32, 27})->Args({32, 64})->Args({32, 65})->Args({32, 4096});

} // namespace
