// The table of a configuration's tensors: which there are, in which order, their shapes, and where they lie in the flat
// array of weights. Initialization, format, hash and layers all go by it; mote_tensor_describe() shows it to programs.
#ifndef MOTE_TENSORS_H
#define MOTE_TENSORS_H

#include "config.h"

namespace mote {

// Table: the logits of a model without hidden layers. Input, Recurrent, Bias: of a hidden layer.
enum class Role : uint8_t { Table, Embedding, Input, Recurrent, Bias, Output, OutputBias, Scales };

// Where an element of a matrix with so many rows lies in its panels, of which each has all rows and 16 columns.
constexpr size_t panel_index(size_t row, size_t column, uint32_t rows) {
    return (column / cpu::kLanes * rows + row) * cpu::kLanes + column % cpu::kLanes;
}

// The largest scale of an output: 127 times it is finite.
constexpr float kLargestScale = 0x1p121f;
constexpr size_t kScaleBytes = cpu::kLanes * sizeof(float); // of a panel of integers

// Panels of integers (kernel_types.h): where the weight from an input to an output lies, in bytes; of 4 bits in halves
// of bytes, the low half first, as the integer of an input's group does; and where an output's scale lies, in floats.
constexpr size_t int8_index(uint32_t input, uint32_t output, uint32_t inputs) {
    return output / cpu::kLanes * cpu::quant_panel_bytes(inputs) + kScaleBytes + size_t{input} / 4 * cpu::kQuadBytes +
           output % cpu::kLanes * 4 + input % 4;
}
constexpr size_t int4_index(uint32_t input, uint32_t output, uint32_t inputs) {
    return 2 * (output / cpu::kLanes * cpu::quant4_panel_bytes(inputs) + kScaleBytes + cpu::quant4_group_bytes(inputs) +
                size_t{input} / 8 * cpu::kQuadBytes + output % cpu::kLanes * 4 + input % 4) +
           input / 4 % 2;
}
constexpr size_t int4_group(uint32_t input, uint32_t output, uint32_t inputs) {
    return 2 * (output / cpu::kLanes * cpu::quant4_panel_bytes(inputs) + kScaleBytes +
                size_t{input} / cpu::kQuant4Group * (cpu::kLanes / 2) + output % (cpu::kLanes / 2)) +
           output % cpu::kLanes / (cpu::kLanes / 2);
}
constexpr size_t scale_index(uint32_t output, size_t panel_bytes) {
    return output / cpu::kLanes * (panel_bytes / sizeof(float)) + output % cpu::kLanes;
}
inline uint32_t half_at(const void *data, size_t index) {
    const uint32_t byte = static_cast<const uint8_t *>(data)[index / 2];
    return index % 2 == 0 ? byte & 15 : byte >> 4;
}
// A weight of 4 bits, and times its group's integer.
inline int32_t int4_integer(const void *data, uint32_t input, uint32_t output, uint32_t inputs) {
    return static_cast<int32_t>(half_at(data, int4_index(input, output, inputs))) - 8;
}
inline int32_t int4_weight(const void *data, uint32_t input, uint32_t output, uint32_t inputs) {
    return int4_integer(data, input, output, inputs) *
           static_cast<int32_t>(half_at(data, int4_group(input, output, inputs)));
}

static_assert(uint32_t{MOTE_TYPE_F32} == MOTE_PRECISION_FLOAT32 && uint32_t{MOTE_TYPE_I8} == MOTE_PRECISION_INT8 &&
                  uint32_t{MOTE_TYPE_I4} == MOTE_PRECISION_INT4,
              "a type is the precision whose matrices have it");

MOTE_INLINE_OF_CONFIG uint32_t type_of_layout(uint32_t layout) {
    return layout <= MOTE_LAYOUT_PANELS ? MOTE_TYPE_F32 : layout <= MOTE_LAYOUT_INT8_ROWS ? MOTE_TYPE_I8 : MOTE_TYPE_I4;
}
// What so many columns and rows of a layout take, in units of 4 bytes: of rows of int8 four are one. In 64 bits, as
// that of a configuration too large to be valid may be above 2^32.
MOTE_OF_CONFIG uint64_t stored_units(uint32_t layout, uint32_t rows, uint32_t columns) {
    return uint64_t{pad(columns)} *
           (layout == MOTE_LAYOUT_INT8_ROWS ? (rows + 3) / 4 * 4 : panel_units(type_of_layout(layout), rows)) / 4;
}

struct TensorSpec {
    Role role;
    uint8_t layer, place;   // and where among its layer's tensors it stands
    uint8_t layout;         // MOTE_LAYOUT_…
    uint32_t rows, columns; // as stored
    uint32_t offset, units; // in units of 4 bytes: from the first tensor, and what it takes

