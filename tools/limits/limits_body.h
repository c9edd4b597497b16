// What a machine can do at most with one kind of vectors. Included by each limits_<isa>.cpp inside a namespace of its
// own, after Vector, fused, over_root, broadcast, load and KEEP.

namespace {

constexpr std::size_t kWidth = sizeof(Vector) / sizeof(float);

// The best of several short runs of `work`, in units a second.
template <typename F> double best_rate(double units, F work) {
    double best = 0;
    for (int run = 0; run < 12; ++run) {
        const double start = cpu_seconds();
        work();
        best = std::max(best, units / (cpu_seconds() - start));
    }
    return best;
}

double fma_peak() {
    constexpr int chains = 12; // more than latency times ports, and few enough for 16 registers
    constexpr std::int64_t rounds = 100000;
    const auto work = [] {
        Vector x[chains];
        for (auto &v : x) v = broadcast(1.0f);
        const Vector a = broadcast(0.5f), b = broadcast(0.5f);
        for (std::int64_t i = 0; i < rounds; ++i)
#pragma GCC unroll 12
            for (int j = 0; j < chains; ++j) {
                Vector y = fused(a, x[j], b);
                KEEP(y);
                x[j] = y;
            }
    };
    return best_rate(2.0 * kWidth * chains * rounds, work);
}

double root_peak() {
    constexpr std::int64_t rounds = 20000;
    constexpr int chains = 8;
    const auto work = [] {
        Vector x[chains];
        for (auto &v : x) v = broadcast(2.0f);
        const Vector one = broadcast(1.0f);
        for (std::int64_t i = 0; i < rounds; ++i)
#pragma GCC unroll 8
            for (int j = 0; j < chains; ++j) {
                Vector y = over_root(one, x[j]);
                KEEP(y);
                x[j] = y;
            }
    };
    return best_rate(1.0 * kWidth * chains * rounds, work);
}

double read_bandwidth(std::size_t bytes) {
    constexpr std::size_t vectors = 8;
    const std::size_t step = vectors * kWidth;
    const std::size_t count = std::max(bytes / sizeof(float) / step, std::size_t{1}) * step;
    float *data = static_cast<float *>(std::aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64));
    if (data == nullptr) return 0;
    std::fill(data, data + count, 1.0f);
    const std::size_t passes = std::max(std::size_t{1}, (std::size_t{4} << 20) / count);
    const auto work = [&] {
        for (std::size_t pass = 0; pass < passes; ++pass)
            for (std::size_t i = 0; i < count; i += step)
#pragma GCC unroll 8
                for (std::size_t j = 0; j < vectors; ++j) {
                    Vector x = load(data + i + j * kWidth);
                    KEEP(x);
                }
    };
    const double rate = best_rate(static_cast<double>(passes * count * sizeof(float)), work);
    std::free(data);
    return rate;
}

} // namespace
