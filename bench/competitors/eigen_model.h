// What the models by hand in Eigen have in common: weights, gradients and moments, each in one array, so that clipping
// and optimizer are one expression; batches in turn; a loss from logits.
#ifndef MOTE_COMPETITORS_EIGEN_MODEL_H
#define MOTE_COMPETITORS_EIGEN_MODEL_H

#include <Eigen/Dense>
#include <cmath>
#include <cstdlib>

#include "task.h"

namespace mote_bench {

using Eigen::ArrayXf;
using Eigen::MatrixXf;
using Eigen::VectorXf;
using Map = Eigen::Map<MatrixXf>;
using Index = Eigen::Index;

// A tensor [out][in] is its matrix; an embedding [V][E] lies transposed, a column a character, and so does a one-hot
// input's weight by itself.
class Parameters {
  public:
    explicit Parameters(const Data &data) {
        Index count = 0;
        for (const Tensor &t : data.tensors) count += static_cast<Index>(t.values.size());
        flat = VectorXf::Zero(count);
        gradients = VectorXf::Zero(count);
        for (const Tensor &t : data.tensors) {
            Entry e{t.name, static_cast<Index>(t.rows), static_cast<Index>(t.columns), next_};
            const Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> values(
                t.values.data(), e.rows, e.columns);
            next_ += e.rows * e.columns;
            const bool by_character = t.name == "embedding" || t.name == "logits";
            if (by_character) std::swap(e.rows, e.columns);
            Map to(flat.data() + e.start, e.rows, e.columns);
            if (by_character)
                to = values.transpose();
            else
                to = values;
            entries_.push_back(e);
        }
    }
    Map w(const std::string &name) { return view(flat, name); }
    Map g(const std::string &name) { return view(gradients, name); }

    VectorXf flat, gradients;

  private:
    struct Entry {
        std::string name;
        Index rows, columns, start;
    };
    Map view(VectorXf &array, const std::string &name) {
        for (const Entry &e : entries_)
            if (e.name == name) return Map(array.data() + e.start, e.rows, e.columns);
        std::abort();
    }
    std::vector<Entry> entries_;
    Index next_ = 0;
};

class Optimizer {
  public:
    Optimizer(const mote_train_config &train, Parameters &p)
        : train_(train), w_(p.flat), g_(p.gradients), m_(ArrayXf::Zero(w_.size())), v_(m_) {}

    void step() {
        auto w = w_.array();
        auto g = g_.array();
        if (train_.clip_value > 0) g = g.max(-train_.clip_value).min(train_.clip_value);
        const float factor = train_.clip_norm > 0 ? std::min(1.0f, train_.clip_norm / (g_.norm() + 1e-6f)) : 1.0f;
        switch (train_.optimizer) {
        case MOTE_SGD:
            w -= train_.learning_rate * g;
            break;
        case MOTE_ADAGRAD:
            v_ += g.square();
            w -= train_.learning_rate * g * (v_ + train_.eps).rsqrt();
            break;
        default:
            adamw(factor);
        }
    }

  private:
    void adamw(float factor) {
        auto w = w_.array();
        auto g = g_.array();
        ++step_;
        const float b1 = train_.beta1, b2 = train_.beta2,
                    size = train_.learning_rate / (1 - std::pow(b1, static_cast<float>(step_))),
                    scale = 1 / std::sqrt(1 - std::pow(b2, static_cast<float>(step_)));
        m_ = b1 * m_ + (1 - b1) * factor * g;
        v_ = b2 * v_ + (1 - b2) * factor * factor * g.square();
        w = w * (1 - train_.learning_rate * train_.weight_decay) - size * m_ / (v_.sqrt() * scale + train_.eps);
    }

    const mote_train_config train_;
    VectorXf &w_, &g_;
    ArrayXf m_, v_;
    int step_ = 0;
};

// What models have in common: batches in turn, a loss from logits.
class Training : public Task {
  public:
    explicit Training(const Workload &w)
        : config_(w.config), train_(w.train), data_(make_data(w)), p_(data_), optimizer_(train_, p_),
          count_(static_cast<Index>(data_.targets_of_batch)), logits_(w.config.vocab, count_) {}

    void run(std::size_t steps, float *losses) override {
        for (std::size_t i = 0; i < steps; ++i, next_ = (next_ + 1) % kBatches) {
            losses[i] = step();
            optimizer_.step();
        }
    }

  protected:
    virtual float step() = 0;

    const uint16_t *tokens() const { return data_.tokens.data() + next_ * data_.tokens_of_batch; }
    const uint16_t *targets() const { return data_.targets.data() + next_ * data_.targets_of_batch; }

    // Logits to their gradients; column i is of the target index(i).
    template <typename F> float cross_entropy(F index) {
        const float scale = train_.loss == MOTE_LOSS_SUM ? 1.0f : 1.0f / static_cast<float>(count_);
        float loss = 0;
        for (Index i = 0; i < count_; ++i) {
            auto column = logits_.col(i).array();
            const Index target = targets()[index(i)];
            const float most = column.maxCoeff(), right = column(target);
            column = (column - most).exp();
            const float sum = column.sum();
            loss += std::log(sum) + most - right;
            column *= scale / sum;
            column(target) -= scale;
        }
        return loss * scale;
    }

    const mote_config config_;
    const mote_train_config train_;
    Data data_;
    Parameters p_;
    Optimizer optimizer_;
    const Index count_;
    MatrixXf logits_;
    std::size_t next_ = 0;
};

struct Layer {
    Map w, b, gw, gb;
};
inline Layer layer_of(Parameters &p, const std::string &weight, const std::string &bias) {
    return {p.w(weight), p.w(bias), p.g(weight), p.g(bias)};
}

class Inference : public Task {
  public:
    explicit Inference(const Workload &w)
        : config_(w.config), data_(make_data(w)), p_(data_), out_(layer_of(p_, "weight_out", "bias_out")),
          logits_(w.config.vocab) {}

    void run(std::size_t steps, float *losses) override {
        for (std::size_t i = 0; i < steps; ++i, next_ = (next_ + 1) % (data_.tokens.size() - 1)) {
            const VectorXf &h = read(data_.tokens[next_]);
            logits_.noalias() = out_.w * h;
            logits_ += out_.b.col(0);
            losses[i] = surprise(data_.tokens[next_ + 1]);
        }
    }

  protected:
    // The last hidden layer after one more character.
    virtual const VectorXf &read(uint16_t token) = 0;

    float surprise(uint16_t target) const {
        const float most = logits_.maxCoeff();
        return std::log((logits_.array() - most).exp().sum()) + most - logits_(target);
    }

    const mote_config config_;
    Data data_;
    Parameters p_;
    Layer out_;
    VectorXf logits_;
    std::size_t next_ = 0;
};

} // namespace mote_bench

#endif
