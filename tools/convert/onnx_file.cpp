#include "onnx_file.h"

#include "container.h"
#include "errors.h"
#include "onnx_cell.h"
#include "onnx_form.h"
#include "onnx_graph.h"
#include "onnx_model.h"
#include "onnx_recurrent.h"

#include "onnx_subset.pb.h"

#include <algorithm>
#include <set>

namespace mote::cli {

namespace {

/* A vector of zeros, all of them one number. */
ForeignTensor zeros_as(const ForeignTensor &bias) {
    static const double zero = 0;
    ForeignTensor zeros = bias;
    zeros.dtype = Dtype::f64;
    zeros.data = reinterpret_cast<const unsigned char *>(&zero);
    zeros.strides.assign(zeros.shape.size(), 0);
    return zeros;
}

/* Follows a graph from the logits back to the tokens. */
class Walk {
  public:
    explicit Walk(const OnnxGraph &graph) : graph_(graph) {}

    void from(const std::string &output) {
        std::string value = output;
        std::set<std::string> seen;
        while (!ended_) {
            if (!seen.insert(value).second) throw Failure("the graph is a circle at " + shown(value));
            value = before(value);
        }
        if (!activation_.empty()) throw Failure("a " + activation_ + " stands where no layer is before it");
        if (bias_ != nullptr) throw Failure("an Add stands where no layer is before it");
        if (model_.recurrent.empty() && picked_)
            throw Failure("a part of a layer is picked (Slice, Gather), which mote's MLP does not");
    }

    const OnnxModel &model() const { return model_; }

    void check_all_used() const {
        for (const std::string &name : graph_.initializers()) {
            const ForeignTensor *tensor = graph_.constant(name);
            if (is_real(tensor->dtype) && tensor->count() > 1 && used_.count(name) == 0)
                throw Failure("tensor " + shown(name) + " " + shape_text(tensor->shape) +
                              " is not used on the way to the logits");
        }
    }

  private:
    const ForeignTensor &needed(const onnx::Node &node, int input, size_t sizes) {
        const ForeignTensor &found = graph_.constant_input(node, input, sizes);
        used_.insert(found.name);
        return found;
    }

    /* What a value is computed of. */
    std::string before(const std::string &value) {
        const onnx::Node *node = graph_.producer(value);
        if (node == nullptr) {
            if (!graph_.is_input(value))
                throw Failure("the value " + shown(value) + " is neither computed nor an input");
            ended_ = true;
            return value;
        }
        if (node->input_size() == 0) throw Failure(shown(*node) + " has no input");
        return through(*node, value);
    }

    std::string through(const onnx::Node &node, const std::string &value) {
        static const std::set<std::string> shapes = {"Reshape",   "Flatten", "Squeeze", "Unsqueeze", "Identity",
                                                     "Transpose", "Cast",    "Dropout", "Slice"};
        const std::string &type = node.op_type();
        if (shapes.count(type) != 0) {
            model_.transposed = model_.transposed || type == "Transpose";
            if (type == "Slice") check_slice(node);
            return node.input(0);
        }
        if (type == "Softmax" || type == "LogSoftmax") return at_the_end(node);
        if (type == "Tanh" || type == "Relu") return activation(node);
        if (type == "Add") return bias(node);
        if (type == "MatMul") return product(node);
        if (type == "Gemm") return gemm(node);
        if (type == "RNN" || type == "GRU") return recurrent(node, value);
        if (type == "Gather") return gather(node);
        if (type == "OneHot") return node.input(0);
        if (type == "LSTM")
            throw Failure(shown(node) +
                          ": of recurrent models mote has RNN (tanh or ReLU) and GRU (one direction, several layers)");
        throw Failure(shown(node) +
                      " is none that mote's models have: Gather, Gemm, MatMul, Add, Tanh, Relu, RNN, GRU");
    }

    /* Of the tokens, and behind a recurrent layer of its outputs, the last ones may be taken: so much begins a text, or
     * is asked for. */
    void check_slice(const onnx::Node &node) {
        std::vector<int64_t> ends = numbers(node, "ends", 2), steps = numbers(node, "steps", 4);
        auto whole = [](int64_t end) { return end >= INT32_MAX; };
        auto one = [](int64_t step) { return step == 1; };
        if (ends.empty() || !std::all_of(ends.begin(), ends.end(), whole) ||
            !std::all_of(steps.begin(), steps.end(), one))
            throw Failure(shown(node) + " picks or turns round what mote's models take whole");
        picked_ = picked_ || model_.embedding.shape.empty();
    }

