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

Ways make_ways(const Product &p) {
    Ways ways;
    ways.push_back(std::make_unique<Matmul>(p));
    if (!p.transposed) ways.push_back(std::make_unique<InnerProduct>(p));
    return ways;
}

} // namespace

int main() {
    const dnnl_version_t *version = dnnl_version();
    return run_product_adapter("oneDNN " + std::to_string(version->major) + "." + std::to_string(version->minor) + "." +
                                   std::to_string(version->patch),
                               make_ways);
}
