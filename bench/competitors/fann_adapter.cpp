// Running an MLP with one hidden layer of tanh by FANN. It has neither an embedding nor a softmax, which are done by
// hand around it; and no ReLU, no recurrence and no gradients of inputs, which an embedding would learn from.
#include <fann.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "adapter.h"

namespace {

using namespace mote_bench;

struct Destroy {
    void operator()(fann *network) const { fann_destroy(network); }
};
using Network = std::unique_ptr<fann, Destroy>;

const Tensor &tensor(const Data &data, const std::string &name) {
    for (const Tensor &t : data.tensors)
        if (t.name == name) return t;
    std::abort();
}

// Neurons are numbered layer by layer, each layer's bias the last of it; a connection comes from the layer before.
class Weights {
  public:
    explicit Weights(const Data &data)
        : hidden_{tensor(data, "weight_l0"), tensor(data, "bias_l0")}, out_{tensor(data, "weight_out"),
                                                                            tensor(data, "bias_out")},
          first_hidden_(hidden_.weight.columns + 1), first_out_(first_hidden_ + hidden_.weight.rows + 1) {}
    float of(const fann_connection &c) const {
        if (c.to_neuron < first_out_) return value(hidden_, c.from_neuron, c.to_neuron - first_hidden_);
        return value(out_, c.from_neuron - first_hidden_, c.to_neuron - first_out_);
    }

  private:
    struct Layer {
        const Tensor &weight, &bias;
    };
    static float value(const Layer &layer, std::size_t from, std::size_t to) {
        const std::size_t inputs = layer.weight.columns;
        return from < inputs ? layer.weight.values[to * inputs + from] : layer.bias.values[to];
    }

    const Layer hidden_, out_;
    const std::size_t first_hidden_, first_out_;
};

Network make_network(const Data &data, const mote_config &c) {
    const unsigned sizes[] = {c.context * c.embed, c.hidden, c.vocab};
    Network network(fann_create_standard_array(3, sizes));
    if (!network) std::abort();
    fann_set_activation_function_hidden(network.get(), FANN_SIGMOID_SYMMETRIC); // tanh(steepness x)
    fann_set_activation_function_output(network.get(), FANN_LINEAR);
    fann_set_activation_steepness_hidden(network.get(), 1);
    fann_set_activation_steepness_output(network.get(), 1);
    std::vector<fann_connection> connections(fann_get_total_connections(network.get()));
    fann_get_connection_array(network.get(), connections.data());
    const Weights weights(data);
    for (std::size_t i = 0; i < connections.size(); ++i) network->weights[i] = weights.of(connections[i]);
    return network;
}

class Inference : public Task {
  public:
    explicit Inference(const Workload &w)
        : vocab_(w.config.vocab), embed_(w.config.embed), data_(make_data(w)), network_(make_network(data_, w.config)),
          embedding_(tensor(data_, "embedding").values) {
        for (std::size_t i = 0; i < w.config.context; ++i)
            window_.insert(window_.end(), embedding_.begin(), embedding_.begin() + static_cast<std::ptrdiff_t>(embed_));
    }

    void run(std::size_t steps, float *losses) override {
        for (std::size_t i = 0; i < steps; ++i, next_ = (next_ + 1) % (data_.tokens.size() - 1)) {
            std::copy(window_.begin() + static_cast<std::ptrdiff_t>(embed_), window_.end(), window_.begin());
            std::copy_n(embedding_.data() + data_.tokens[next_] * embed_, embed_,
                        window_.end() - static_cast<std::ptrdiff_t>(embed_));
            losses[i] = surprise(fann_run(network_.get(), window_.data()), data_.tokens[next_ + 1]);
        }
    }

  private:
    float surprise(const float *logits, std::size_t target) const {
        const float most = *std::max_element(logits, logits + vocab_);
        float sum = 0;
        for (std::size_t i = 0; i < vocab_; ++i) sum += std::exp(logits[i] - most);
        return std::log(sum) + most - logits[target];
    }

    const std::size_t vocab_, embed_;
    const Data data_;
    const Network network_;
    const std::vector<float> &embedding_;
    std::vector<float> window_;
    std::size_t next_ = 0;
};

std::unique_ptr<Task> make_task(const Workload &w) {
    const mote_config &c = w.config;
    if (w.trains() || c.cell != MOTE_CELL_DENSE || c.activation != MOTE_TANH || c.layers != 1) return nullptr;
    return std::make_unique<Inference>(w);
}

} // namespace

int main() {
    return run_adapter("FANN 2.2, I2a alone: no ReLU, no recurrence, no gradients of inputs for an embedding",
                       make_task);
}
