#include "onnx_cell.h"

#include "container.h"
#include "errors.h"
#include "onnx_graph.h"

#include "onnx_subset.pb.h"

#include <algorithm>
#include <optional>
#include <set>

namespace mote::cli {

namespace {

/* What a value is made of by nodes that change nothing but its shape. */
std::string shaped_from(const OnnxGraph &graph, std::string value) {
    static const std::set<std::string> shapes = {"Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Cast"};
    constexpr int most = 100;
    for (int steps = 0; steps < most; ++steps) {
        const onnx::Node *node = graph.producer(value);
        if (node == nullptr || node->input_size() == 0 || shapes.count(node->op_type()) == 0) break;
        value = node->input(0);
    }
    return value;
}

const ForeignTensor *matrix(const OnnxGraph &graph, const std::string &value) {
    const ForeignTensor *found = graph.constant(value);
    return found != nullptr && found->shape.size() == 2 ? found : nullptr;
}

bool is_set(const onnx::Node &node, const char *name) {
    const onnx::Attribute *found = attribute(node, name);
    return found != nullptr && found->i() != 0;
}

bool is_one(const onnx::Node &node, const char *name) {
    const onnx::Attribute *found = attribute(node, name);
    return found == nullptr || !(found->f() < 1 || found->f() > 1);
}

std::optional<OnnxProduct> gemm(const OnnxGraph &graph, const onnx::Node &node) {
    const ForeignTensor *weight = node.input_size() > 1 ? matrix(graph, node.input(1)) : nullptr;
    if (weight == nullptr || is_set(node, "transA") || !is_one(node, "alpha") || !is_one(node, "beta"))
        return std::nullopt;
    OnnxProduct found{is_set(node, "transB") ? *weight : transposed(*weight), nullptr, node.input(0)};
    if (node.input_size() < 3 || node.input(2).empty()) return found;
    found.bias = graph.constant(node.input(2));
    return found.bias == nullptr ? std::nullopt : std::optional<OnnxProduct>(found);
}

std::optional<OnnxProduct> product(const OnnxGraph &graph, const std::string &value);

std::optional<OnnxProduct> with_bias(const OnnxGraph &graph, const onnx::Node &add) {
    if (add.input_size() != 2) return std::nullopt;
    for (int i : {0, 1}) {
        const onnx::Node *other = graph.producer(add.input(1 - i));
        const ForeignTensor *bias = graph.constant(add.input(i));
        if (bias == nullptr || other == nullptr || other->op_type() == "Add") continue;
        std::optional<OnnxProduct> found = product(graph, add.input(1 - i));
        if (!found || found->bias != nullptr) return std::nullopt;
        found->bias = bias;
        return found;
    }
    return std::nullopt;
}

std::optional<OnnxProduct> product(const OnnxGraph &graph, const std::string &value) {
    const onnx::Node *node = graph.producer(value);
    if (node == nullptr) return std::nullopt;
    if (node->op_type() == "Gemm") return gemm(graph, *node);
    if (node->op_type() == "Add") return with_bias(graph, *node);
    if (node->op_type() != "MatMul" || node->input_size() != 2) return std::nullopt;
    const ForeignTensor *weight = matrix(graph, node->input(1));
    if (weight == nullptr) return std::nullopt;
    return OnnxProduct{transposed(*weight), nullptr, node->input(0)};
}

bool is_square(const ForeignTensor &matrix) { return matrix.shape[0] == matrix.shape[1]; }

/* Where a state comes from or goes to: a value of the graph, or one place of several layers' states in it. */
struct Slot {
    std::string value;
    int64_t place = -1; /* -1: all of it */
};

/* The input of the graph that a value is, or picks a layer's state from. */
std::optional<Slot> input_slot(const OnnxGraph &graph, const std::string &value) {
    Slot slot{shaped_from(graph, value), -1};
    const onnx::Node *node = graph.producer(slot.value);
    if (node != nullptr && node->op_type() == "Gather" && node->input_size() == 2) {
        const ForeignTensor *index = graph.constant(node->input(1));
        const onnx::Attribute *axis = attribute(*node, "axis");
        bool picks = index != nullptr && is_whole(index->dtype) && index->count() == 1 && index->at(0) >= 0 &&
                     (axis == nullptr || axis->i() == 0);
        if (picks) slot = {shaped_from(graph, node->input(0)), static_cast<int64_t>(index->at(0))};
    }
    return graph.is_input(slot.value) ? std::optional<Slot>(slot) : std::nullopt;
}

bool may_be_state(const OnnxGraph &graph, const OnnxProduct &product) {
    return is_square(product.weight) && input_slot(graph, product.input).has_value();
}

/* The values that a value holds one after the other: those that a Concat joins, or it alone. */
std::vector<std::string> joined(const OnnxGraph &graph, const std::string &value) {
    std::string whole = shaped_from(graph, value);
    const onnx::Node *node = graph.producer(whole);
    if (node == nullptr || node->op_type() != "Concat") return {whole};
    std::vector<std::string> values;
    for (const std::string &input : node->input()) values.push_back(shaped_from(graph, input));
    return values;
}

/* Whether the graph gives a new state back: alone, or at the same place among others as the old one. */
bool is_given_back(const OnnxGraph &graph, const std::string &new_state, const Slot &old) {
    return std::any_of(graph.outputs().begin(), graph.outputs().end(), [&](const std::string &output) {
        std::vector<std::string> values = joined(graph, output);
        if (old.place < 0) return values.size() == 1 && values[0] == new_state;
        return static_cast<size_t>(old.place) < values.size() && values[static_cast<size_t>(old.place)] == new_state;
    });
}

bool is_state(const OnnxGraph &graph, const std::string &value) {
    const onnx::Node *node = graph.producer(value);
    if (node == nullptr) return false;
    return node->op_type() == "Tanh" || node->op_type() == "Relu" ||
           (node->op_type() == "RNN" && node->output(0) != value);
}

} // namespace

OnnxCell onnx_cell(const OnnxGraph &graph, const onnx::Node &add, const std::string &new_state) {
    std::optional<OnnxProduct> first = product(graph, add.input(0)), second = product(graph, add.input(1));
    bool alike = first && second && first->weight.shape[0] == second->weight.shape[0];
    bool first_may = alike && may_be_state(graph, *first), second_may = alike && may_be_state(graph, *second);
    if (new_state.empty() || (!first_may && !second_may))
        throw Failure(shown(add) + " adds two computed values, which mote's models do only in one step of a recurrent "
                                   "layer, whose state is an input of the graph and whose new state an output; of an "
                                   "nn.GRUCell save model.state_dict() by torch.save");
    if (first_may && second_may)
        throw Failure(shown(add) + ": which of " + shown(first->weight.name) + " and " + shown(second->weight.name) +
                      " is of the state is open, both are square; save model.state_dict() by torch.save, which names "
                      "them");
    OnnxCell cell{first_may ? *second : *first, first_may ? *first : *second, ""};
    Slot state = *input_slot(graph, cell.hidden.input);
    if (!is_given_back(graph, new_state, state))
        throw Failure(
            shown(add) + ": the new state " + shown(new_state) +
            " is not an output of the graph; export the logits and the state, as forward(tokens, state) returns "
            "them");
    cell.state = state.value + (state.place < 0 ? "" : "[" + std::to_string(state.place) + "]");
    return cell;
}

std::string logits_output(const OnnxGraph &graph) {
    for (const std::string &output : graph.outputs()) {
        std::vector<std::string> values = joined(graph, output);
        bool states =
            std::all_of(values.begin(), values.end(), [&](const std::string &value) { return is_state(graph, value); });
        if (!states) return output;
    }
    return graph.outputs().front();
}

} // namespace mote::cli
