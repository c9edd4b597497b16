// Bare products by the library's own kernels, in the layout that it has for everything.
#include "panels.h"
#include "task.h"

namespace mote_bench {

namespace {

class MoteProduct : public Task {
  public:
    explicit MoteProduct(const Product &p)
        : p_(p), a_(p.transposed ? p.k : p.m, p.transposed ? p.m : p.k), b_(p.k, p.n), c_(p.m, p.n) {
        a_.fill([](uint32_t r, uint32_t c) { return product_element(0, r, c); });
        b_.fill([](uint32_t r, uint32_t c) { return product_element(1, r, c); });
        c_.fill([](uint32_t r, uint32_t c) { return product_element(2, r, c); });
    }

    void run(std::size_t steps, float *) override {
        const mote::cpu::Shape s{p_.m, p_.n, p_.k};
        for (std::size_t i = 0; i < steps; ++i)
            if (p_.transposed)
                mote::cpu::gemm_tn(c_.view(), a_.view(), b_.view(), s, mote::cpu::kAccumulate);
            else
                mote::cpu::gemm(c_.view(), a_.view(), b_.view(), s, mote::cpu::kAccumulate);
    }

    std::vector<float> elements() const override {
        std::vector<float> all;
        for (uint32_t r = 0; r < p_.m; ++r)
            for (uint32_t c = 0; c < p_.n; ++c) all.push_back(c_.at(r, c));
        return all;
    }

  private:
    const Product p_;
    Matrix a_, b_, c_;
};

// A row of integers, and weights in the panels that a model has.
class MoteIntegers : public Task {
  public:
    explicit MoteIntegers(const Product &p)
        : p_(p), a_(aligned(mote::cpu::quant_row_bytes(p.k))),
          b_(aligned((p.n + kLanes - 1) / kLanes * mote::cpu::quant_panel_bytes(p.k))), c_(1, p.n) {
        for (uint32_t i = 0; i < p.k; ++i) a_.get()[i] = static_cast<unsigned char>(product_integer(0, 0, i));
        for (uint32_t c = 0; c < p.n; ++c) {
            unsigned char *const panel = b_.get() + c / kLanes * mote::cpu::quant_panel_bytes(p.k);
            reinterpret_cast<float *>(panel)[c % kLanes] = 1.0f;
            for (uint32_t i = 0; i < p.k; ++i)
                panel[kLanes * sizeof(float) + i / 4 * mote::cpu::kQuadBytes + c % kLanes * 4 + i % 4] =
                    static_cast<unsigned char>(product_integer(1, i, c));
        }
    }

    void run(std::size_t steps, float *) override {
        const auto integers = [](const Aligned &bytes) { return reinterpret_cast<const int8_t *>(bytes.get()); };
        const mote::cpu::QuantStep step{
            nullptr, {{integers(a_), integers(b_), p_.k, 0, 1.0f}, {}}, p_.n, mote::cpu::kLinear, false};
        for (std::size_t i = 0; i < steps; ++i) mote::cpu::quant_step(c_.view(), step);
    }

    std::vector<float> elements() const override {
        std::vector<float> all;
        for (uint32_t c = 0; c < p_.n; ++c) all.push_back(c_.at(0, c));
        return all;
    }

  private:
    static constexpr uint32_t kLanes = mote::cpu::kLanes;
    const Product p_;
    Aligned a_, b_;
    Matrix c_;
};

} // namespace

std::unique_ptr<Task> make_mote_product(const Product &p) {
    if (p.integers) return std::make_unique<MoteIntegers>(p);
    return std::make_unique<MoteProduct>(p);
}

} // namespace mote_bench
