// What adapters for bare products have in common: operands row by row, and the choice among several ways to do the
// same.
#ifndef MOTE_COMPETITORS_PRODUCT_H
#define MOTE_COMPETITORS_PRODUCT_H

#include <memory>
#include <string>
#include <vector>

#include "adapter.h"
#include "aligned.h"

namespace mote_bench {

// Zeroed floats, aligned to 64 bytes.
class Floats {
  public:
    explicit Floats(std::size_t count) : bytes_(aligned(count * sizeof(float))) {}
    float *data() const { return reinterpret_cast<float *>(bytes_.get()); }

  private:
    Aligned bytes_;
};

// One way to do a product. What it packs it packs when it is made.
class Way {
  public:
    // Rows of c begin `c_stride` floats apart.
    Way(const Product &p, std::size_t c_stride);
    explicit Way(const Product &p) : Way(p, p.n) {}
    virtual ~Way() = default;
    virtual void multiply() = 0;
    // c as it was at first.
    void begin_again();
    std::vector<float> elements() const;

  protected:
    const Product p_;
    const std::size_t c_stride_;
    const Floats a_, b_, c_; // a: [m][k], transposed [k][m]; b: [k][n]
};

using Ways = std::vector<std::unique_ptr<Way>>;
// All that could be the best for a product; none where the competitor cannot do it.
using MakeWays = Ways (*)(const Product &p);

// Runs an adapter that does products alone, each in the way that is the fastest in a trial before the clock runs.
// `integers`: of integers, too.
int run_product_adapter(const std::string &name, MakeWays make_ways, bool integers = false);

} // namespace mote_bench

#endif
