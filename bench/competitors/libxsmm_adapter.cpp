// Bare products by libxsmm's kernels, made for the shape while it runs: the whole product at once, or block by block,
// the weights then packed in blocks. Its matrices are in the order of columns, so that rows here are columns there.
#include <algorithm>
#include <libxsmm.h>

#include "product.h"

namespace {

using namespace mote_bench;

libxsmm_blasint integer(std::size_t n) { return static_cast<libxsmm_blasint>(n); }

// A block of the product: so many columns and rows of c by so much of k; rows of b and of c begin so far apart.
struct Block {
    std::size_t columns, rows, depth, b_stride, c_stride;
};

// Null where libxsmm has none.
libxsmm_smmfunction kernel(const Product &p, const Block &block) {
    const libxsmm_blasint lda = integer(block.b_stride), ldb = integer(p.transposed ? p.m : p.k),
                          ldc = integer(block.c_stride);
    const int flags = p.transposed ? LIBXSMM_GEMM_FLAG_TRANS_B : LIBXSMM_GEMM_FLAG_NONE,
              prefetch = LIBXSMM_GEMM_PREFETCH_NONE;
    const float one = 1.0f;
    return libxsmm_smmdispatch(integer(block.columns), integer(block.rows), integer(block.depth), &lda, &ldb, &ldc,
                               &one, &one, &flags, &prefetch);
}

std::size_t padded(std::size_t n) { return (n + 15) / 16 * 16; }

// Blocks of at most `columns`, `rows` and `depth`, one after the other.
class Blocked : public Way {
  public:
    // b as it is.
    Blocked(const Product &p, const Block &most) : Way(p), packed_(0) {
        each_block(most, p.n, [&](std::size_t n, std::size_t k, std::size_t columns, std::size_t depth) {
            add_rows({columns, most.rows, depth, p.n, c_stride_}, b_.data() + k * p.n + n, n, k);
        });
    }
    // b packed in blocks; columns up to the next 16 are computed as well.
    struct Packed {};
    Blocked(const Product &p, const Block &most, Packed) : Way(p, padded(p.n)), packed_(padded(p.n) * p.k) {
        float *to = packed_.data();
        each_block(most, padded(p.n), [&](std::size_t n, std::size_t k, std::size_t columns, std::size_t depth) {
            add_rows({columns, most.rows, depth, columns, c_stride_}, to, n, k);
            to = pack(to, n, k, columns, depth);
        });
    }
    bool possible() const {
        return std::all_of(steps_.begin(), steps_.end(), [](const Step &s) { return s.kernel != nullptr; });
    }
    void multiply() override {
        for (const Step &s : steps_) s.kernel(s.b, s.a, s.c);
    }

  private:
    struct Step {
        libxsmm_smmfunction kernel;
        const float *b, *a;
        float *c;
    };

    template <typename F> void each_block(const Block &most, std::size_t all_columns, F f) const {
        for (std::size_t k = 0; k < p_.k; k += most.depth)
            for (std::size_t n = 0; n < all_columns; n += most.columns)
                f(n, k, std::min(most.columns, all_columns - n), std::min(most.depth, p_.k - k));
    }

    void add_rows(Block block, const float *b, std::size_t n, std::size_t k) {
        const std::size_t most = block.rows;
        for (std::size_t m = 0; m < p_.m; m += most) {
            block.rows = std::min(most, p_.m - m);
            const float *a = a_.data() + (p_.transposed ? k * p_.m + m : m * p_.k + k);
            steps_.push_back({kernel(p_, block), b, a, c_.data() + m * c_stride_ + n});
        }
    }

    float *pack(float *to, std::size_t n, std::size_t k, std::size_t columns, std::size_t depth) const {
        for (std::size_t r = k; r < k + depth; ++r)
            for (std::size_t c = n; c < n + columns; ++c) *to++ = c < p_.n ? b_.data()[r * p_.n + c] : 0.0f;
        return to;
    }

    const Floats packed_;
    std::vector<Step> steps_;
};

void add(Ways &ways, std::unique_ptr<Blocked> way) {
    if (way->possible()) ways.push_back(std::move(way));
}

// What is new each time cannot be packed before it.
Ways make_ways(const Product &p) {
    Ways ways;
    add(ways, std::make_unique<Blocked>(p, Block{p.n, p.m, p.k, 0, 0}));
    for (const std::size_t columns : {16u, 32u, 48u, 64u, 128u})
        for (const std::size_t depth : {64u, 128u, 256u, 512u})
            for (const std::size_t rows : {32u, 64u, 2048u}) {
                const Block most{columns, rows, depth, 0, 0};
                if (p.transposed)
                    add(ways, std::make_unique<Blocked>(p, most));
                else
                    add(ways, std::make_unique<Blocked>(p, most, Blocked::Packed{}));
            }
    return ways;
}

} // namespace

int main() {
    libxsmm_init();
    return run_product_adapter(std::string("libxsmm " LIBXSMM_VERSION ", ") + libxsmm_get_target_arch(), make_ways);
}
