#include "tensors.h"

namespace mote {
namespace {

// The tensors in table order: embedding if any, then each layer's, then the output's two, and scales if any.
MOTE_INLINE_OF_CONFIG Role role_at(const Config &c, uint32_t index, uint8_t *layer, uint8_t *place) {
    *layer = *place = 0;
    if (c.layers == 0) return Role::Table;
    const LayerTensors tensors = layer_tensors(c);
    const uint32_t first = before_layers(c), each = tensors.count;
    if (index < first) return Role::Embedding;
    const uint32_t i = index - first;
    if (i >= each * c.layers) return static_cast<Role>(static_cast<uint32_t>(Role::Output) + i - each * c.layers);
    *layer = static_cast<uint8_t>(i / each);
    *place = static_cast<uint8_t>(i % each);
    if (*place >= tensors.biases) return Role::Bias;
    return *place >= tensors.recurrent ? Role::Recurrent : Role::Input;
}

// By precision, in the order of the roles.
constexpr uint8_t layouts[][8] = {
    {MOTE_LAYOUT_PANELS, MOTE_LAYOUT_PANELS, MOTE_LAYOUT_PANELS_OUT_IN, MOTE_LAYOUT_PANELS_OUT_IN, MOTE_LAYOUT_VECTOR,
     MOTE_LAYOUT_PANELS_OUT_IN, MOTE_LAYOUT_VECTOR, MOTE_LAYOUT_VECTOR},
    {MOTE_LAYOUT_INT8_IN_OUT, MOTE_LAYOUT_INT8_ROWS, MOTE_LAYOUT_INT8_OUT_IN, MOTE_LAYOUT_INT8_OUT_IN,
     MOTE_LAYOUT_VECTOR, MOTE_LAYOUT_INT8_OUT_IN, MOTE_LAYOUT_VECTOR, MOTE_LAYOUT_VECTOR},
    {MOTE_LAYOUT_INT4_IN_OUT, MOTE_LAYOUT_INT8_ROWS, MOTE_LAYOUT_INT4_OUT_IN, MOTE_LAYOUT_INT4_OUT_IN,
     MOTE_LAYOUT_VECTOR, MOTE_LAYOUT_INT4_OUT_IN, MOTE_LAYOUT_VECTOR, MOTE_LAYOUT_VECTOR}};
static_assert(sizeof layouts / sizeof *layouts == MOTE_PRECISION_COUNT && uint32_t{MOTE_ROLE_SCALES} == 7,
              "one for each precision and role");

MOTE_INLINE_OF_CONFIG uint32_t stored_columns(const Config &c, Role role) {
    switch (role) {
    case Role::Table:
    case Role::Output:
    case Role::OutputBias:
        return c.vocab;
    case Role::Embedding:
        return c.embed;
    case Role::Scales:
        return c.layers + 1;
    default:
        return c.hidden;
    }
}

// All of a tensor but where it begins; what it takes.
MOTE_INLINE_OF_CONFIG uint64_t describe_tensor(const Config &c, uint32_t index, TensorSpec *spec) {
    spec->role = role_at(c, index, &spec->layer, &spec->place);
    spec->layout = layouts[c.precision][static_cast<uint32_t>(spec->role)];
    spec->rows = stored_rows(c, spec->role, spec->layer);
    spec->columns = stored_columns(c, spec->role);
    const uint64_t units = stored_units(spec->layout, spec->rows, spec->columns);
    spec->units = static_cast<uint32_t>(units);
    return units;
}

#if defined(MOTE_ONLY_MODEL)

constexpr TensorTable table_of(const Config &c) {
    TensorTable table{};
    for (uint32_t i = 0; i < kOnlyTensors; ++i) {
        table.of[i].offset = static_cast<uint32_t>(table.units);
        table.units += describe_tensor(c, i, &table.of[i]);
    }
    table.units = (table.units + 15) / 16 * 16;
    return table;
}

} // namespace

constexpr TensorTable kOnlyTable = table_of(kOnlyConfig);
static_assert(kOnlyTable.units == MOTE_WEIGHTS(MOTE_SHAPE_OF(kOnlyModel)), "the table and the formula disagree");

#else

// A tensor; where it ends, in units of 4 bytes.
MOTE_NOINLINE uint64_t find_tensor(const Config &c, uint32_t index, TensorSpec *spec) {
    uint64_t end = 0;
    for (uint32_t i = 0; i <= index; ++i) {
        spec->offset = static_cast<uint32_t>(end);
        end += describe_tensor(c, i, spec);
    }
    return end;
}

} // namespace

