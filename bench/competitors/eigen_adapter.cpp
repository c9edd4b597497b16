// The workloads by hand in Eigen, its matrices in its own order: a column is a row of the batch, all characters side by
// side, so that the matrices of one character are a slice. Compiled a second time with OpenBLAS for the products.
#include <cstring>

#include "adapter.h"
#include "eigen_gru.h"
#include "eigen_model.h"
#include "eigen_version.h"

namespace {

using namespace mote_bench;

Index same(Index i) { return i; }

class Bigram : public Training {
  public:
    using Training::Training;

  private:
    float step() override {
        Map table = p_.w("logits"), g = p_.g("logits");
        for (Index i = 0; i < count_; ++i) logits_.col(i) = table.col(tokens()[i]);
        const float loss = cross_entropy(same);
        g.setZero();
        for (Index i = 0; i < count_; ++i) g.col(tokens()[i]) += logits_.col(i);
        return loss;
    }
};

class Mlp : public Training {
  public:
    explicit Mlp(const Workload &w)
        : Training(w), out_(layer_of(p_, "weight_out", "bias_out")), embedding_(p_.w("embedding")),
          g_embedding_(p_.g("embedding")), x_(config_.context * config_.embed, count_), dx_(x_.rows(), count_) {
        for (uint32_t l = 0; l < config_.layers; ++l) {
            layers_.push_back(layer_of(p_, "weight_l" + std::to_string(l), "bias_l" + std::to_string(l)));
            h_.emplace_back(config_.hidden, count_);
            d_.emplace_back(config_.hidden, count_);
        }
    }

  private:
    float step() override {
        gather();
        for (std::size_t l = 0; l < h_.size(); ++l) {
            h_[l].noalias() = layers_[l].w * input(l);
            auto z = h_[l].array().colwise() + layers_[l].b.col(0).array();
            if (config_.activation == MOTE_RELU)
                h_[l] = z.max(0.0f);
            else
                h_[l] = z.tanh();
        }
        logits_.noalias() = out_.w * h_.back();
        logits_.colwise() += out_.b.col(0);
        const float loss = cross_entropy(same);
        backward();
        return loss;
    }

    void backward() {
        gradients(out_, logits_, h_.back());
        d_.back().noalias() = out_.w.transpose() * logits_;
        for (std::size_t l = h_.size(); l-- > 0;) {
            if (config_.activation == MOTE_RELU)
                d_[l].array() *= (h_[l].array() > 0).template cast<float>();
            else
                d_[l].array() *= 1 - h_[l].array().square();
            gradients(layers_[l], d_[l], input(l));
            (l > 0 ? d_[l - 1] : dx_).noalias() = layers_[l].w.transpose() * d_[l];
        }
        scatter();
    }

    static void gradients(Layer &layer, const MatrixXf &d, const MatrixXf &x) {
        layer.gw.noalias() = d * x.transpose();
        layer.gb.col(0) = d.rowwise().sum();
    }

    const MatrixXf &input(std::size_t l) const { return l > 0 ? h_[l - 1] : x_; }

    void gather() {
        const Index e = config_.embed, context = config_.context;
        for (Index i = 0; i < count_; ++i)
            for (Index j = 0; j < context; ++j) x_.block(j * e, i, e, 1) = embedding_.col(tokens()[i * context + j]);
    }

    void scatter() {
        const Index e = config_.embed, context = config_.context;
        g_embedding_.setZero();
        for (Index i = 0; i < count_; ++i)
            for (Index j = 0; j < context; ++j)
                g_embedding_.col(tokens()[i * context + j]) += dx_.block(j * e, i, e, 1);
    }

    Layer out_;
    Map embedding_, g_embedding_;
    std::vector<Layer> layers_;
    MatrixXf x_, dx_;
    std::vector<MatrixXf> h_, d_;
};

class Rnn : public Training {
  public:
    explicit Rnn(const Workload &w)
        : Training(w), hidden_(layer_of(p_, "weight_hh_l0", "bias_l0")), out_(layer_of(p_, "weight_out", "bias_out")),
          in_(p_.w("weight_ih_l0")), g_in_(p_.g("weight_ih_l0")), rows_(train_.batch), time_(train_.time_steps),
          h_(MatrixXf::Zero(config_.hidden, count_ + rows_)), d_(config_.hidden, count_) {}

  private:
    // Column t * rows + b is row b of the batch at t.
    Index place(Index i) const { return i % rows_ * time_ + i / rows_; }

