#include "onnx_recurrent.h"

#include "container.h"
#include "errors.h"

#include "onnx_subset.pb.h"

namespace mote::cli {

namespace {

/* Part `index` of `parts` along the last but `behind` sizes, the ones in front of it left out. */
ForeignTensor part(const ForeignTensor &tensor, uint64_t index, uint64_t parts, size_t behind) {
    ForeignTensor view = tensor;
    size_t axis = tensor.shape.size() - 1 - behind;
    view.shape.erase(view.shape.begin(), view.shape.begin() + static_cast<std::ptrdiff_t>(axis));
    view.strides.erase(view.strides.begin(), view.strides.begin() + static_cast<std::ptrdiff_t>(axis));
    view.shape[0] /= parts;
    view.data += index * view.shape[0] * view.strides[0] * size_of(tensor.dtype);
    return view;
}

const ForeignTensor &one_direction(const OnnxGraph &graph, const onnx::Node &node, int input, size_t sizes) {
    const ForeignTensor &found = graph.constant_input(node, input, sizes);
    if (found.shape[0] != 1) throw Failure(shown(node) + ": tensor " + shown(found.name) + " is of two directions");
    return found;
}

int64_t number(const onnx::Node &node, const char *name) {
    const onnx::Attribute *found = attribute(node, name);
    return found == nullptr ? 0 : found->i();
}

void check_computes_the_same(const onnx::Node &node) {
    const onnx::Attribute *direction = attribute(node, "direction");
    if (direction != nullptr && direction->s() != "forward")
        throw Failure(shown(node) + ": mote reads forward only, not " + shown(direction->s()));
    if (attribute(node, "clip") != nullptr) throw Failure(shown(node) + " clips");
}

void check_gates(const onnx::Node &node) {
    const onnx::Attribute *activations = attribute(node, "activations");
    for (int i = 0; activations != nullptr && i < activations->strings_size(); ++i) {
        const std::string &name = activations->strings(i);
        if (name != (i == 0 ? "Sigmoid" : "Tanh"))
            throw Failure(shown(node) + ": its activations are not Sigmoid and Tanh, which mote's gates have, but " +
                          shown(name));
    }
    if (number(node, "layout") != 0)
        throw Failure(shown(node) + ": layout is " + std::to_string(number(node, "layout")) +
                      ", where 0 is read: export it with time first");
    if (number(node, "linear_before_reset") == 0)
        throw Failure(
            shown(node) +
            ": linear_before_reset is 0, the reset gate before the product of the state; mote has 1, the gate "
            "behind it, as PyTorch's nn.GRU, which it exports: train with nn.GRU, or in Keras with "
            "reset_after=True");
}

/* The matrix of the state tells that the tensors are of so many gates. */
void check_shape(const onnx::Node &node, const ForeignTensor &hidden, uint64_t gates) {
    if (hidden.shape[0] == gates * hidden.shape[1]) return;
    throw Failure(shown(node) + ": tensor " + shown(hidden.name) + " has shape " + shape_text(hidden.shape) +
                  (gates == 1 ? ", where [H, H] is expected" : ", where [3 H, H] is expected"));
}

} // namespace

OnnxRecurrent onnx_recurrent(const OnnxGraph &graph, const onnx::Node &node) {
    check_computes_the_same(node);
    OnnxRecurrent layer;
    layer.gated = node.op_type() == "GRU";
    if (layer.gated) check_gates(node);
    layer.input = part(one_direction(graph, node, 1, 3), 0, 1, 1);
    layer.hidden = part(one_direction(graph, node, 2, 3), 0, 1, 1);
    check_shape(node, layer.hidden, layer.gated ? 3 : 1);
    if (node.input_size() > 3 && !node.input(3).empty()) {
        const ForeignTensor &biases = one_direction(graph, node, 3, 2);
        if (biases.shape[1] != 2 * layer.hidden.shape[0])
            throw Failure(shown(node) + ": its biases " + shown(biases.name) + " have shape " +
                          shape_text(biases.shape) + ", where " + shape_text({1, 2 * layer.hidden.shape[0]}) +
                          " is expected");
        layer.input_bias = part(biases, 0, 2, 0);
        layer.hidden_bias = part(biases, 1, 2, 0);
    }
    const onnx::Attribute *activations = attribute(node, "activations");
    layer.activation =
        layer.gated || activations == nullptr || activations->strings_size() == 0 ? "Tanh" : activations->strings(0);
    return layer;
}

} // namespace mote::cli
