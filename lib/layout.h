// From a model's description to every tensor's name, shape and place, and to every size: the one place that knows them.
#ifndef MOTE_LAYOUT_H
#define MOTE_LAYOUT_H

#include "kernels.h"
#include "mote.h"

namespace mote {

enum class Role : uint32_t { Embedding, Input, Recurrent, Bias, Output, OutputBias };

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

bool valid(const mote_config &config);
uint32_t tensor_count(const mote_config &config);
TensorSpec tensor_spec(const mote_config &config, uint32_t index);
uint32_t tensor_index(const mote_config &config, Role role, uint32_t layer);
void tensor_name(const TensorSpec &spec, char name[24]);

inline uint32_t input_width(const mote_config &c) { return c.embed != 0 ? c.embed : c.vocab; }
inline uint32_t pad(uint32_t n) { return static_cast<uint32_t>(MOTE_PAD16(n)); }

// In 64 bits, before the limit of 2^32 - 1.
uint64_t weight_count(const mote_config &config);
uint64_t model_bytes(const mote_config &config);
uint64_t state_bytes(const mote_config &config);
uint64_t scratch_bytes(const mote_config &config);
uint64_t blob_bytes(const mote_config &config);
uint64_t trainer_bytes(const mote_config &config, const mote_train_config &train);
uint64_t checkpoint_bytes(const mote_config &config, const mote_train_config &train);

} // namespace mote

#endif