    uint32_t type() const { return type_of_layout(layout); }
    bool is_quantized() const { return layout > MOTE_LAYOUT_PANELS; }
    // Whether columns have scales of their own.
    __attribute__((always_inline)) bool has_scales() const { return is_quantized() && layout != MOTE_LAYOUT_INT8_ROWS; }
    size_t scale_at(uint32_t column) const {
        return scale_index(column, kPanelUnit * size_t{panel_units(type(), rows)});
    }
    uint32_t count() const { return units; }
    uint32_t bytes() const { return 4 * units; }
    // [out][in] is stored transposed.
    bool is_transposed() const {
        return layout <= MOTE_LAYOUT_PANELS_OUT_IN || layout == MOTE_LAYOUT_INT8_OUT_IN ||
               layout == MOTE_LAYOUT_INT4_OUT_IN;
    }
    // The logical shape.
    uint32_t shape(uint32_t dimension) const { return (dimension == 0) == is_transposed() ? columns : rows; }
    // Where an element of what is stored lies, counted in elements.
    size_t stored_index(uint32_t row, uint32_t column) const {
        if (layout == MOTE_LAYOUT_INT8_ROWS) return size_t{row} * pad(columns) + column;
        if (type() == MOTE_TYPE_I4) return int4_index(row, column, rows);
        return is_quantized() ? int8_index(row, column, rows) : panel_index(row, column, rows);
    }
    // The same of element [row][column] of the logical shape.
    size_t index(uint32_t row, uint32_t column) const {
        return is_transposed() ? stored_index(column, row) : stored_index(row, column);
    }
};

#if defined(MOTE_ONLY_MODEL)
constexpr uint32_t kOnlyTensors = static_cast<uint32_t>(MOTE_TENSORS(MOTE_SHAPE_OF(kOnlyModel)));
struct TensorTable {
    TensorSpec of[kOnlyTensors];
    uint64_t units; // of all
};
extern const TensorTable kOnlyTable;

inline uint32_t tensor_count(const Config &) { return kOnlyTensors; }
inline const TensorSpec &tensor_spec(const Config &, uint32_t index) { return kOnlyTable.of[index]; }
#else
uint32_t tensor_count(const Config &config);
TensorSpec tensor_spec(const Config &config, uint32_t index);
#endif
// What all of them take in units of 4 bytes, MOTE_WEIGHTS(): in 64 bits, as it may be of a configuration too large to
// be valid. That formula takes 200 bytes of code more than the table.
#if defined(MOTE_ONLY_MODEL)
inline uint64_t weight_count(const Config &) { return MOTE_WEIGHTS(MOTE_SHAPE_OF(kOnlyModel)); }
#else
uint64_t weight_count(const Config &config);
#endif
inline uint32_t weight_bytes(const Config &c) { return 4 * static_cast<uint32_t>(weight_count(c)); }
// Tensors before the first hidden layer's.
MOTE_INLINE_OF_CONFIG uint32_t before_layers(const Config &c) { return c.embed != 0 ? 1 : 0; }
// The tensors of a hidden layer: how many, and where those of role Recurrent and Bias begin; those of Input are first.
// Several of a role lie one directly behind the other and are used as one matrix: the columns of each, padded, in turn.
struct LayerTensors {
    uint32_t count, recurrent, biases;
};
MOTE_INLINE_OF_CONFIG LayerTensors layer_tensors(const Config &c) {
    const uint32_t count = MOTE_SZ_LAYER_TENSORS(c.cell);
    return {count, MOTE_SZ_MATRICES(c.cell), count - MOTE_SZ_BIASES(c.cell)};
}
// The first tensor of a role.
MOTE_OF_CONFIG uint32_t tensor_index(const Config &c, Role role, uint32_t layer) {
    if (role == Role::Table || role == Role::Embedding) return 0;
    const LayerTensors tensors = layer_tensors(c);
    const uint32_t first = before_layers(c);
    if (role >= Role::Output)
        return first + tensors.count * c.layers + (static_cast<uint32_t>(role) - static_cast<uint32_t>(Role::Output));
    return first + tensors.count * layer +
           (role == Role::Bias        ? tensors.biases
            : role == Role::Recurrent ? tensors.recurrent
                                      : 0);
}
void tensor_name(const Config &config, const TensorSpec &spec, char name[24]);
// The rows of a tensor as stored: the inputs of a product, the characters of an embedding; 1 of a bias.
MOTE_OF_CONFIG uint32_t stored_rows(const Config &c, Role role, uint32_t layer) {
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
