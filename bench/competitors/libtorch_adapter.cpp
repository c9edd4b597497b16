// The training workloads in PyTorch's C++ library: the same tensors and autograd as in Python, without Python. Weights
// are views of one flat tensor, so that clipping and optimizer are a few calls whatever the model.
#include <torch/torch.h>

#include "adapter.h"

namespace {

using namespace mote_bench;
using torch::Tensor;

Tensor tokens_tensor(const uint16_t *first, std::size_t count) {
    const std::vector<int64_t> wide(first, first + count);
    return torch::tensor(wide, torch::kInt64);
}

class Optimizer {
  public:
    Optimizer(const mote_train_config &train, Tensor flat)
        : train_(train), flat_(std::move(flat)), m_(torch::zeros_like(flat_)),
          // Adagrad's eps inside the root
          v_(train.optimizer == MOTE_ADAGRAD ? torch::full_like(flat_, train.eps) : torch::zeros_like(flat_)) {}

    void step(const std::vector<Tensor> &gradients) {
        const torch::NoGradGuard no_grad;
        std::vector<Tensor> pieces;
        for (const Tensor &g : gradients) pieces.push_back(g.reshape({-1}));
        Tensor g = torch::cat(pieces);
        if (train_.clip_value > 0) g.clamp_(-train_.clip_value, train_.clip_value);
        if (train_.clip_norm > 0) g.mul_(torch::clamp_max(train_.clip_norm / (g.norm() + 1e-6), 1.0));
        switch (train_.optimizer) {
        case MOTE_SGD:
            flat_.sub_(g, train_.learning_rate);
            break;
        case MOTE_ADAGRAD:
            v_.addcmul_(g, g);
            flat_.addcdiv_(g, v_.sqrt(), -train_.learning_rate);
            break;
        default:
            adamw(g);
        }
    }

  private:
    void adamw(const Tensor &g) {
        const double b1 = train_.beta1, b2 = train_.beta2, rate = train_.learning_rate;
        ++step_;
        flat_.mul_(1 - rate * train_.weight_decay);
        m_.mul_(b1).add_(g, 1 - b1);
        v_.mul_(b2).addcmul_(g, g, 1 - b2);
        const Tensor root = (v_.sqrt() / std::sqrt(1 - std::pow(b2, step_))).add_(train_.eps);
        flat_.addcdiv_(m_, root, -rate / (1 - std::pow(b1, step_)));
    }

    const mote_train_config train_;
    Tensor flat_, m_, v_;
    int step_ = 0;
};

class Training : public Task {
  public:
    explicit Training(const Workload &w) : config_(w.config), train_(w.train) {
        const Data data = make_data(w);
        std::vector<float> all;
        for (const auto &t : data.tensors) all.insert(all.end(), t.values.begin(), t.values.end());
        const Tensor flat = torch::tensor(all);
        int64_t start = 0;
        for (const auto &t : data.tensors) {
            const auto rows = static_cast<int64_t>(t.rows), columns = static_cast<int64_t>(t.columns);
            const Tensor view = flat.narrow(0, start, rows * columns);
            leaves_.push_back((columns > 1 ? view.view({rows, columns}) : view).detach().requires_grad_());
            start += rows * columns;
        }
        optimizer_ = std::make_unique<Optimizer>(train_, flat);
        h_ = torch::zeros({w.train.batch, w.config.hidden});
        for (std::size_t i = 0; i < kBatches; ++i) batches_.push_back(prepare(data, i));
    }

    void run(std::size_t steps, float *losses) override {
        const auto reduction = train_.loss == MOTE_LOSS_SUM ? at::Reduction::Sum : at::Reduction::Mean;
        for (std::size_t i = 0; i < steps; ++i, next_ = (next_ + 1) % kBatches) {
            const Batch &batch = batches_[next_];
            const Tensor loss = at::cross_entropy_loss(logits(batch.tokens), batch.targets, {}, reduction);
            optimizer_->step(torch::autograd::grad({loss}, leaves_));
            losses[i] = loss.item<float>();
        }
    }

