// A model: its configuration, its characters and where its tensors are.
#ifndef MOTE_MODEL_H
#define MOTE_MODEL_H

#include "arena.h"
#include "tensors.h"

// What it refers to lies in a blob, or in RAM behind the handle: code points, then the tensors. Offsets count bytes
// from `base`, so that the handle is as large on 32 bits as on 64.
struct mote_model {
    const unsigned char *base; // the blob, or the handle of a model in RAM
    mote::Config config;
    uint32_t tensor_offsets;         // where the offsets of the tensors are: 32 bits each,
    uint32_t tensor_offset_distance; // this many bytes apart, as in a blob's tensor table
    uint32_t code_points;            // 0: a model without characters
    uint32_t boundary;               // 1: token 0 is the boundary between items
    uint32_t selftest;               // the self-test section of a blob; 0: there is none
};

namespace mote {

static_assert(sizeof(mote_model) <= MOTE_SZ_MODEL_HANDLE, "the model's handle is larger than its size macro says");

inline bool is_in_ram(const mote_model &model) { return model.base == reinterpret_cast<const unsigned char *>(&model); }

// The distance of offsets of 64 bits, which reach all of memory (model_adapter.h); on 32 bits their low half does.
constexpr uint32_t kWideOffsets = 8;

// The elements of a tensor, of the type that its TensorSpec says.
inline const void *tensor_data(const mote_model &model, uint32_t index) {
    const uint32_t at = model.tensor_offsets + index * model.tensor_offset_distance;
    const uint32_t *const entry = at_offset<uint32_t>(model.base, at);
    uint64_t offset = *entry;
    if (sizeof(void *) > 4 && model.tensor_offset_distance == kWideOffsets) offset |= uint64_t{entry[1]} << 32;
    return reinterpret_cast<const void *>(reinterpret_cast<uintptr_t>(model.base) + static_cast<uintptr_t>(offset));
}

// What a tensor of this model is: of the type that it has here.
inline TensorSpec spec_of(const mote_model &model, uint32_t index) { return tensor_spec(model.config, index); }

// A tensor of weights as a matrix; a vector's rows are 1.
inline cpu::ConstMat weight(const mote_model &model, Role role, uint32_t layer) {
    return {static_cast<const float *>(tensor_data(model, tensor_index(model.config, role, layer))),
            size_t{stored_rows(model.config, role, layer)} * cpu::kLanes};
}

// A tensor of a model with integer weights: of these the first panel, or of an embedding the first row.
MOTE_INLINE_OR_ONE_COPY const int8_t *integer_weight(const mote_model &model, Role role, uint32_t layer) {
    return static_cast<const int8_t *>(tensor_data(model, tensor_index(model.config, role, layer)));
}
// The scales of a model with integer weights and layers: of the embedding, or 1, then of each layer's activations.
inline const float *scales_of(const mote_model &model) {
    return reinterpret_cast<const float *>(integer_weight(model, Role::Scales, 0));
}

inline mote_vocab vocab_of(const mote_model &model) {
    if (model.code_points == 0) return {nullptr, 0, 0};
    return {at_offset<uint32_t>(model.base, model.code_points), model.config.vocab, model.boundary};
}

// The flat array of a model in RAM, of whatever tensors.
float *flat_weights(mote_model *model);

// A model in RAM of zero weights, and with characters where there are some.
mote_status make_model(mote_model **model, mote_arena *arena, const Config &config, const mote_vocab &vocab);
// Copies characters and tensors of a model into one in RAM of the same configuration.
void copy_contents(mote_model *copy, const mote_model &model);

} // namespace mote

#endif
