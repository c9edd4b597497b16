#include "onnx_file.h"

#include "container.h"
#include "errors.h"
#include "onnx_form.h"
#include "onnx_graph.h"

#include "mote.h"

#include "onnx_subset.pb.h"

#include <algorithm>
#include <set>

namespace mote::cli {

namespace {

/* h W + b, W as [out][in]. */
struct Dense {
    ForeignTensor weight;
    const ForeignTensor *bias = nullptr;
    std::string activation; /* behind it: "", "Tanh" or "Relu" */
};

struct RecurrentNode {
    ForeignTensor input, hidden, input_bias, hidden_bias; /* biases without data: none */
    std::string activation;
};

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
        if (recurrent_.empty() && picked_)
            throw Failure("a part of a layer is picked (Slice, Gather), which mote's MLP does not");
    }

    ForeignFile file() {
        ForeignFile file;
        file.format = "ONNX";
        file.whole_graph = true;
        file.notes = notes_;
        if (!embedding_.shape.empty()) add(file, "embedding.weight", embedding_);
        if (recurrent_.empty()) {
            add_layers(file);
        } else {
            add_recurrent(file);
        }
        return file;
    }

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
        const ForeignTensor *found = input < node.input_size() ? graph_.constant(node.input(input)) : nullptr;
        if (found == nullptr || found->shape.size() != sizes)
            throw Failure(shown(node) + ": input " + std::to_string(input) + " is no constant of " +
                          std::to_string(sizes) + " sizes");
        used_.insert(found->name);
        return *found;
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
            transposed_ = transposed_ || type == "Transpose";
            if (type == "Slice") check_slice(node);
            return node.input(0);
        }
        if (type == "Softmax" || type == "LogSoftmax") return at_the_end(node);
        if (type == "Tanh" || type == "Relu") return activation(node);
        if (type == "Add") return bias(node);
        if (type == "MatMul") return product(node);
        if (type == "Gemm") return gemm(node);
        if (type == "RNN") return rnn(node, value);
        if (type == "Gather") return gather(node);
        if (type == "OneHot") return node.input(0);
        if (type == "LSTM" || type == "GRU")
            throw Failure(shown(node) +
                          ": of recurrent models mote has RNN (tanh or ReLU, one direction, several layers)");
        throw Failure(shown(node) + " is none that mote's models have: Gather, Gemm, MatMul, Add, Tanh, Relu, RNN");
    }

    /* Of the tokens, and behind an RNN of its outputs, the last ones may be taken: so much begins a text, or is asked
     * for. */
    void check_slice(const onnx::Node &node) {
        std::vector<int64_t> ends = numbers(node, "ends", 2), steps = numbers(node, "steps", 4);
        auto whole = [](int64_t end) { return end >= INT32_MAX; };
        auto one = [](int64_t step) { return step == 1; };
        if (ends.empty() || !std::all_of(ends.begin(), ends.end(), whole) ||
            !std::all_of(steps.begin(), steps.end(), one))
            throw Failure(shown(node) + " picks or turns round what mote's models take whole");
        picked_ = picked_ || embedding_.shape.empty();
    }

    /* Of an attribute, in older versions, or a constant input; none: empty. */
    std::vector<int64_t> numbers(const onnx::Node &node, const char *name, int input) const {
        const onnx::Attribute *found = attribute(node, name);
        if (found != nullptr) return {found->ints().begin(), found->ints().end()};
        const ForeignTensor *constant = input < node.input_size() ? graph_.constant(node.input(input)) : nullptr;
        std::vector<int64_t> list;
        bool given = input < node.input_size() && !node.input(input).empty();
        if (given && (constant == nullptr || !is_whole(constant->dtype)))
            throw Failure(shown(node) + ": its " + name + " are no constants");
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
        if (!dense_.empty() || !recurrent_.empty()) throw Failure(shown(node) + " stands inside the model");
        notes_.push_back("the " + node.op_type() + " behind the logits is left out");
        return node.input(0);
    }

    std::string activation(const onnx::Node &node) {
        if (!activation_.empty() || bias_ != nullptr)
            throw Failure(shown(node) + " stands where no activation is known");
        activation_ = node.op_type();
        return node.input(0);
    }

    std::string bias(const onnx::Node &node) {
        if (node.input_size() != 2 || bias_ != nullptr) throw Failure(shown(node) + " adds no bias");
        for (int i : {0, 1}) {
            bias_ = graph_.constant(node.input(i));
            if (bias_ == nullptr) continue;
            used_.insert(bias_->name);
            return node.input(1 - i);
        }
        throw Failure(shown(node) + " adds two computed values, which mote's models do not");
    }

    void add_dense(const ForeignTensor &weight) {
        if (!recurrent_.empty() || !embedding_.shape.empty())
            throw Failure("a linear layer stands before the recurrent ones");
        dense_.push_back({weight, bias_, activation_});
        bias_ = nullptr;
        activation_.clear();
    }

    std::string product(const onnx::Node &node) {
        add_dense(turned(needed(node, 1, 2)));
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
            if (bias_ == nullptr) throw Failure(shown(node) + ": its bias is no constant");
            used_.insert(bias_->name);
        }
        const ForeignTensor &weight = needed(node, 1, 2);
        add_dense(second != nullptr && second->i() != 0 ? weight : turned(weight));
        return node.input(0);
    }

    std::string rnn(const onnx::Node &node, const std::string &value) {
        if (node.output_size() == 0 || node.output(0) != value)
            throw Failure(shown(node) + ": its last state, not its outputs, leads to the logits");
        if (!activation_.empty() || bias_ != nullptr || !embedding_.shape.empty())
            throw Failure(shown(node) + ": something stands behind it that mote's models do not have");
        const onnx::Attribute *direction = attribute(node, "direction");
        if (direction != nullptr && direction->s() != "forward")
            throw Failure(shown(node) + ": mote reads forward only, not " + shown(direction->s()));
        if (attribute(node, "clip") != nullptr) throw Failure(shown(node) + " clips");
        RecurrentNode layer;
        layer.input = part(one_direction(node, 1, 3), 0, 1, 1);
        layer.hidden = part(one_direction(node, 2, 3), 0, 1, 1);
        if (node.input_size() > 3 && !node.input(3).empty()) {
            const ForeignTensor &biases = one_direction(node, 3, 2);
            if (biases.shape[1] % 2 != 0) throw Failure(shown(node) + ": an odd number of biases");
            layer.input_bias = part(biases, 0, 2, 0);
            layer.hidden_bias = part(biases, 1, 2, 0);
        }
        check_beginning(node);
        const onnx::Attribute *activations = attribute(node, "activations");
        layer.activation =
            activations == nullptr || activations->strings_size() == 0 ? "Tanh" : activations->strings(0);
        recurrent_.push_back(layer);
        return node.input(0);
    }

    const ForeignTensor &one_direction(const onnx::Node &node, int input, size_t sizes) {
        const ForeignTensor &found = needed(node, input, sizes);
        if (found.shape[0] != 1) throw Failure(shown(node) + ": tensor " + shown(found.name) + " is of two directions");
        return found;
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
        if (!embedding_.shape.empty() || bias_ != nullptr) throw Failure(shown(node) + ": a second table");
        embedding_ = needed(node, 0, 2);
        return node.input(1);
    }

    /* An RNN's last output alone. */
    std::string last_step(const onnx::Node &node) {
        std::vector<int64_t> index = numbers(node, "indices", 1);
        if (index.size() != 1 || index[0] != -1 || !recurrent_.empty() || !embedding_.shape.empty())
            throw Failure(shown(node) + " picks what mote's models take whole");
        picked_ = true;
        return node.input(0);
    }

    static void add(ForeignFile &file, const std::string &name, ForeignTensor tensor) {
        tensor.name = name;
        file.tensors.push_back(tensor);
    }

    static uint32_t known_activation(const std::string &name) {
        if (name == "Tanh") return MOTE_TANH;
        if (name == "Relu") return MOTE_RELU;
        throw Failure(name.empty() ? "a hidden layer has no activation"
                                   : "an activation of " + shown(name) + ", where mote has Tanh and Relu");
    }

    static void agree(ForeignFile &file, const std::string &activation) {
        uint32_t known = known_activation(activation);
        if (file.activation != 0 && file.activation != known) throw Failure("layers with different activations");
        file.activation = known;
    }

    void add_dense_as(ForeignFile &file, const std::string &stem, const Dense &dense) const {
        add(file, stem + ".weight", dense.weight);
        if (dense.bias != nullptr) add(file, stem + ".bias", *dense.bias);
    }

    void add_recurrent(ForeignFile &file) const {
        if (dense_.size() != 1 || !dense_[0].activation.empty())
            throw Failure("behind its RNN mote has one linear layer, here are " + std::to_string(dense_.size()));
        for (size_t i = recurrent_.size(); i-- > 0;) {
            const RecurrentNode &layer = recurrent_[i];
            std::string end = "_l" + std::to_string(recurrent_.size() - 1 - i);
            add(file, "rnn.weight_ih" + end, layer.input);
            add(file, "rnn.weight_hh" + end, layer.hidden);
            if (!layer.input_bias.shape.empty()) {
                add(file, "rnn.bias_ih" + end, layer.input_bias);
                add(file, "rnn.bias_hh" + end, layer.hidden_bias);
            }
            agree(file, layer.activation);
        }
        add_dense_as(file, "linear", dense_[0]);
    }

    void add_layers(ForeignFile &file) const {
        if (embedding_.shape.empty()) throw Failure("there is no table of embeddings (Gather) and no RNN");
        /* Before an RNN it changes rows and time; here, the places of characters in their window. */
        if (transposed_ && !dense_.empty()) throw Failure("a Transpose inside an MLP");
        for (size_t i = dense_.size(); i-- > 0;) {
            if (i > 0) agree(file, dense_[i].activation);
            add_dense_as(file, i > 0 ? "hidden." + std::to_string(dense_.size() - 1 - i) : "output", dense_[i]);
        }
        if (!dense_.empty() && !dense_[0].activation.empty())
            throw Failure("a " + dense_[0].activation + " stands behind the logits");
    }

    const OnnxGraph &graph_;
    bool ended_ = false;
    std::vector<Dense> dense_;             /* from the last back */
    std::vector<RecurrentNode> recurrent_; /* from the last back */
    ForeignTensor embedding_;
    const ForeignTensor *bias_ = nullptr; /* what waits for the product that it is added to */
    std::string activation_;
    bool transposed_ = false, picked_ = false;
    std::vector<std::string> notes_;
    std::set<std::string> used_;
};

} // namespace

ForeignFile read_onnx(const std::string &bytes) {
    onnx::Model model;
    constexpr size_t most = INT32_MAX;
    if (bytes.size() > most || !has_onnx_form(bytes) ||
        !model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || !model.has_graph())
        throw Failure("not ONNX, or cut short");
    std::list<std::string> memory;
    OnnxGraph graph(model, memory);
    if (graph.outputs().empty()) throw Failure("the graph has no output");
    Walk walk(graph);
    walk.from(graph.outputs()[0]);
    walk.check_all_used();
    ForeignFile file = walk.file();
    file.memory = std::move(memory);
    return file;
}

} // namespace mote::cli
