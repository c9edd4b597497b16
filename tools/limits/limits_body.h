// What a machine can do at most with one kind of vectors. Included by each limits_<isa>.cpp inside a namespace of its
// own, after Vector, fused, over_root, broadcast, load and KEEP.

namespace {

constexpr std::size_t kWidth = sizeof(Vector) / sizeof(float);

// The best of several short runs of `work`, in units a second.
template <typename F> double best_rate(double units, F work) {
    double best = 0;
    for (int run = 0; run < 8; ++run) {
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

namespace {

// Loads of `count` floats, over and over: in so many streams side by side, as a product reads panels, each by lines of
// a cache; upwards, or up and down in turn, which finds in a cache what the pass before has left there.
constexpr std::size_t kLine = 64 / sizeof(float), kLinesAtOnce = 8;

template <std::size_t Streams> void read_streams(const float *data, std::size_t count, std::size_t passes, bool turns) {
    constexpr std::size_t lines = kLinesAtOnce / Streams, step = lines * kLine;
    const std::size_t stream = count / Streams / step * step;
    for (std::size_t pass = 0; pass < passes; ++pass) {
        const bool down = turns && pass % 2 == 1;
        const float *at = down ? data + stream - step : data;
        for (std::size_t i = 0; i < stream; i += step, at = down ? at - step : at + step)
#pragma GCC unroll 8
            for (std::size_t s = 0; s < Streams; ++s)
#pragma GCC unroll 32
                for (std::size_t j = 0; j < step; j += kWidth) {
                    Vector x = load(at + s * stream + j);
                    KEEP(x);
                }
    }
}

struct Order {
    const char *name;
    void (*read)(const float *data, std::size_t count, std::size_t passes, bool turns);
    std::size_t streams;
    bool turns;
};
constexpr Order orders[] = {{"1 stream", read_streams<1>, 1, false},
                            {"1 stream, up and down", read_streams<1>, 1, true},
                            {"2 streams", read_streams<2>, 2, false},
                            {"4 streams", read_streams<4>, 4, false},
                            {"4 streams, up and down", read_streams<4>, 4, true},
                            {"8 streams", read_streams<8>, 8, false}};

} // namespace

Bandwidth read_bandwidth(std::size_t bytes) {
    // Of several sizes, as one may lie badly in the sets of a cache: the size itself, and a little less.
    constexpr std::size_t chunk = kLinesAtOnce * kLine;
    const std::size_t most = std::max(bytes / sizeof(float) / chunk, std::size_t{1}) * chunk;
    constexpr std::align_val_t page{4096};
    float *data = static_cast<float *>(::operator new(most * sizeof(float), page, std::nothrow));
    if (data == nullptr) return {0, "no memory"};
    std::fill(data, data + most, 1.0f);
    Bandwidth best{0, ""};
    for (const std::size_t count : {most, std::max(most * 15 / 16 / chunk, std::size_t{1}) * chunk})
        for (const Order &order : orders) {
            const std::size_t read = count / chunk * chunk;
            const std::size_t passes = std::max(std::size_t{2}, (std::size_t{2} << 20) / read);
            const double rate = best_rate(static_cast<double>(passes * read * sizeof(float)),
                                          [&] { order.read(data, read, passes, order.turns); });
            if (rate > best.rate) best = {rate, order.name};
        }
    ::operator delete(data, page);
    return best;
}

} // namespace
