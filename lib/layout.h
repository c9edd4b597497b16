// From a model's description to every tensor's name, shape and place, and to every size: the one place that knows them.
#ifndef MOTE_LAYOUT_H
#define MOTE_LAYOUT_H

#include "kernels.h"
#include "mote.h"

namespace mote {

// Table: of a bigram. Hidden: from layer to layer of an MLP. Input, Recurrent: of an RNN.
enum class Role : uint32_t { Table, Embedding, Hidden, Input, Recurrent, Bias, Output, OutputBias };

struct TensorSpec {
    Role role;
    uint32_t layer;
    uint32_t layout;        // MOTE_LAYOUT_…
    uint32_t rows, columns; // as stored: panels of 16 columns, each with all rows
    uint32_t offset;        // in floats, from the first weight
    uint32_t count() const { return rows * static_cast<uint32_t>(MOTE_PAD16(columns)); }
    // The logical shape: [out][in] is stored turned over.
    uint32_t shape(uint32_t dimension) const {
        const bool turned = layout != MOTE_LAYOUT_PANELS;
        return (dimension == 0) == turned ? columns : rows;
    }
    // Where element [row][column] of the logical shape is stored, from the tensor's first float.
    size_t index(uint32_t row, uint32_t column) const {
        const bool turned = layout != MOTE_LAYOUT_PANELS;
        const size_t r = turned ? column : row, c = turned ? row : column;
        return (c / cpu::kLanes * rows + r) * cpu::kLanes + c % cpu::kLanes;
    }
};

constexpr uint32_t kMaxTensors = 1 + 3 * MOTE_MAX_LAYERS + 2;

constexpr uint32_t kSelftestBytes = 320; // of a self-test's results, in the scratch

bool valid(const mote_config &config);
bool same_config(const mote_config &a, const mote_config &b);
uint32_t tensor_count(const mote_config &config);
TensorSpec tensor_spec(const mote_config &config, uint32_t index);
uint32_t tensor_index(const mote_config &config, Role role, uint32_t layer);
void tensor_name(const TensorSpec &spec, char name[24]);

// What the first layer reads.
inline uint32_t input_width(const mote_config &c) {
    if (c.arch == MOTE_MLP) return c.context * c.embed;
    return c.embed != 0 ? c.embed : c.vocab;
}
// Tokens of a row of a batch: an MLP's first prediction has a whole context before it.
inline uint32_t row_tokens(const mote_config &c, uint32_t time) { return time + (c.context > 1 ? c.context - 1 : 0); }
// Floats of hidden state that a batch leaves to the next.
inline uint64_t carried(const mote_config &c, uint32_t batch) {
    return c.arch == MOTE_RNN ? uint64_t{c.layers} * batch * MOTE_PAD16(c.hidden) : 0;
}
inline uint32_t pad(uint32_t n) { return static_cast<uint32_t>(MOTE_PAD16(n)); }

// In 64 bits, before the limit of 2^32 - 1.
uint64_t weight_count(const mote_config &config);
uint64_t model_bytes(const mote_config &config);
uint64_t state_bytes(const mote_config &config);
uint64_t scratch_bytes(const mote_config &config);
uint64_t blob_bytes(const mote_config &config);
uint64_t trainer_bytes(const mote_config &config, const mote_train_config &train);
uint64_t transposed_count(const mote_config &config);
// Without a best model's weights.
uint64_t checkpoint_bytes(const mote_config &config, const mote_train_config &train);

} // namespace mote

#endif