uint32_t tensor_count(const Config &c) { return static_cast<uint32_t>(MOTE_TENSORS(MOTE_SHAPE_OF(c))); }

TensorSpec tensor_spec(const Config &c, uint32_t index) {
    TensorSpec spec;
    find_tensor(c, index, &spec);
    return spec;
}

uint64_t weight_count(const Config &c) {
    TensorSpec last;
    return (find_tensor(c, tensor_count(c) - 1, &last) + 15) / 16 * 16;
}

#endif

void tensor_name(const Config &c, const TensorSpec &spec, char name[24]) {
    static constexpr char stems[][12] = {"logits",     "embedding", "weight_ih_l", "weight_hh_l", "bias_l",
                                         "weight_out", "bias_out",  "scales",      "bias_ih_l"};
    const char *stem = stems[static_cast<uint32_t>(spec.role)];
    const bool gated = c.cell == MOTE_CELL_GATED;
    if (gated && spec.role == Role::Bias) stem = stems[8];
    // With one matrix a layer there is nothing to tell apart.
    if (spec.role == Role::Input && !is_recurrent(c)) stem = "weight_l";
    uint32_t n = 0;
    for (; stem[n] != 0; ++n) name[n] = stem[n];
    if (spec.role >= Role::Input && spec.role <= Role::Bias) {
        if (gated) {
            // The candidate's part of the input first and its part of the state last: what both products add to, the
            // gates' sums, then lies between what each of them computes alone (cell_gated.cpp).
            name[n - 3] = "nrzrznnrzn"[spec.place];
            if (spec.place == 9) name[n - 4] = 'h';
        }
        if (spec.layer >= 10) name[n++] = static_cast<char>('0' + spec.layer / 10);
        name[n++] = static_cast<char>('0' + spec.layer % 10);
    }
    for (; n < 24; ++n) name[n] = 0;
}

} // namespace mote

using namespace mote;

extern "C" {

uint32_t mote_tensor_count(const mote_config *config) {
    return config != nullptr && valid(*config) ? tensor_count(known(*config)) : 0;
}

mote_status mote_tensor_describe(const mote_config *config, uint32_t index, mote_tensor *tensor) {
    if (config == nullptr || tensor == nullptr || !valid(*config) || index >= tensor_count(known(*config)))
        return MOTE_ERR_ARG;
    const TensorSpec &spec = tensor_spec(known(*config), index);
    tensor_name(known(*config), spec, tensor->name);
    tensor->role = static_cast<uint32_t>(spec.role);
    tensor->layer = spec.layer;
    tensor->type = spec.type();
    tensor->layout = spec.layout;
    tensor->shape[0] = spec.shape(0);
    tensor->shape[1] = spec.shape(1);
    tensor->offset = spec.offset;
    tensor->count = spec.count();
    tensor->data = nullptr;
    tensor->scale = nullptr;
    return MOTE_OK;
}

float mote_tensor_at(const mote_tensor *tensor, uint32_t row, uint32_t column) {
    TensorSpec spec{};
    spec.layout = static_cast<uint8_t>(tensor->layout);
    const bool transposed = spec.is_transposed();
    spec.rows = tensor->shape[transposed ? 1 : 0];
    spec.columns = tensor->shape[transposed ? 0 : 1];
    const float *const floats = static_cast<const float *>(tensor->data);
    const uint32_t input = transposed ? column : row, output = transposed ? row : column;
    const size_t index = spec.stored_index(input, output);
    if (!spec.is_quantized()) return floats[index];
    const float scale = spec.has_scales() ? floats[spec.scale_at(output)] : *tensor->scale;
    const int32_t integer = spec.type() == MOTE_TYPE_I4 ? int4_weight(tensor->data, input, output, spec.rows)
                                                        : static_cast<const int8_t *>(tensor->data)[index];
    return static_cast<float>(integer) * scale;
}
}