  private:
    struct Batch {
        Tensor tokens, targets;
    };

    // In order of time for what is recurrent.
    Batch prepare(const Data &data, std::size_t i) const {
        const auto rows = static_cast<int64_t>(train_.batch);
        const Tensor tokens =
            tokens_tensor(data.tokens.data() + i * data.tokens_of_batch, data.tokens_of_batch).view({rows, -1});
        const Tensor targets =
            tokens_tensor(data.targets.data() + i * data.targets_of_batch, data.targets_of_batch).view({rows, -1});
        if (config_.cell < MOTE_CELL_RECURRENT) return {tokens, targets.flatten()};
        return {tokens.t().contiguous(), targets.t().flatten()};
    }

    Tensor logits(const Tensor &tokens) {
        switch (config_.cell) {
        case MOTE_CELL_NONE:
            return torch::embedding(leaves_[0], tokens).flatten(0, 1);
        case MOTE_CELL_DENSE:
            return mlp(tokens);
        case MOTE_CELL_GATED:
            return gru(tokens);
        default:
            return rnn(tokens);
        }
    }

    Tensor mlp(const Tensor &tokens) const {
        Tensor x = torch::embedding(leaves_[0], tokens).flatten(1);
        for (std::size_t l = 0; l < config_.layers; ++l) {
            x = torch::linear(x, leaves_[1 + 2 * l], leaves_[2 + 2 * l]);
            x = config_.activation == MOTE_RELU ? x.relu() : x.tanh();
        }
        return torch::linear(x, leaves_[leaves_.size() - 2], leaves_.back());
    }

    Tensor rnn(const Tensor &tokens) {
        const Tensor recurrent = leaves_[1].t(), inputs = torch::embedding(leaves_[0].t(), tokens) + leaves_[2];
        Tensor h = h_;
        std::vector<Tensor> outputs;
        for (const Tensor &x : inputs.unbind(0)) outputs.push_back(h = torch::addmm(x, h, recurrent).tanh_());
        h_ = h.detach();
        return torch::linear(torch::cat(outputs), leaves_[3], leaves_[4]);
    }

    // nn.GRU's second bias is of the candidate alone.
    Tensor gru(const Tensor &tokens) {
        const int64_t hidden = config_.hidden;
        const Tensor recurrent = leaves_[1].t(), bias = at::constant_pad_nd(leaves_[3], {2 * hidden, 0}),
                     inputs = torch::embedding(leaves_[0].t(), tokens) + leaves_[2];
        Tensor h = h_;
        std::vector<Tensor> outputs;
        for (const Tensor &x : inputs.unbind(0)) {
            const Tensor states = torch::addmm(bias, h, recurrent);
            const auto gates = (states.narrow(1, 0, 2 * hidden) + x.narrow(1, 0, 2 * hidden)).sigmoid_().chunk(2, 1);
            const Tensor state = states.narrow(1, 2 * hidden, hidden),
                         n = torch::addcmul(x.narrow(1, 2 * hidden, hidden), gates[0], state).tanh_();
            outputs.push_back(h = torch::lerp(n, h, gates[1]));
        }
        h_ = h.detach();
        return torch::linear(torch::cat(outputs), leaves_[4], leaves_[5]);
    }

    const mote_config config_;
    const mote_train_config train_;
    std::vector<Tensor> leaves_;
    std::unique_ptr<Optimizer> optimizer_;
    std::vector<Batch> batches_;
    Tensor h_;
    std::size_t next_ = 0;
};

std::unique_ptr<Task> make_task(const Workload &w) {
    if (!w.trains()) return nullptr;
    return std::make_unique<Training>(w);
}

} // namespace

int main() {
    torch::set_num_threads(1);
    at::globalContext().setFlushDenormal(true);
    return run_adapter(std::string("libtorch ") + TORCH_VERSION, make_task);
}
