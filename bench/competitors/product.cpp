#include "product.h"

#include <algorithm>

#include "machine_limits.h"

namespace mote_bench {

namespace {

void fill(const Floats &to, uint32_t matrix, uint32_t rows, uint32_t columns, std::size_t stride) {
    for (uint32_t r = 0; r < rows; ++r)
        for (uint32_t c = 0; c < columns; ++c) to.data()[r * stride + c] = product_element(matrix, r, c);
}

// Seconds of so many multiplications.
double seconds_of(Way *way, std::size_t count) {
    const double start = mote_limits::cpu_seconds();
    for (std::size_t i = 0; i < count; ++i) way->multiply();
    return mote_limits::cpu_seconds() - start;
}

// Of one, the best of a few turns of about a millisecond.
double trial(Way *way) {
    std::size_t count = 1;
    while (seconds_of(way, count) < 0.5e-3) count *= 2;
    double best = seconds_of(way, count);
    for (int turn = 1; turn < 5; ++turn) best = std::min(best, seconds_of(way, count));
    way->begin_again();
    return best / static_cast<double>(count);
}

class ProductTask : public Task {
  public:
    explicit ProductTask(Ways ways) {
        double best = 0;
        for (auto &way : ways) {
            const double taken = trial(way.get());
            if (way_ && taken >= best) continue;
            best = taken;
            way_ = std::move(way);
        }
    }
    void run(std::size_t steps, float *) override {
        for (std::size_t i = 0; i < steps; ++i) way_->multiply();
    }
    std::vector<float> elements() const override { return way_->elements(); }

  private:
    std::unique_ptr<Way> way_;
};

MakeWays ways_of_program = nullptr;
bool integers_too = false;

std::unique_ptr<Task> make_task(const Workload &w) {
    if (!w.multiplies() || (w.product.integers && !integers_too)) return nullptr;
    Ways ways = ways_of_program(w.product);
    if (ways.empty()) return nullptr;
    return std::make_unique<ProductTask>(std::move(ways));
}

} // namespace

Way::Way(const Product &p, std::size_t c_stride)
    : p_(p), c_stride_(c_stride), a_(std::size_t{p.m} * p.k), b_(std::size_t{p.k} * p.n), c_(p.m * c_stride) {
    const uint32_t rows = p.transposed ? p.k : p.m, columns = p.transposed ? p.m : p.k;
    fill(a_, 0, rows, columns, columns);
    fill(b_, 1, p.k, p.n, p.n);
    begin_again();
}

void Way::begin_again() { fill(c_, 2, p_.m, p_.n, c_stride_); }

std::vector<float> Way::elements() const {
    std::vector<float> all;
    for (uint32_t r = 0; r < p_.m; ++r)
        all.insert(all.end(), c_.data() + r * c_stride_, c_.data() + r * c_stride_ + p_.n);
    return all;
}

int run_product_adapter(const std::string &name, MakeWays make_ways, bool integers) {
    ways_of_program = make_ways;
    integers_too = integers;
    return run_adapter(name, make_task);
}

} // namespace mote_bench
