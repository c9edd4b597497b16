// eigen_grid_adapter columns|rows product|vectors [in-place]: the cells of bench/grid.sh in Eigen, in the idiom asked
// for. Weights [out][in] lie by columns or by rows; a batch is one product of matrices, or a product by a vector for
// each of its rows. A column is a row of the batch, all characters of a step side by side. In place: gradients are not
// kept but taken off the weights by the products that make them, and of a table only the rows read are updated, which
// nothing that clips or looks at gradients could do.
#include <Eigen/Dense>
#include <cmath>
#include <cstring>

#include "adapter.h"
#include "eigen_version.h"

namespace {

using namespace mote_bench;
using Eigen::MatrixXf;
using Eigen::VectorXf;
using Columns = Eigen::Map<const MatrixXf>; // some of a matrix's
using Index = Eigen::Index;

struct Idiom {
    bool by_rows, vectors, in_place;
};
Idiom idiom;

const Tensor &find(const Data &data, const std::string &name) {
    for (const Tensor &t : data.tensors)
        if (t.name == name) return t;
    std::abort();
}

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
Eigen::Map<const RowMajor> values(const Tensor &t) {
    return {t.values.data(), static_cast<Index>(t.rows), static_cast<Index>(t.columns)};
}

// y += w x.
template <typename Y, typename W, typename X> void add_product(Y &&y, const W &w, const X &x) {
    if (x.cols() > 1 && !idiom.vectors) {
        y.noalias() += w * x;
        return;
    }
    for (Index i = 0; i < x.cols(); ++i) y.col(i).noalias() += w * x.col(i);
}
template <typename Y, typename W, typename X> void set_product(Y &&y, const W &w, const X &x) {
    if (x.cols() > 1 && !idiom.vectors) {
        y.noalias() = w * x;
        return;
    }
    for (Index i = 0; i < x.cols(); ++i) y.col(i).noalias() = w * x.col(i);
}

template <int Order> struct Linear {
    using Weights = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Order>;
    Weights w, gw;
    VectorXf b, gb;
    float rate;

    Linear(const Data &data, const std::string &weight, const std::string &bias, float learning_rate)
        : w(values(find(data, weight))), b(values(find(data, bias)).col(0)), rate(learning_rate) {
        if (rate > 0 && !idiom.in_place) gw.resizeLike(w), gb.resizeLike(b);
    }
    template <typename D, typename X> void backward(const D &d, const X &x) {
        if (idiom.in_place) {
            if (d.cols() == 1)
                w.noalias() -= (rate * d.col(0)) * x.col(0).transpose();
            else
                w.noalias() -= (rate * d) * x.transpose();
            b -= rate * d.rowwise().sum();
            return;
        }
        if (d.cols() == 1)
            gw.noalias() = d.col(0) * x.col(0).transpose();
        else
            gw.noalias() = d * x.transpose();
        gb = d.rowwise().sum();
    }
    void update() {
        if (idiom.in_place) return;
        w -= rate * gw;
        b -= rate * gb;
    }
};

// A column for each character.
struct Table {
    MatrixXf w, g;
    float rate;

