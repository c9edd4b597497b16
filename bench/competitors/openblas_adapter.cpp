// Bare products by OpenBLAS. It has no call to keep packed weights, but takes them either way round.
#include <cblas.h>

#include "product.h"

namespace {

using namespace mote_bench;

blasint integer(uint32_t n) { return static_cast<blasint>(n); }

// Weights [k][n].
class ByInputs : public Way {
  public:
    using Way::Way;
    void multiply() override {
        const blasint m = integer(p_.m), n = integer(p_.n), k = integer(p_.k);
        if (m == 1)
            cblas_sgemv(CblasRowMajor, CblasTrans, k, n, 1.0f, b_.data(), n, a_.data(), 1, 1.0f, c_.data(), 1);
        else
            cblas_sgemm(CblasRowMajor, p_.transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, m, n, k, 1.0f,
                        a_.data(), p_.transposed ? m : k, b_.data(), n, 1.0f, c_.data(), n);
    }
};

// Weights [n][k].
class ByOutputs : public Way {
  public:
    explicit ByOutputs(const Product &p) : Way(p), transposed_(std::size_t{p.n} * p.k) {
        for (std::size_t i = 0; i < p.k; ++i)
            for (std::size_t j = 0; j < p.n; ++j) transposed_.data()[j * p.k + i] = b_.data()[i * p.n + j];
    }
    void multiply() override {
        const blasint m = integer(p_.m), n = integer(p_.n), k = integer(p_.k);
        if (m == 1)
            cblas_sgemv(CblasRowMajor, CblasNoTrans, n, k, 1.0f, transposed_.data(), k, a_.data(), 1, 1.0f, c_.data(),
                        1);
        else
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1.0f, a_.data(), k, transposed_.data(), k,
                        1.0f, c_.data(), n);
    }

  private:
    const Floats transposed_;
};

Ways make_ways(const Product &p) {
    Ways ways;
    ways.push_back(std::make_unique<ByInputs>(p));
    if (!p.transposed) ways.push_back(std::make_unique<ByOutputs>(p));
    return ways;
}

} // namespace

int main() { return run_product_adapter(openblas_get_config(), make_ways); }