    float step() override {
        h_.leftCols(rows_) = MatrixXf(h_.rightCols(rows_));
        for (Index i = 0; i < count_; ++i) h_.col(rows_ + i) = in_.col(tokens()[place(i)]) + hidden_.b.col(0);
        for (Index t = 0; t < time_; ++t) {
            auto now = h_.middleCols((t + 1) * rows_, rows_);
            const auto before = h_.middleCols(t * rows_, rows_);
            if (rows_ == 1)
                now.col(0).noalias() += hidden_.w * before.col(0);
            else
                now.noalias() += hidden_.w * before;
            now = now.array().tanh();
        }
        logits_.noalias() = out_.w * h_.rightCols(count_);
        logits_.colwise() += out_.b.col(0);
        const float loss = cross_entropy([this](Index i) { return place(i); });
        backward();
        return loss;
    }

    void backward() {
        const auto h = h_.rightCols(count_);
        out_.gw.noalias() = logits_ * h.transpose();
        out_.gb.col(0) = logits_.rowwise().sum();
        d_.noalias() = out_.w.transpose() * logits_;
        for (Index t = time_; t-- > 0;) {
            auto now = d_.middleCols(t * rows_, rows_);
            if (t + 1 < time_) {
                const auto after = d_.middleCols((t + 1) * rows_, rows_);
                if (rows_ == 1)
                    now.col(0).noalias() += hidden_.w.transpose() * after.col(0);
                else
                    now.noalias() += hidden_.w.transpose() * after;
            }
            now.array() *= 1 - h.middleCols(t * rows_, rows_).array().square();
        }
        hidden_.gw.noalias() = d_ * h_.leftCols(count_).transpose();
        hidden_.gb.col(0) = d_.rowwise().sum();
        g_in_.setZero();
        for (Index i = 0; i < count_; ++i) g_in_.col(tokens()[place(i)]) += d_.col(i);
    }

    Layer hidden_, out_;
    Map in_, g_in_;
    const Index rows_, time_;
    MatrixXf h_, d_;
};

class RnnInference : public Inference {
  public:
    explicit RnnInference(const Workload &w)
        : Inference(w), recurrent_(p_.w("weight_hh_l0")), table_(p_.w("weight_ih_l0")),
          h_(VectorXf::Zero(config_.hidden)), next_h_(h_) {
        table_.colwise() += p_.w("bias_l0").col(0);
    }

  private:
    const VectorXf &read(uint16_t token) override {
        next_h_ = table_.col(token);
        next_h_.noalias() += recurrent_ * h_;
        h_ = next_h_.array().tanh();
        return h_;
    }

    Map recurrent_;
    MatrixXf table_;
    VectorXf h_, next_h_;
};

class MlpInference : public Inference {
  public:
    explicit MlpInference(const Workload &w)
        : Inference(w), embedding_(p_.w("embedding")), window_(embedding_.col(0).replicate(config_.context, 1)) {
        for (uint32_t l = 0; l < config_.layers; ++l) {
            layers_.push_back(layer_of(p_, "weight_l" + std::to_string(l), "bias_l" + std::to_string(l)));
            h_.emplace_back(config_.hidden);
        }
    }

  private:
    const VectorXf &read(uint16_t token) override {
        const Index e = config_.embed;
        std::memmove(window_.data(), window_.data() + e, sizeof(float) * static_cast<std::size_t>(window_.size() - e));
        window_.tail(e) = embedding_.col(token);
        for (std::size_t l = 0; l < h_.size(); ++l) {
            h_[l] = layers_[l].b.col(0);
            h_[l].noalias() += layers_[l].w * (l > 0 ? h_[l - 1] : window_);
            if (config_.activation == MOTE_RELU)
                h_[l] = h_[l].array().max(0.0f);
            else
                h_[l] = h_[l].array().tanh();
        }
        return h_.back();
    }

    Map embedding_;
    VectorXf window_;
    std::vector<Layer> layers_;
    std::vector<VectorXf> h_;
};

template <typename Trained, typename Run> std::unique_ptr<Task> make(const Workload &w) {
    if (w.trains()) return std::make_unique<Trained>(w);
    return std::make_unique<Run>(w);
}

std::unique_ptr<Task> make_task(const Workload &w) {
    if (w.multiplies()) return nullptr;
    switch (w.config.cell) {
    case MOTE_CELL_GATED:
        return make<Gru, GruInference>(w);
    case MOTE_CELL_RECURRENT:
        return make<Rnn, RnnInference>(w);
    case MOTE_CELL_DENSE:
        return make<Mlp, MlpInference>(w);
    default:
        return std::make_unique<Bigram>(w);
    }
}

} // namespace

int main() { return run_adapter(eigen_version(), make_task); }