    /* Of an attribute, in older versions, or a constant input; none: empty. */
    std::vector<int64_t> numbers(const onnx::Node &node, const char *name, int input) const {
        const onnx::Attribute *found = attribute(node, name);
        if (found != nullptr) return {found->ints().begin(), found->ints().end()};
        const ForeignTensor *constant = input < node.input_size() ? graph_.constant(node.input(input)) : nullptr;
        std::vector<int64_t> list;
        bool given = input < node.input_size() && !node.input(input).empty();
        if (given && (constant == nullptr || !is_whole(constant->dtype)))
            throw Failure(shown(node) + ": its " + name + " are not constants");
        for (uint64_t i = 0; given && i < constant->count(); ++i) {
            double value = constant->at(i);
            list.push_back(value >= INT32_MAX   ? INT32_MAX
                           : value <= INT32_MIN ? INT32_MIN
                                                : static_cast<int64_t>(value));
        }
        return list;
    }

    /* What turns logits into probabilities: not a part of the weights. */
    std::string at_the_end(const onnx::Node &node) {
        if (!model_.dense.empty() || !model_.recurrent.empty()) throw Failure(shown(node) + " stands inside the model");
        model_.notes.push_back("the " + node.op_type() + " behind the logits is left out");
        return node.input(0);
    }

    std::string activation(const onnx::Node &node) {
        if (!activation_.empty() || bias_ != nullptr)
            throw Failure(shown(node) + " stands where no activation is known");
        activation_ = node.op_type();
        activated_ = node.output(0);
        return node.input(0);
    }

    std::string bias(const onnx::Node &node) {
        if (node.input_size() != 2) throw Failure(shown(node) + " adds no bias");
        for (int i : {0, 1}) {
            const ForeignTensor *constant = graph_.constant(node.input(i));
            if (constant == nullptr) continue;
            if (bias_ != nullptr) throw Failure(shown(node) + " adds no bias");
            bias_ = constant;
            used_.insert(bias_->name);
            return node.input(1 - i);
        }
        return cell(node);
    }

    /* One step of a recurrent layer, as nn.RNNCell makes it: its state is given to the graph and given back. */
    std::string cell(const onnx::Node &node) {
        OnnxCell found = onnx_cell(graph_, node, activation_.empty() ? "" : activated_);
        if (!model_.embedding.shape.empty()) throw Failure("an embedding stands behind a recurrent layer");
        if (!states_.insert(found.state).second)
            throw Failure(shown(node) + ": two layers have the state " + shown(found.state));
        OnnxRecurrent layer{found.input.weight, found.hidden.weight, {}, {}, activation_, false};
        std::vector<const ForeignTensor *> biases;
        for (const ForeignTensor *bias : {bias_, found.input.bias, found.hidden.bias}) {
            if (bias != nullptr) biases.push_back(bias);
        }
        if (biases.size() > 2) throw Failure(shown(node) + ": a recurrent layer of three biases");
        if (!biases.empty()) {
            layer.input_bias = *biases[0];
            layer.hidden_bias = biases.size() == 2 ? *biases[1] : zeros_as(*biases[0]);
        }
        for (const std::string &name : {found.input.weight.name, found.hidden.weight.name}) used_.insert(name);
        for (const ForeignTensor *bias : biases) used_.insert(bias->name);
        model_.recurrent.push_back(layer);
        bias_ = nullptr;
        activation_.clear();
        return found.input.input;
    }

    void add_dense(const ForeignTensor &weight) {
        if (!model_.recurrent.empty() || !model_.embedding.shape.empty())
            throw Failure("a linear layer stands before the recurrent ones");
        model_.dense.push_back({weight, bias_, activation_});
        bias_ = nullptr;
        activation_.clear();
    }

    std::string product(const onnx::Node &node) {
        add_dense(transposed(needed(node, 1, 2)));
        return node.input(0);
    }

    static void check_number(const onnx::Node &node, const char *name, float wanted) {
        const onnx::Attribute *found = attribute(node, name);
        if (found != nullptr && (found->f() < wanted || found->f() > wanted))
            throw Failure(shown(node) + ": " + name + " is " + std::to_string(found->f()));
    }

    std::string gemm(const onnx::Node &node) {
        check_number(node, "alpha", 1);
        check_number(node, "beta", 1);
        const onnx::Attribute *first = attribute(node, "transA"), *second = attribute(node, "transB");
        if (first != nullptr && first->i() != 0) throw Failure(shown(node) + ": its first operand is transposed");
        if (bias_ != nullptr) throw Failure(shown(node) + " has two biases behind it");
        if (node.input_size() > 2 && !node.input(2).empty()) {
            bias_ = graph_.constant(node.input(2));
            if (bias_ == nullptr) throw Failure(shown(node) + ": its bias is not a constant");
            used_.insert(bias_->name);
        }
        const ForeignTensor &weight = needed(node, 1, 2);
        add_dense(second != nullptr && second->i() != 0 ? weight : transposed(weight));
        return node.input(0);
    }

