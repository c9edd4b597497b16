// The gated recurrent unit by hand in Eigen. Of a character the four sums of a unit lie in blocks of one column: n's of
// the input, r, z, n's of the state. So each product is one, of the three gates at once, forward and back, and
// gradients take the places of the sums.
#ifndef MOTE_COMPETITORS_EIGEN_GRU_H
#define MOTE_COMPETITORS_EIGEN_GRU_H

#include "eigen_model.h"

namespace mote_bench {

// A column of the four sums for each character, biases included. The tensors have the gates in the order r, z, n.
inline MatrixXf gru_table(Parameters &p, Index h) {
    const Map in = p.w("weight_ih_l0"), bias = p.w("bias_ih_l0");
    MatrixXf table(4 * h, in.cols());
    table.topRows(h) = in.bottomRows(h).colwise() + bias.col(0).tail(h);
    table.middleRows(h, 2 * h) = in.topRows(2 * h).colwise() + bias.col(0).head(2 * h);
    table.bottomRows(h) = p.w("bias_hn_l0").col(0).replicate(1, in.cols());
    return table;
}

class Gru : public Training {
  public:
    explicit Gru(const Workload &w)
        : Training(w), out_(layer_of(p_, "weight_out", "bias_out")), recurrent_(p_.w("weight_hh_l0")),
          g_recurrent_(p_.g("weight_hh_l0")), g_in_(p_.g("weight_ih_l0")), g_bias_(p_.g("bias_ih_l0")),
          g_bias_n_(p_.g("bias_hn_l0")), hidden_(config_.hidden), rows_(train_.batch), time_(train_.time_steps),
          h_(MatrixXf::Zero(hidden_, count_ + rows_)), d_(hidden_, count_), sums_(4 * hidden_, count_) {}

  private:
    // Column t * rows + b is row b of the batch at t.
    Index place(Index i) const { return i % rows_ * time_ + i / rows_; }

    float step() override {
        h_.leftCols(rows_) = MatrixXf(h_.rightCols(rows_));
        const MatrixXf table = gru_table(p_, hidden_);
        for (Index i = 0; i < count_; ++i) sums_.col(i) = table.col(tokens()[place(i)]);
        for (Index t = 0; t < time_; ++t) forward(t);
        logits_.noalias() = out_.w * h_.rightCols(count_);
        logits_.colwise() += out_.b.col(0);
        const float loss = cross_entropy([this](Index i) { return place(i); });
        backward();
        return loss;
    }

    void forward(Index t) {
        const auto before = h_.middleCols(t * rows_, rows_);
        sums_.block(hidden_, t * rows_, 3 * hidden_, rows_).noalias() += recurrent_ * before;
        for (Index i = t * rows_; i < (t + 1) * rows_; ++i) {
            auto gates = sums_.col(i).segment(hidden_, 2 * hidden_).array();
            gates = gates.logistic();
            auto n = sums_.col(i).head(hidden_).array();
            n = (n + gates.head(hidden_) * sums_.col(i).tail(hidden_).array()).tanh();
            h_.col(i + rows_).array() = n + gates.tail(hidden_) * (h_.col(i).array() - n);
        }
    }

    void backward() {
        const auto h = h_.rightCols(count_);
        out_.gw.noalias() = logits_ * h.transpose();
        out_.gb.col(0) = logits_.rowwise().sum();
        d_.noalias() = out_.w.transpose() * logits_;
        for (Index t = time_; t-- > 0;) {
            auto now = d_.middleCols(t * rows_, rows_);
            if (t + 1 < time_)
                now.noalias() += recurrent_.transpose() * sums_.block(hidden_, (t + 1) * rows_, 3 * hidden_, rows_);
            for (Index i = t * rows_; i < (t + 1) * rows_; ++i) sums_to_gradients(i, t);
        }
        g_recurrent_.noalias() = sums_.bottomRows(3 * hidden_) * h_.leftCols(count_).transpose();
        g_bias_n_.col(0) = sums_.bottomRows(hidden_).rowwise().sum();
        g_bias_.col(0).tail(hidden_) = sums_.topRows(hidden_).rowwise().sum();
        g_bias_.col(0).head(2 * hidden_) = sums_.middleRows(hidden_, 2 * hidden_).rowwise().sum();
        g_in_.setZero();
        for (Index i = 0; i < count_; ++i) {
            auto to = g_in_.col(tokens()[place(i)]);
            to.tail(hidden_) += sums_.col(i).head(hidden_);
            to.head(2 * hidden_) += sums_.col(i).segment(hidden_, 2 * hidden_);
        }
    }

    // Of one row of the batch; what reaches the state before it without the product is added to that one's gradient.
    void sums_to_gradients(Index i, Index t) {
        auto n = sums_.col(i).head(hidden_).array();
        auto r = sums_.col(i).segment(hidden_, hidden_).array();
        auto z = sums_.col(i).segment(2 * hidden_, hidden_).array();
        auto state = sums_.col(i).tail(hidden_).array();
        const auto d = d_.col(i).array(), before = h_.col(i).array();
        if (t > 0) d_.col(i - rows_).array() += d * z;
        const auto dz = d * (before - n) * z * (1 - z);
        const auto dn = d * (1 - z) * (1 - n.square());
        slopes_.resize(hidden_, 2);
        slopes_.col(0) = dz;
        slopes_.col(1) = dn;
        z = slopes_.col(0);
        n = slopes_.col(1);
        slopes_.col(0) = n * state * r * (1 - r);
        state = n * r;
        r = slopes_.col(0);
    }

    Layer out_;
    Map recurrent_, g_recurrent_, g_in_, g_bias_, g_bias_n_;
    const Index hidden_, rows_, time_;
    MatrixXf h_, d_, sums_;
    Eigen::ArrayXXf slopes_;
};

class GruInference : public Inference {
  public:
    explicit GruInference(const Workload &w)
        : Inference(w), recurrent_(p_.w("weight_hh_l0")), table_(gru_table(p_, config_.hidden)),
          h_(VectorXf::Zero(config_.hidden)), sums_(4 * h_.size()) {}

  private:
    const VectorXf &read(uint16_t token) override {
        const Index n = h_.size();
        sums_ = table_.col(token);
        sums_.tail(3 * n).noalias() += recurrent_ * h_;
        auto gates = sums_.segment(n, 2 * n).array();
        gates = gates.logistic();
        auto candidate = sums_.head(n).array();
        candidate = (candidate + gates.head(n) * sums_.tail(n).array()).tanh();
        h_.array() = candidate + gates.tail(n) * (h_.array() - candidate);
        return h_;
    }

    Map recurrent_;
    MatrixXf table_;
    VectorXf h_, sums_;
};

} // namespace mote_bench

#endif
