#include "oracle.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace mote_test {

namespace {

using Vector = std::vector<Value>;

Vector leaves(Tape &tape, const std::vector<double> &numbers) {
    Vector made;
    for (const double number : numbers) made.push_back(tape.leaf(number));
    return made;
}

/* sums[o] += sum_k weights[o][k] * x[k] */
void add_product(Vector &sums, const Grid<Value> &weights, const Vector &x) {
    for (uint32_t o = 0; o < weights.rows; ++o)
        for (uint32_t k = 0; k < weights.columns; ++k) sums[o] = sums[o] + weights.at(o, k) * x[k];
}

class Network {
  public:
    Network(const OracleModel &model, const OracleTask &task) : model_(model), task_(task) {
        for (const Grid<double> &tensor : model.tensors)
            tensors_.push_back({tensor.rows, tensor.columns, leaves(tape_, tensor.cells)});
        const mote_config &config = model.config;
        if (config.cell == MOTE_CELL_NONE || config.cell == MOTE_CELL_DENSE) return;
        hidden_.resize(config.layers);
        for (uint32_t l = 0; l < config.layers; ++l)
            for (uint32_t b = 0; b < task.batch; ++b) hidden_[l].push_back(initial(l, b));
    }

    OracleResult run() {
        OracleResult result;
        result.logits = {task_.batch * task_.time, model_.config.vocab, {}};
        result.logits.cells.resize(size_t{result.logits.rows} * result.logits.columns);
        Value total = tape_.leaf(0);
        uint32_t counted = 0;
        for (uint32_t t = 0; t < task_.time; ++t) {
            for (uint32_t b = 0; b < task_.batch; ++b) {
                const uint32_t place = b * task_.time + t;
                const Vector logits = predict(b, t);
                for (uint32_t v = 0; v < logits.size(); ++v) result.logits.at(place, v) = logits[v].estimate();
                if (task_.targets[place] == MOTE_IGNORE) continue;
                total = total + surprise(logits, task_.targets[place]);
                ++counted;
            }
        }
        if (task_.loss == MOTE_LOSS_MEAN && counted > 0) total = total * tape_.leaf(counted).pow(-1);
        tape_.backward(total);
        collect(total, result);
        return result;
    }

  private:
    Vector initial(uint32_t layer, uint32_t row) {
        const uint32_t width = model_.config.hidden;
        Vector state;
        for (uint32_t j = 0; j < width; ++j) {
            const Estimate from =
                task_.state.empty() ? Estimate{} : task_.state[(size_t{layer} * task_.batch + row) * width + j];
            state.push_back(tape_.leaf(from));
        }
        return state;
    }

    const Grid<Value> &tensor(const std::string &name) const {
        const auto found = std::find(model_.names.begin(), model_.names.end(), name);
        return tensors_.at(static_cast<size_t>(found - model_.names.begin()));
    }

    /* The logits of the character after the t-th of a row. */
    Vector predict(uint32_t row, uint32_t t) {
        const uint32_t context = std::max(1u, model_.config.context);
        const auto first = task_.tokens.begin() + row * (context + task_.time - 1) + t;
        if (model_.config.cell == MOTE_CELL_DENSE) return read_window({first, first + context});
        if (model_.config.cell != MOTE_CELL_NONE) return step(row, *first);
        Vector logits;
        for (uint32_t v = 0; v < model_.config.vocab; ++v) logits.push_back(tensor("logits").at(*first, v));
        return logits;
    }

    Vector activate(Vector sums) const {
        for (Value &sum : sums) sum = model_.config.activation == MOTE_TANH ? sum.tanh() : sum.relu();
        return sums;
    }

    /* The characters of a context, the oldest first. */
    Vector read_window(std::vector<uint16_t> window) const {
        const auto last_boundary = std::find(window.rbegin(), window.rend(), 0);
        if (model_.boundary) std::fill(last_boundary, window.rend(), uint16_t{0});
        Vector x;
        for (const uint16_t token : window)
            for (uint32_t e = 0; e < model_.config.embed; ++e) x.push_back(tensor("embedding").at(token, e));
        for (uint32_t l = 0; l < model_.config.layers; ++l) {
            Vector sums = tensor("bias_l" + std::to_string(l)).cells;
            add_product(sums, tensor("weight_l" + std::to_string(l)), x);
            x = activate(sums);
        }
        return output(x);
    }

    Vector output(const Vector &x) const {
        Vector logits = tensor("bias_out").cells;
        add_product(logits, tensor("weight_out"), x);
        return logits;
    }

    /* One character of one row; returns its logits. */
    Vector step(uint32_t row, uint16_t token) {
        Vector x;
        if (model_.config.embed != 0) {
            const Grid<Value> &embedding = tensor("embedding");
            for (uint32_t e = 0; e < embedding.columns; ++e) x.push_back(embedding.at(token, e));
        }
        for (uint32_t l = 0; l < model_.config.layers; ++l) {
            const std::string suffix = "_l" + std::to_string(l);
            const auto read = [&](Vector &sums, const std::string &name) {
                const Grid<Value> &input = tensor(name + suffix);
                if (l != 0 || model_.config.embed != 0) return add_product(sums, input, x);
                for (uint32_t o = 0; o < input.rows; ++o) sums[o] = sums[o] + input.at(o, token);
            };
            const bool gated = model_.config.cell == MOTE_CELL_GATED;
            hidden_[l][row] = x = gated
                                      ? gated_unit(suffix, read, hidden_[l][row])
                                      : activate(both(suffix, "bias", "weight_ih", "weight_hh", read, hidden_[l][row]));
        }
        return output(x);
    }

