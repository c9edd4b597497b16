// Products of quantized rows beside those of float32: each iteration does both, one right after the other, and
// `of_float32` is the median of the ratios, how many times as fast int8 is.
#include <algorithm>
#include <vector>

#include "bench_support.h"
#include "panels.h"

namespace {

using namespace mote_bench;
namespace cpu = mote::cpu;

// Weights of int8, or a row of it.
class Integers {
  public:
    explicit Integers(std::size_t bytes) : bytes_(bytes), data_(aligned(bytes)) {
        for (std::size_t i = 0; i < bytes; ++i)
            data()[i] = static_cast<std::int8_t>(static_cast<int>(i * 37 % 255) - 127);
    }
    // Of k inputs and n outputs, each scale 1/256.
    Integers(std::uint32_t n, std::uint32_t k) : Integers((n + 15) / 16 * cpu::quant_panel_bytes(k)) {
        for (std::size_t panel = 0; panel < bytes_; panel += cpu::quant_panel_bytes(k))
            std::fill_n(reinterpret_cast<float *>(data() + panel), cpu::kLanes, 0x1p-8f);
    }
    std::int8_t *data() { return reinterpret_cast<std::int8_t *>(data_.get()); }
    std::size_t size() const { return bytes_; }

  private:
    std::size_t bytes_;
    Aligned data_;
};

// Repeats both so often that a clock can measure them, and reports the median ratio.
template <typename Float, typename Quant>
void compare(benchmark::State &state, double multiply_adds, Float with_floats, Quant with_integers) {
    const auto times = static_cast<int>(1 + 2e6 / multiply_adds);
    const auto seconds = [times](auto &work) {
        const double start = mote_limits::cpu_seconds();
        for (int i = 0; i < times; ++i) {
            work();
            benchmark::ClobberMemory();
        }
        return (mote_limits::cpu_seconds() - start) / times;
    };
    std::vector<double> ratios, integers;
    for (auto _ : state) {
        const double of_floats = seconds(with_floats);
        integers.push_back(seconds(with_integers));
        ratios.push_back(of_floats / integers.back());
    }
    const auto median = [](std::vector<double> &x) {
        std::nth_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2), x.end());
        return x[x.size() / 2];
    };
    state.counters["of_float32"] = median(ratios);
    state.counters["ns"] = 1e9 * median(integers);
    state.counters["GMAC/s"] = multiply_adds / median(integers) / 1e9;
}

// A character of an RNN of 65 characters, as many units as are told, without the softmax (I1).
void quant_rnn(benchmark::State &state) {
    const auto n = static_cast<std::uint32_t>(state.range(0));
    constexpr std::uint32_t vocab = 65;
    Matrix bias(1, n), table(vocab, n), w(n, n), out(n, vocab), h(1, n), next(1, n), logits(1, vocab);
    for (Matrix *one : {&table, &w, &out, &h}) one->fill_small();
    Integers q_table(n, vocab), q_w(n, n), q_out(vocab, n), q(cpu::quant_row_bytes(n));
    std::uint32_t token = 0;
    const auto with_floats = [&] {
        token = (token + 7) % vocab;
        const cpu::RowProduct input{{&cpu::kOne, cpu::kLanes}, cpu::ConstMat(table.view()).row(token), 1};
        cpu::row_step(next.view(), {bias.data(), {input, {h.view(), w.view(), n}}, n, cpu::kTanh, false});
        cpu::row_step(logits.view(), {bias.data(), {{next.view(), out.view(), n}, {}}, vocab, cpu::kLinear, false});
    };
    const auto with_integers = [&] {
        token = (token + 7) % vocab;
        const cpu::QuantProduct input{nullptr, q_table.data(), vocab, token, 1.0f};
        const cpu::QuantProduct recurrent{q.data(), q_w.data(), n, 0, 1.0f / 127};
        cpu::quant_step(next.view(), {bias.data(), {input, recurrent}, n, cpu::kTanh, false});
        cpu::quantize_row(q.data(), next.view(), n, 127.0f);
        const cpu::QuantProduct output{q.data(), q_out.data(), n, 0, 1.0f / 127};
        cpu::quant_step(logits.view(), {bias.data(), {output, {}}, vocab, cpu::kLinear, false});
    };
    compare(state, static_cast<double>(n * (n + vocab)), with_floats, with_integers);
}
BENCHMARK(quant_rnn)->ArgName("hidden")->Arg(64)->Arg(128)->Arg(256)->Arg(512)->Arg(1024);

// One row by weights of 4 bits, beside float32's.
void quant4_gemv(benchmark::State &state) {
    const auto n = static_cast<std::uint32_t>(state.range(0));
    Matrix x(1, n), w(n, n), y(1, n);
    x.fill_small();
    w.fill_small();
    Integers q(cpu::quant_row_bytes(n)), q_w(n / cpu::kLanes * cpu::quant4_panel_bytes(n));
    for (std::size_t panel = 0; panel < q_w.size(); panel += cpu::quant4_panel_bytes(n))
        std::fill_n(reinterpret_cast<float *>(q_w.data() + panel), cpu::kLanes, 0x1p-8f);
    compare(
        state, static_cast<double>(n) * n,
        [&] {
            cpu::row_step(y.view(), {nullptr, {{x.view(), w.view(), n}, {}}, n, cpu::kLinear, false});
        },
        [&] {
            cpu::quant4_step(y.view(),
                             {nullptr, {{q.data(), q_w.data(), n, 0, 1.0f / 127}, {}}, n, cpu::kLinear, false});
        });
}
BENCHMARK(quant4_gemv)->ArgName("n")->Arg(64)->Arg(128)->Arg(256)->Arg(512)->Arg(1024);

// One row: the weights are read once, so their cache's bandwidth is the limit.
void quant_gemv(benchmark::State &state) {
    const auto n = static_cast<std::uint32_t>(state.range(0)), k = static_cast<std::uint32_t>(state.range(1));
    Integers x(cpu::quant_row_bytes(k)), w(n, k);
    Matrix y(1, n);
    const Bytes bytes(w.size());
    for (auto _ : state) {
        cpu::quant_step(y.view(), {nullptr, {{x.data(), w.data(), k, 0, 1.0f / 127}, {}}, n, cpu::kLinear, false});
        benchmark::ClobberMemory();
    }
    bytes.report(state, static_cast<double>(w.size()));
}
BENCHMARK(quant_gemv)
    ->ArgNames({"n", "k"})
    ->Args({64, 64})
    ->Args({128, 128})
    ->Args({256, 256})
    ->Args({512, 512})
    ->Args({1024, 1024});

} // namespace
