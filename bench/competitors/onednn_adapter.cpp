// Bare products by oneDNN: matmul and inner product, weights in the layout that the primitive asks for.
#include <dnnl.hpp>
#include <unordered_map>

#include "product.h"

namespace {

using namespace mote_bench;
using dnnl::memory;
using Tag = memory::format_tag;

constexpr auto kFloat = memory::data_type::f32;

const dnnl::engine &engine() {
    static const dnnl::engine one(dnnl::engine::kind::cpu, 0);
    return one;
}

// c is added to.
dnnl::primitive_attr adding() {
    dnnl::post_ops sum;
    sum.append_sum(1.0f);
    dnnl::primitive_attr attributes;
    attributes.set_post_ops(sum);
    return attributes;
}

class Primitive : public Way {
  public:
    using Way::Way;
    void multiply() override {
        primitive_.execute(stream_, arguments_);
        stream_.wait();
    }

  protected:
    template <typename Description>
    void prepare(const Description &description, const memory::desc &a, const memory::desc &b, const memory::desc &c) {
        primitive_ = dnnl::primitive(description);
        weights_ = memory(description.weights_desc(), engine());
        memory plain(b, engine(), b_.data());
        dnnl::reorder(plain, weights_).execute(stream_, plain, weights_);
        stream_.wait();
        arguments_ = {{DNNL_ARG_SRC, memory(a, engine(), a_.data())},
                      {DNNL_ARG_WEIGHTS, weights_},
                      {DNNL_ARG_DST, memory(c, engine(), c_.data())}};
    }
    memory::dims dims(uint32_t rows, uint32_t columns) const { return {rows, columns}; }

  private:
    dnnl::stream stream_{engine()};
    dnnl::primitive primitive_;
    memory weights_;
    std::unordered_map<int, memory> arguments_;
};

// What is new each time cannot be packed before it.
class Matmul : public Primitive {
  public:
    explicit Matmul(const Product &p) : Primitive(p) {
        const memory::desc a(dims(p.m, p.k), kFloat, p.transposed ? Tag::ba : Tag::ab),
            b(dims(p.k, p.n), kFloat, Tag::ab), c(dims(p.m, p.n), kFloat, Tag::ab),
            any(dims(p.k, p.n), kFloat, Tag::any);
        const dnnl::matmul::desc operation(a, p.transposed ? b : any, c);
        prepare(dnnl::matmul::primitive_desc(operation, adding(), engine()), a, b, c);
    }
};

class InnerProduct : public Primitive {
  public:
    explicit InnerProduct(const Product &p) : Primitive(p) {
        const memory::desc a(dims(p.m, p.k), kFloat, Tag::ab), b(dims(p.n, p.k), kFloat, Tag::ba),
            c(dims(p.m, p.n), kFloat, Tag::ab), any(dims(p.n, p.k), kFloat, Tag::any);
        const dnnl::inner_product_forward::desc operation(dnnl::prop_kind::forward_inference, a, any, c);
        prepare(dnnl::inner_product_forward::primitive_desc(operation, adding(), engine()), a, b, c);
    }
};

// Whether a sum of products of int8 is exact: without these instructions pairs of products saturate.
bool sums_are_exact() {
    const unsigned isa = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
    const unsigned with =
        static_cast<unsigned>(dnnl::cpu_isa::avx512_core_vnni) | static_cast<unsigned>(dnnl::cpu_isa::avx2_vnni);
    const unsigned without =
        static_cast<unsigned>(dnnl::cpu_isa::avx512_core) | static_cast<unsigned>(dnnl::cpu_isa::avx2);
    return (isa & with & ~without) != 0;
}

// A row of integers by weights that are packed beforehand; the sums as floats, times a scale of 1 for each column.
template <typename Operation> class IntegerWay : public Way {
  public:
    explicit IntegerWay(const Product &p) : Way(p), row_(p.k), plain_(std::size_t{p.k} * p.n) {
        for (uint32_t i = 0; i < p.k; ++i) row_[i] = product_integer(0, 0, i);
        for (uint32_t c = 0; c < p.n; ++c)
            for (uint32_t i = 0; i < p.k; ++i) plain_[Operation::place(p, i, c)] = product_integer(1, i, c);
        dnnl::primitive_attr scaled;
        scaled.set_output_scales(1 << 1, std::vector<float>(p.n, 1.0f));
        const memory::desc a({p.m, p.k}, kInt8, Tag::ab), c({p.m, p.n}, kFloat, Tag::ab),
            any(Operation::dims(p), kInt8, Tag::any);
        const auto description = Operation::describe(a, any, c, scaled);
        primitive_ = dnnl::primitive(description);
        weights_ = memory(description.weights_desc(), engine());
        memory plain({Operation::dims(p), kInt8, Tag::ab}, engine(), plain_.data());
        dnnl::reorder(plain, weights_).execute(stream_, plain, weights_);
        stream_.wait();
        arguments_ = {{DNNL_ARG_SRC, memory(a, engine(), row_.data())},
                      {DNNL_ARG_WEIGHTS, weights_},
                      {DNNL_ARG_DST, memory(c, engine(), c_.data())}};
    }
    void multiply() override {
        primitive_.execute(stream_, arguments_);
        stream_.wait();
    }

  private:
    static constexpr auto kInt8 = memory::data_type::s8;
    std::vector<int8_t> row_, plain_;
    dnnl::stream stream_{engine()};
    dnnl::primitive primitive_;
    memory weights_;
    std::unordered_map<int, memory> arguments_;
};

struct IntegerMatmul {
    static memory::dims dims(const Product &p) { return {p.k, p.n}; }
    static std::size_t place(const Product &p, uint32_t input, uint32_t output) {
        return std::size_t{input} * p.n + output;
    }
    static auto describe(const memory::desc &a, const memory::desc &b, const memory::desc &c,
                         const dnnl::primitive_attr &scaled) {
        return dnnl::matmul::primitive_desc(dnnl::matmul::desc(a, b, c), scaled, engine());
    }
};

struct IntegerInnerProduct {
    static memory::dims dims(const Product &p) { return {p.n, p.k}; }
    static std::size_t place(const Product &p, uint32_t input, uint32_t output) {
        return std::size_t{output} * p.k + input;
    }
    static auto describe(const memory::desc &a, const memory::desc &b, const memory::desc &c,
                         const dnnl::primitive_attr &scaled) {
        const dnnl::inner_product_forward::desc operation(dnnl::prop_kind::forward_inference, a, b, c);
        return dnnl::inner_product_forward::primitive_desc(operation, scaled, engine());
    }
};

Ways make_ways(const Product &p) {
    Ways ways;
    if (p.integers) {
        if (!sums_are_exact()) return ways;
        ways.push_back(std::make_unique<IntegerWay<IntegerMatmul>>(p));
        ways.push_back(std::make_unique<IntegerWay<IntegerInnerProduct>>(p));
        return ways;
    }
    ways.push_back(std::make_unique<Matmul>(p));
    if (!p.transposed) ways.push_back(std::make_unique<InnerProduct>(p));
    return ways;
}

} // namespace

int main() {
    const dnnl_version_t *version = dnnl_version();
    return run_product_adapter("oneDNN " + std::to_string(version->major) + "." + std::to_string(version->minor) + "." +
                                   std::to_string(version->patch),
                               make_ways, true);
}
