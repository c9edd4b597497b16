#include "assemble.h"

#include "errors.h"

#include <cmath>

namespace mote::cli {

namespace {

constexpr double least_stored = 0x1p-40;
constexpr uint32_t lanes = 16; /* columns of a panel */

/* Which sizes of a tensor are the vocabulary. */
struct ByToken {
    bool rows, columns;
};

ByToken by_token(const mote_tensor &tensor, const mote_config &config) {
    switch (tensor.role) {
    case MOTE_ROLE_TABLE:
        return {true, true};
    case MOTE_ROLE_EMBEDDING:
    case MOTE_ROLE_OUTPUT:
    case MOTE_ROLE_OUTPUT_BIAS:
        return {true, false};
    default:
        return {false, config.input == MOTE_INPUT_ONE_HOT && tensor.role == MOTE_ROLE_INPUT && tensor.layer == 0};
    }
}

/* Where an element of a logical shape lies among the floats of a tensor (mote.h, mote_tensor). */
size_t place_of(const mote_tensor &tensor, uint32_t row, uint32_t column) {
    if (tensor.layout == MOTE_LAYOUT_VECTOR) return row;
    bool out_in = tensor.layout == MOTE_LAYOUT_PANELS_OUT_IN;
    uint32_t rows = out_in ? tensor.shape[1] : tensor.shape[0];
    uint32_t stored_row = out_in ? column : row, stored_column = out_in ? row : column;
    return (size_t{stored_column / lanes} * rows + stored_row) * lanes + stored_column % lanes;
}

std::string place_text(const Source &source, uint64_t row, uint64_t column) {
    row += source.first;
    if (source.tensor->shape.size() != 2) return "[" + std::to_string(row) + "]";
    if (source.transposed) std::swap(row, column);
    return "[" + std::to_string(row) + ", " + std::to_string(column) + "]";
}

double finite_at(const Source &source, uint64_t row, uint64_t column) {
    double value = source.at(row, column);
    if (!std::isfinite(static_cast<float>(value)))
        throw Failure("tensor \"" + source.tensor->name + "\" holds " +
                      (std::isfinite(value) ? formatted("%g, which no float can", value)
                       : std::isnan(value)  ? std::string("NaN")
                                            : std::string("infinity")) +
                      " at " + place_text(source, row, column));
    return value;
}

class Filler {
  public:
    Filler(const Plan &plan, const TokenOrder &order, Assembled &made) : plan_(plan), order_(order), made_(made) {
        size_t count = 0;
        weights_ = mote_model_weights(made.model, &count);
    }

    void fill(uint32_t index) {
        mote_tensor tensor;
        check(mote_model_tensor(made_.model, index, &tensor), "the model");
        const Planned &planned = plan_.tensors[index];
        ByToken tokens = by_token(tensor, plan_.config);
        for (uint32_t row = 0; row < planned.rows; ++row) {
            uint32_t from_row = tokens.rows ? order_.theirs[row] : row;
            for (uint32_t column = 0; column < planned.columns; ++column) {
                uint32_t from_column = tokens.columns ? order_.theirs[column] : column;
                weights_[tensor.offset + place_of(tensor, row, column)] = stored(planned, from_row, from_column);
            }
        }
    }

  private:
    float stored(const Planned &planned, uint32_t row, uint32_t column) {
        double sum = 0;
        for (const Source &source : planned.sources) sum += finite_at(source, row, column);
        float value = static_cast<float>(sum);
        if (!std::isfinite(value))
            throw Failure("tensor \"" + planned.sources[0].tensor->name +
                          "\" and what is added to it exceed a float at " +
                          place_text(planned.sources[0], row, column));
        if (std::fabs(static_cast<double>(value)) >= least_stored) return value;
        if (value != 0) ++made_.flushed;
        return 0;
    }

    const Plan &plan_;
    const TokenOrder &order_;
    Assembled &made_;
    float *weights_;
};

} // namespace

Assembled assemble(const Plan &plan, const TokenOrder &order) {
    Assembled made;
    made.arena = OwnArena(mote_model_bytes(&plan.config));
    mote_vocab vocab{order.code_points.data(), static_cast<uint32_t>(order.code_points.size()),
                     order.boundary ? 1u : 0u};
    mote_init zeros{};
    check(mote_model_random(&made.model, made.arena.get(), &plan.config, &vocab, &zeros, 0), "the model");
    Filler filler(plan, order, made);
    for (uint32_t i = 0; i < plan.tensors.size(); ++i) filler.fill(i);
    return made;
}

} // namespace mote::cli
