#include "onnx_graph.h"

#include "container.h"
#include "errors.h"

#include "onnx_subset.pb.h"

#include <algorithm>
#include <cstring>

namespace mote::cli {

namespace {

constexpr int most_nodes = 1000; /* 16 recurrent layers and what surrounds them are below 300 */

struct Type {
    int number; /* TensorProto.DataType */
    Dtype dtype;
    const char *name;
};

const Type &type_of(int number) {
    static const Type types[] = {{1, Dtype::f32, "float"},      {2, Dtype::u8, "uint8"},
                                 {3, Dtype::i8, "int8"},        {4, Dtype::u16, "uint16"},
                                 {5, Dtype::i16, "int16"},      {6, Dtype::i32, "int32"},
                                 {7, Dtype::i64, "int64"},      {9, Dtype::boolean, "bool"},
                                 {10, Dtype::f16, "float16"},   {11, Dtype::f64, "double"},
                                 {12, Dtype::u32, "uint32"},    {13, Dtype::u64, "uint64"},
                                 {16, Dtype::bf16, "bfloat16"}, {0, Dtype::other, "values of another type"}};
    for (const Type &type : types) {
        if (type.number == number) return type;
    }
    return types[std::size(types) - 1];
}

template <typename Field> std::string bytes_of(const Field &field) {
    return {reinterpret_cast<const char *>(field.data()), static_cast<size_t>(field.size()) * sizeof(field.Get(0))};
}

/* What is narrower than 32 bits stands in numbers of 32. */
std::string narrowed(const google::protobuf::RepeatedField<int32_t> &field, size_t size) {
    std::string bytes(static_cast<size_t>(field.size()) * size, '\0');
    for (int i = 0; i < field.size(); ++i) {
        int32_t value = field.Get(i);
        std::memcpy(&bytes[static_cast<size_t>(i) * size], &value, size);
    }
    return bytes;
}

std::string data_of(onnx::Tensor &tensor, Dtype dtype) {
    if (tensor.has_raw_data()) return std::move(*tensor.mutable_raw_data());
    if (dtype == Dtype::f32) return bytes_of(tensor.float_data());
    if (dtype == Dtype::f64) return bytes_of(tensor.double_data());
    if (dtype == Dtype::i64) return bytes_of(tensor.int64_data());
    return size_of(dtype) <= sizeof(int32_t) ? narrowed(tensor.int32_data(), size_of(dtype)) : std::string();
}

bool passes_on(const onnx::Node &node) {
    return node.op_type() == "Identity" && node.input_size() == 1 && node.output_size() == 1;
}

} // namespace

OnnxGraph::OnnxGraph(onnx::Model &model, const std::string &path, std::list<std::string> &memory)
    : memory_(memory), external_(path, memory) {
    onnx::Graph &graph = *model.mutable_graph();
    if (graph.node_size() > most_nodes)
        throw Failure("a graph of " + std::to_string(graph.node_size()) + " operators, where mote's models have few");
    for (onnx::Tensor &tensor : *graph.mutable_initializer()) {
        std::string name = tensor.name();
        if (constants_.count(name) != 0) throw Failure("there are two tensors " + shown(name));
        initializers_.push_back(name);
        add_constant(name, tensor);
    }
    for (onnx::Node &node : *graph.mutable_node()) {
        for (const std::string &output : node.output()) {
            if (output.empty()) continue;
            if (!producers_.emplace(output, &node).second || constants_.count(output) != 0)
                throw Failure("the value " + shown(output) + " is made twice");
        }
        if (node.op_type() == "Transpose") add_transposed(node);
        if (node.op_type() == "Constant" && node.output_size() == 1) add_constant_node(node);
    }
    for (const onnx::Value &value : graph.input()) inputs_.push_back(value.name());
    for (const onnx::Value &value : graph.output()) outputs_.push_back(value.name());
}

/* A constant matrix that the graph turns round is one, too. */
void OnnxGraph::add_transposed(const onnx::Node &node) {
    if (node.input_size() != 1 || node.output_size() != 1) return;
    const ForeignTensor *matrix = constant(node.input(0));
    const onnx::Attribute *order = attribute(node, "perm");
    bool turns = order == nullptr || (order->ints_size() == 2 && order->ints(0) == 1 && order->ints(1) == 0);
    if (matrix != nullptr && matrix->shape.size() == 2 && turns)
        constants_.emplace(node.output(0), transposed(*matrix));
}

/* Its value is a tensor, or numbers in the attribute itself. */
void OnnxGraph::add_constant_node(onnx::Node &node) {
    for (onnx::Attribute &value : *node.mutable_attribute()) {
        onnx::Tensor tensor;
        if (value.name() == "value_int") tensor.add_int64_data(value.i());
        if (value.name() == "value_ints") *tensor.mutable_int64_data() = value.ints();
        if (value.name() == "value_float") tensor.add_float_data(value.f());
        if (value.name() == "value_floats") *tensor.mutable_float_data() = value.floats();
        bool list = value.name() == "value_ints" || value.name() == "value_floats";
        bool whole = value.name().rfind("value_int", 0) == 0, real = value.name().rfind("value_float", 0) == 0;
        if (list) tensor.add_dims(tensor.int64_data_size() + tensor.float_data_size());
        tensor.set_data_type(whole ? 7 : 1);
        if (value.name() == "value") {
            add_constant(node.output(0), *value.mutable_t());
        } else if (whole || real) {
            add_constant(node.output(0), tensor);
        }
    }
}

void OnnxGraph::add_constant(const std::string &name, onnx::Tensor &tensor) {
    ForeignTensor constant;
    constant.name = name;
    const Type &type = type_of(tensor.data_type());
    constant.dtype = type.dtype;
    constant.dtype_name = type.name;
    for (int64_t size : tensor.dims()) {
        if (size < 0) throw Failure("tensor " + shown(name) + " has a negative size");
        constant.shape.push_back(static_cast<uint64_t>(size));
    }
    constant.strides = row_major(constant.shape);
    uint64_t size = checked_count(name, constant.shape) * size_of(type.dtype), held = size;
    if (tensor.data_location() != 0) {
        constant.data = external_.data_of(name, tensor, size);
    } else {
        memory_.push_back(data_of(tensor, type.dtype));
        constant.data = reinterpret_cast<const unsigned char *>(memory_.back().data());
        held = memory_.back().size();
    }
    if (held != size && type.dtype != Dtype::other)
        throw Failure("tensor " + shown(name) + " " + shape_text(constant.shape) + " of " + type.name + " has " +
                      std::to_string(held) + " bytes");
    constants_.emplace(name, constant);
}

const onnx::Node *OnnxGraph::producer(const std::string &value) const {
    auto found = producers_.find(value);
    return found == producers_.end() ? nullptr : found->second;
}

const ForeignTensor *OnnxGraph::constant(const std::string &value) const {
    std::string name = value;
    for (size_t steps = 0; steps <= producers_.size(); ++steps) {
        auto found = constants_.find(name);
        if (found != constants_.end()) return &found->second;
        const onnx::Node *node = producer(name);
        if (node == nullptr || !passes_on(*node)) return nullptr;
        name = node->input(0);
    }
    return nullptr;
}

const ForeignTensor &OnnxGraph::constant_input(const onnx::Node &node, int input, size_t sizes) const {
    const ForeignTensor *found = input < node.input_size() ? constant(node.input(input)) : nullptr;
    if (found == nullptr || found->shape.size() != sizes)
        throw Failure(shown(node) + ": input " + std::to_string(input) + " is not a constant of " +
                      std::to_string(sizes) + " sizes");
    return *found;
}

bool OnnxGraph::is_input(const std::string &value) const {
    return std::find(inputs_.begin(), inputs_.end(), value) != inputs_.end();
}

ForeignTensor transposed(const ForeignTensor &tensor) {
    ForeignTensor view = tensor;
    std::reverse(view.shape.begin(), view.shape.end());
    std::reverse(view.strides.begin(), view.strides.end());
    return view;
}

const onnx::Attribute *attribute(const onnx::Node &node, const std::string &name) {
    for (const onnx::Attribute &found : node.attribute()) {
        if (found.name() == name) return &found;
    }
    return nullptr;
}

std::string shown(const onnx::Node &node) {
    std::string text = "the operator " + shown(node.op_type());
    return node.name().empty() ? text : text + " (node " + shown(node.name()) + ")";
}

} // namespace mote::cli