    Table(MatrixXf weights, float learning_rate) : w(std::move(weights)), rate(learning_rate) {
        if (rate > 0 && !idiom.in_place) g.resizeLike(w);
    }
    void begin() {
        if (!idiom.in_place) g.setZero();
    }
    template <typename D> void backward(uint16_t token, const D &d) {
        if (idiom.in_place)
            w.col(token) -= rate * d;
        else
            g.col(token) += d;
    }
    void update() {
        if (!idiom.in_place) w -= rate * g;
    }
};

// What both models have: text, the output and the loss.
template <int Order> class Model : public Task {
  public:
    explicit Model(const Workload &w)
        : config_(w.config), trains_(w.trains()), time_(trains_ ? w.train.time_steps : 1),
          rows_(trains_ ? w.train.batch : w.streams), count_(rows_ * time_), rate_(trains_ ? w.train.learning_rate : 0),
          data_(make_data(w)), out_(data_, "weight_out", "bias_out", rate_), logits_(config_.vocab, count_) {}

    void run(std::size_t steps, float *losses) override {
        for (std::size_t i = 0; i < steps; ++i, ++next_) losses[i] = trains_ ? train() : read();
    }

  protected:
    // The hidden layer of all columns, from the characters of this step.
    virtual Columns forward() = 0;
    // From that and the gradient of the logits.
    virtual void backward(const Columns &h) = 0;

    // The j-th character that a column reads, and the one that follows its last.
    uint16_t token(Index column, Index j = 0) const {
        if (!trains_) return data_.tokens[place(column)];
        const Index row = config_.context > 1 ? config_.context : time_;
        return data_.tokens[batch() * data_.tokens_of_batch +
                            static_cast<std::size_t>(column % rows_ * row + column / rows_ + j)];
    }
    uint16_t target(Index column) const {
        if (!trains_) return data_.tokens[place(column) + 1];
        return data_.targets[batch() * data_.targets_of_batch +
                             static_cast<std::size_t>(column % rows_ * time_ + column / rows_)];
    }

    const mote_config config_;
    const bool trains_;
    const Index time_, rows_, count_;
    const float rate_;
    const Data data_;
    Linear<Order> out_;
    MatrixXf logits_;

  private:
    std::size_t batch() const { return next_ % kBatches; }
    std::size_t place(Index column) const {
        return (next_ + static_cast<std::size_t>(column) * kBetweenStreams) % (data_.tokens.size() - 1);
    }

    float train() {
        const Columns h = forward();
        set_product(logits_, out_.w, h);
        logits_.colwise() += out_.b;
        const float scale = 1.0f / static_cast<float>(count_);
        float loss = 0;
        for (Index i = 0; i < count_; ++i) {
            auto column = logits_.col(i).array();
            const float most = column.maxCoeff(), right = column(target(i));
            column = (column - most).exp();
            const float sum = column.sum();
            loss += std::log(sum) + most - right;
            column *= scale / sum;
            column(target(i)) -= scale;
        }
        backward(h);
        return loss * scale;
    }

    float read() {
        set_product(logits_, out_.w, forward());
        logits_.colwise() += out_.b;
        float loss = 0;
        for (Index i = 0; i < count_; ++i) {
            const auto column = logits_.col(i).array();
            const float most = column.maxCoeff();
            loss += std::log((column - most).exp().sum()) + most - column(target(i));
        }
        return loss;
    }

    std::size_t next_ = 0;
};

template <int Order> class Mlp : public Model<Order> {
    using Base = Model<Order>;
    using Base::config_, Base::count_, Base::data_, Base::logits_, Base::out_, Base::rate_, Base::trains_;

  public:
    explicit Mlp(const Workload &w)
        : Base(w), embedding_(values(find(data_, "embedding")).transpose(), rate_),
          hidden_(data_, "weight_l0", "bias_l0", rate_), x_(embedding_.w.col(0).replicate(config_.context, count_)),
          dx_(x_.rows(), count_), h_(config_.hidden, count_), d_(config_.hidden, count_) {}

  private:
    Columns forward() override {
        const Index e = config_.embed, context = config_.context;
        for (Index i = 0; i < count_; ++i) {
            if (trains_) {
                for (Index j = 0; j < context; ++j) x_.col(i).segment(j * e, e) = embedding_.w.col(this->token(i, j));
                continue;
            }
            float *const column = x_.col(i).data();
            std::memmove(column, column + e, sizeof(float) * static_cast<std::size_t>((context - 1) * e));
            x_.col(i).tail(e) = embedding_.w.col(this->token(i));
        }
        set_product(h_, hidden_.w, x_);
        h_ = (h_.colwise() + hidden_.b).array().tanh();
        return {h_.data(), h_.rows(), h_.cols()};
    }

    void backward(const Columns &h) override {
        set_product(d_, out_.w.transpose(), logits_);
        out_.backward(logits_, h);
        d_.array() *= 1 - h.array().square();
        set_product(dx_, hidden_.w.transpose(), d_);
        hidden_.backward(d_, x_);
        const Index e = config_.embed;
        embedding_.begin();
        for (Index i = 0; i < count_; ++i)
            for (Index j = 0; j < static_cast<Index>(config_.context); ++j)
                embedding_.backward(this->token(i, j), dx_.col(i).segment(j * e, e));
        out_.update(), hidden_.update(), embedding_.update();
    }

    Table embedding_;
    Linear<Order> hidden_;
    MatrixXf x_, dx_, h_, d_;
};

template <int Order> class Rnn : public Model<Order> {
    using Base = Model<Order>;
    using Base::config_, Base::count_, Base::data_, Base::logits_, Base::out_, Base::rate_, Base::rows_, Base::time_,
        Base::trains_;

  public:
    explicit Rnn(const Workload &w)
        : Base(w), in_(values(find(data_, "weight_ih_l0")), rate_), hidden_(data_, "weight_hh_l0", "bias_l0", rate_),
          h_(MatrixXf::Zero(config_.hidden, rows_ + count_)), d_(config_.hidden, count_) {
        if (!trains_) in_.w.colwise() += hidden_.b;
    }

  private:
    Columns forward() override {
        h_.leftCols(rows_) = MatrixXf(h_.rightCols(rows_));
        for (Index i = 0; i < count_; ++i)
            if (trains_)
                h_.col(rows_ + i) = in_.w.col(this->token(i)) + hidden_.b;
            else
                h_.col(rows_ + i) = in_.w.col(this->token(i));
        for (Index t = 0; t < time_; ++t) {
            auto now = h_.middleCols((t + 1) * rows_, rows_);
            add_product(now, hidden_.w, h_.middleCols(t * rows_, rows_));
            now = now.array().tanh();
        }
        return {h_.col(rows_).data(), h_.rows(), count_};
    }

    void backward(const Columns &h) override {
        set_product(d_, out_.w.transpose(), logits_);
        out_.backward(logits_, h);
        for (Index t = time_; t-- > 0;) {
            auto now = d_.middleCols(t * rows_, rows_);
            if (t + 1 < time_) add_product(now, hidden_.w.transpose(), d_.middleCols((t + 1) * rows_, rows_));
            now.array() *= 1 - h.middleCols(t * rows_, rows_).array().square();
        }
        hidden_.backward(d_, h_.leftCols(count_));
        in_.begin();
        for (Index i = 0; i < count_; ++i) in_.backward(this->token(i), d_.col(i));
        out_.update(), hidden_.update(), in_.update();
    }

    Table in_;
    Linear<Order> hidden_;
    MatrixXf h_, d_;
};

template <int Order> std::unique_ptr<Task> make_cell(const Workload &w) {
    if (w.config.cell == MOTE_CELL_RECURRENT) return std::make_unique<Rnn<Order>>(w);
    return std::make_unique<Mlp<Order>>(w);
}

std::unique_ptr<Task> make_task(const Workload &w) {
    if (w.multiplies() || w.config.cell == MOTE_CELL_NONE || w.config.layers > 1) return nullptr;
    return idiom.by_rows ? make_cell<Eigen::RowMajor>(w) : make_cell<Eigen::ColMajor>(w);
}

} // namespace

int main(int argc, char **argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        idiom.by_rows = idiom.by_rows || word == "rows";
        idiom.vectors = idiom.vectors || word == "vectors";
        idiom.in_place = idiom.in_place || word == "in-place";
    }
    return run_adapter(eigen_version(), make_task);
}