    /* bias + weights of the input x + weights of the state h; `read` adds the input's. */
    template <typename Read>
    Vector both(const std::string &suffix, const char *bias, const char *input, const char *state, const Read &read,
                const Vector &h) const {
        Vector sums = tensor(bias + suffix).cells;
        read(sums, input);
        add_product(sums, tensor(state + suffix), h);
        return sums;
    }

    template <typename Read> Vector gated_unit(const std::string &suffix, const Read &read, const Vector &h) const {
        const Vector reset = both(suffix, "bias_ir", "weight_ir", "weight_hr", read, h);
        const Vector update = both(suffix, "bias_iz", "weight_iz", "weight_hz", read, h);
        Vector candidate = tensor("bias_in" + suffix).cells, of_state = tensor("bias_hn" + suffix).cells, next;
        read(candidate, "weight_in");
        add_product(of_state, tensor("weight_hn" + suffix), h);
        for (size_t i = 0; i < h.size(); ++i) {
            const Value n = (candidate[i] + reset[i].sigmoid() * of_state[i]).tanh();
            next.push_back(n + update[i].sigmoid() * (h[i] - n));
        }
        return next;
    }

    /* -ln softmax(logits)[target]; the maximum is a constant that cancels. */
    static Value surprise(const Vector &logits, uint16_t target) {
        double highest = logits[0].value();
        for (const Value &logit : logits) highest = std::max(highest, logit.value());
        Value sum = (logits[0] + -highest).exp();
        for (size_t v = 1; v < logits.size(); ++v) sum = sum + (logits[v] + -highest).exp();
        return sum.log() - (logits[target] + -highest);
    }

    void collect(Value total, OracleResult &result) const {
        result.loss = total.estimate();
        for (const Grid<Value> &tensor : tensors_) {
            Grid<Estimate> gradient{tensor.rows, tensor.columns, {}};
            for (const Value &cell : tensor.cells) gradient.cells.push_back(cell.gradient());
            result.gradients.push_back(gradient);
        }
        for (const std::vector<Vector> &layer : hidden_)
            for (const Vector &row : layer)
                for (const Value &cell : row) result.state.push_back(cell.estimate());
    }

    const OracleModel &model_;
    const OracleTask &task_;
    Tape tape_;
    std::vector<Grid<Value>> tensors_;
    std::vector<std::vector<Vector>> hidden_; /* [layer][row] */
};

bool within(float ours, const Estimate &oracle) {
    return std::fabs(static_cast<double>(ours) - oracle.value) <= oracle.allowance();
}

std::string mismatch(const std::string &what, float ours, const Estimate &oracle) {
    char text[200];
    std::snprintf(text, sizeof text, "%s: %.9g instead of %.9g ± %.3g", what.c_str(), static_cast<double>(ours),
                  oracle.value, oracle.allowance());
    return text;
}

} // namespace

OracleModel read_model(const mote_model *model) {
    OracleModel read;
    mote_vocab vocab{};
    if (mote_model_config(model, &read.config) != MOTE_OK || mote_model_vocab(model, &vocab) != MOTE_OK) return read;
    read.boundary = vocab.boundary != 0;
    mote_tensor tensor{};
    for (uint32_t index = 0; mote_model_tensor(model, index, &tensor) == MOTE_OK; ++index) {
        Grid<double> grid{tensor.shape[0], tensor.shape[1], {}};
        for (uint32_t r = 0; r < grid.rows; ++r)
            for (uint32_t c = 0; c < grid.columns; ++c)
                grid.cells.push_back(static_cast<double>(mote_tensor_at(&tensor, r, c)));
        read.names.emplace_back(tensor.name);
        read.tensors.push_back(grid);
    }
    return read;
}

OracleResult run_oracle(const OracleModel &model, const OracleTask &task) { return Network(model, task).run(); }

std::string disagreement(const mote_model *model, const float *gradients, float loss, const OracleResult &oracle) {
    if (!within(loss, oracle.loss)) return mismatch("loss", loss, oracle.loss);
    mote_tensor tensor{};
    uint32_t index = 0;
    for (; mote_model_tensor(model, index, &tensor) == MOTE_OK; ++index) {
        if (index >= oracle.gradients.size()) break;
        const Grid<Estimate> &expected = oracle.gradients[index];
        tensor.data = gradients + tensor.offset;
        for (uint32_t r = 0; r < expected.rows; ++r) {
            for (uint32_t c = 0; c < expected.columns; ++c) {
                const float ours = mote_tensor_at(&tensor, r, c);
                if (within(ours, expected.at(r, c))) continue;
                const std::string cell = "[" + std::to_string(r) + "][" + std::to_string(c) + "]";
                return mismatch(tensor.name + cell, ours, expected.at(r, c));
            }
        }
    }
    return index == oracle.gradients.size() ? "" : "another number of tensors";
}

} // namespace mote_test
