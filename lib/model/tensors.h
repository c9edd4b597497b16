// The table of a configuration's tensors: which there are, in which order, their shapes, and where they lie in the flat
// array of weights. Initialization, format, hash and layers all go by it; mote_tensor_describe() shows it to programs.
#ifndef MOTE_TENSORS_H
#define MOTE_TENSORS_H

#include "config.h"

namespace mote {

// Table: the logits of a model without hidden layers. Input, Recurrent, Bias: of a hidden layer.
enum class Role : uint32_t { Table, Embedding, Input, Recurrent, Bias, Output, OutputBias };

// Where an element of a matrix with so many rows lies in its panels, of which each has all rows and 16 columns.
constexpr size_t panel_index(size_t row, size_t column, uint32_t rows) {
    return (column / cpu::kLanes * rows + row) * cpu::kLanes + column % cpu::kLanes;
}

// An element of a tensor of a type as a number. There is one type so far.
inline float element(uint32_t, const void *data, size_t index) { return static_cast<const float *>(data)[index]; }

struct TensorSpec {
    Role role;
    uint32_t layer, place;  // and where among its layer's tensors it stands
    uint32_t layout;        // MOTE_LAYOUT_…
    uint32_t rows, columns; // as stored
    uint32_t offset;        // in floats, from the first weight

    // MOTE_TYPE_…, the same of all, so that what goes by it takes no code.
    uint32_t type() const { return MOTE_TYPE_F32; }
    __attribute__((always_inline)) uint32_t count() const { return rows * pad(columns); }
    uint32_t bytes() const { return MOTE_TYPE_BYTES(type()) * count(); }
    // [out][in] is stored transposed.
    bool is_transposed() const { return layout != MOTE_LAYOUT_PANELS; }
    // The logical shape.
    __attribute__((always_inline)) uint32_t shape(uint32_t dimension) const {
        return (dimension == 0) == is_transposed() ? columns : rows;
    }
    // Where element [row][column] of the logical shape is stored, from the tensor's first.
    size_t index(uint32_t row, uint32_t column) const {
        return is_transposed() ? panel_index(column, row, rows) : panel_index(row, column, rows);
    }
};

uint32_t tensor_count(const mote_config &config);
TensorSpec tensor_spec(const mote_config &config, uint32_t index);
// Tensors before the first hidden layer's.
inline uint32_t before_layers(const mote_config &c) { return c.embed != 0 ? 1 : 0; }
// The tensors of a hidden layer: how many, and where those of role Recurrent and Bias begin; those of Input are first.
// Several of a role lie one directly behind the other and are used as one matrix: the columns of each, padded, in turn.
struct LayerTensors {
    uint32_t count, recurrent, biases;
};
inline LayerTensors layer_tensors(const mote_config &c) {
    const uint32_t count = MOTE_SZ_LAYER_TENSORS(c.cell);
    return {count, MOTE_SZ_MATRICES(c.cell), count - MOTE_SZ_BIASES(c.cell)};
}
// The first tensor of a role. This and stored_rows() are pure, so that what asks twice, or for more than it needs, pays
// once for what it needs.
__attribute__((pure)) MOTE_INLINE_OR_ONE_COPY uint32_t tensor_index(const mote_config &c, Role role, uint32_t layer) {
    if (role == Role::Table || role == Role::Embedding) return 0;
    const LayerTensors tensors = layer_tensors(c);
    const uint32_t first = before_layers(c);
    if (role == Role::Output || role == Role::OutputBias)
        return first + tensors.count * c.layers + (role == Role::OutputBias ? 1 : 0);
    return first + tensors.count * layer +
           (role == Role::Bias        ? tensors.biases
            : role == Role::Recurrent ? tensors.recurrent
                                      : 0);
}
void tensor_name(const mote_config &config, const TensorSpec &spec, char name[24]);
// The rows of a tensor as stored: the inputs of a product, the characters of an embedding; 1 of a bias.
__attribute__((pure)) MOTE_INLINE_OR_ONE_COPY uint32_t stored_rows(const mote_config &c, Role role, uint32_t layer) {
    switch (role) {
    case Role::Table:
    case Role::Embedding:
        return c.vocab;
    case Role::Input:
        return layer == 0 ? input_width(c) : c.hidden;
    case Role::Recurrent:
    case Role::Output:
        return c.hidden;
    default:
        return 1;
    }
}

inline cpu::Mat matrix(float *data, size_t rows) { return {data, rows * cpu::kLanes}; }

} // namespace mote

#endif