    std::string recurrent(const onnx::Node &node, const std::string &value) {
        if (node.output_size() == 0 || node.output(0) != value)
            throw Failure(shown(node) + ": its last state, not its outputs, leads to the logits");
        if (!activation_.empty() || bias_ != nullptr || !model_.embedding.shape.empty())
            throw Failure(shown(node) + ": something stands behind it that mote's models do not have");
        OnnxRecurrent layer = onnx_recurrent(graph_, node);
        for (const ForeignTensor *tensor : {&layer.input, &layer.hidden, &layer.input_bias}) used_.insert(tensor->name);
        check_beginning(node);
        model_.recurrent.push_back(layer);
        return node.input(0);
    }

    /* A hidden state that a text begins with has to be zeros. */
    void check_beginning(const onnx::Node &node) {
        constexpr int initial = 5;
        if (node.input_size() <= initial || node.input(initial).empty()) return;
        std::string value = node.input(initial);
        const ForeignTensor *state = nullptr;
        for (int steps = 0; !value.empty() && (state = graph_.constant(value)) == nullptr && !graph_.is_input(value);
             ++steps)
            value = before_state(node, value, steps);
        if (state == nullptr) return; /* zeros, or given by whoever runs it */
        used_.insert(state->name);
        for (uint64_t i = 0; i < state->count(); ++i) {
            if (!is_real(state->dtype) || state->at(i) < 0 || state->at(i) > 0)
                throw Failure(shown(node) + ": texts begin with " + shown(state->name) +
                              ", where mote begins with zeros");
        }
    }

    /* What an initial state is made of, by nodes that only shape it; empty: of zeros. */
    std::string before_state(const onnx::Node &rnn, const std::string &value, int steps) {
        static const std::set<std::string> shapes = {"Expand", "Reshape", "Identity", "Unsqueeze", "Squeeze",
                                                     "Cast",   "Tile",    "Slice",    "Transpose"};
        constexpr int most = 100;
        const onnx::Node *node = graph_.producer(value);
        bool known = node != nullptr && node->input_size() > 0 && steps < most;
        if (known && node->op_type() == "ConstantOfShape") {
            const onnx::Attribute *filled = attribute(*node, "value");
            const std::string zero = filled == nullptr ? "" : filled->t().raw_data();
            known = std::all_of(zero.begin(), zero.end(), [](char byte) { return byte == 0; }) &&
                    (filled == nullptr || (filled->t().float_data_size() == 0 && filled->t().double_data_size() == 0));
            if (known) return "";
        }
        if (!known || shapes.count(node->op_type()) == 0)
            throw Failure(shown(rnn) + ": texts begin with a state that is computed, where mote begins with zeros");
        return node->input(0);
    }

    /* Of a constant table: the embedding. Of computed values, by constant indices: one of the time steps. */
    std::string gather(const onnx::Node &node) {
        if (node.input_size() != 2) throw Failure(shown(node) + " has no two inputs");
        if (graph_.constant(node.input(0)) == nullptr) return last_step(node);
        if (!model_.embedding.shape.empty() || bias_ != nullptr) throw Failure(shown(node) + ": a second table");
        model_.embedding = needed(node, 0, 2);
        return node.input(1);
    }

    /* The last output of a recurrent layer alone. */
    std::string last_step(const onnx::Node &node) {
        std::vector<int64_t> index = numbers(node, "indices", 1);
        if (index.size() != 1 || index[0] != -1 || !model_.recurrent.empty() || !model_.embedding.shape.empty())
            throw Failure(shown(node) + " picks what mote's models take whole");
        picked_ = true;
        return node.input(0);
    }

    const OnnxGraph &graph_;
    OnnxModel model_;
    bool ended_ = false;
    const ForeignTensor *bias_ = nullptr; /* what waits for the product that it is added to */
    std::string activation_, activated_;  /* what waits for the layer before it, and its value */
    bool picked_ = false;
    std::set<std::string> used_, states_;
};

} // namespace

ForeignFile read_onnx(const std::string &bytes, const std::string &path) {
    onnx::Model model;
    constexpr size_t most = INT32_MAX;
    if (bytes.size() > most || !has_onnx_form(bytes) ||
        !model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || !model.has_graph())
        throw Failure("not ONNX, or cut short");
    std::list<std::string> memory;
    OnnxGraph graph(model, path, memory);
    if (graph.outputs().empty()) throw Failure("the graph has no output");
    Walk walk(graph);
    walk.from(logits_output(graph));
    walk.check_all_used();
    ForeignFile file = foreign_file_of(walk.model());
    file.memory = std::move(memory);
    return file;
}

} // namespace mote::cli
