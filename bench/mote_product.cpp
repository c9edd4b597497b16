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

} // namespace

std::unique_ptr<Task> make_mote_product(const Product &p) { return std::make_unique<MoteProduct>(p); }

} // namespace mote_bench
