#include "model_adapter.h"

#include <string.h>

#include "sizes.h"

namespace mote {

mote_status check_learned(const Config &c, uint32_t learned) {
    if (learned == 0 || learned > (MOTE_LEARN_OUTPUT | MOTE_LEARN_BIASES) || c.layers == 0) return MOTE_ERR_ARG;
    return is_quantized(c) && learned != MOTE_LEARN_OUTPUT ? MOTE_ERR_UNSUPPORTED : MOTE_OK;
}

uint32_t adapter_open_bytes(const Config &c) {
    return static_cast<uint32_t>(MOTE_ADAPTER_OPEN_BYTES(MOTE_SHAPE_OF(c)));
}
uint64_t adapter_weight_count(const Config &c, uint32_t learned) {
    return MOTE_ADAPTER_WEIGHTS(MOTE_SHAPE_OF(c), learned);
}

namespace {

// Where a tensor is, whatever lies between: the difference of two addresses in 64 bits.
void place_tensor(mote_adapter *a, uint32_t index, const void *data) {
    const uint64_t from = reinterpret_cast<uintptr_t>(a->model.base), to = reinterpret_cast<uintptr_t>(data);
    // In halves, as tensor_data() reads it.
    uint32_t *const entry = at_offset<uint32_t>(a, MOTE_SZ_ADAPTER_HANDLE) + size_t{2} * index;
    entry[0] = static_cast<uint32_t>(to - from);
    entry[1] = static_cast<uint32_t>((to - from) >> 32);
}

// Base and adapter as one model. Its base address is not its handle, so that nobody takes it for one to write to.
void join(mote_adapter *a) {
    const mote_model &base = *a->base;
    const Config &c = base.config;
    mote_model *const m = &a->model;
    const uint32_t tensors = tensor_count(c);
    m->config = c;
    m->base = at_offset<unsigned char>(a, MOTE_SZ_ADAPTER_HANDLE);
    m->tensor_offset_distance = kWideOffsets;
    for (uint32_t i = 0; i < tensors; ++i) place_tensor(a, i, tensor_data(base, i));
    for_each_learned(c, a->learned, [&](uint32_t index, const TensorSpec &, uint32_t offset) {
        place_tensor(a, index, a->weights + offset);
    });
    const mote_vocab vocab = vocab_of(base);
    if (vocab.count == 0) return;
    m->code_points = static_cast<uint32_t>(MOTE_SZ_ROUND64(kWideOffsets * tensors));
    m->boundary = vocab.boundary;
    memcpy(at_offset<unsigned char>(a, MOTE_SZ_ADAPTER_HANDLE + m->code_points), vocab.code_points,
           4 * size_t{vocab.count});
}

} // namespace

mote_status make_adapter(mote_adapter **adapter, mote_arena *arena, const mote_model &base, uint32_t learned,
                         uint64_t base_hash, const float *weights) {
    const uint32_t open = adapter_open_bytes(base.config);
    const uint64_t count = adapter_weight_count(base.config, learned);
    void *memory;
    const mote_status status = arena_alloc(arena, open + (weights == nullptr ? 4 * count : 0), &memory);
    if (status != MOTE_OK) return status;
    mote_adapter *const a = static_cast<mote_adapter *>(memory);
    a->base = &base;
    a->base_hash = base_hash;
    a->learned = learned;
    a->count = static_cast<uint32_t>(count);
    a->weights = weights != nullptr ? weights : at_offset<float>(memory, open);
    if (!is_quantized(base.config)) join(a);
    *adapter = a;
    return MOTE_OK;
}

float *own_weights(mote_adapter &a) {
    float *const own = at_offset<float>(&a, adapter_open_bytes(a.base->config));
    return a.weights == own ? own : nullptr;
}

namespace {

// A tensor of the base as float32; of integers each times its scale.
void copy_tensor(float *to, const mote_model &base, uint32_t index, const TensorSpec &spec) {
    mote_tensor tensor;
    mote_model_tensor(&base, index, &tensor);
    if (tensor.type == MOTE_TYPE_F32) {
        memcpy(to, tensor.data, spec.bytes());
        return;
    }
    for (uint32_t r = 0; r < spec.shape(0); ++r)
        for (uint32_t c = 0; c < spec.shape(1); ++c) to[spec.index(r, c)] = mote_tensor_at(&tensor, r, c);
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" {

size_t mote_adapter_open_bytes(const mote_config *base) {
    return base != nullptr && valid(*base) && base->layers != 0 ? adapter_open_bytes(known(*base)) : 0;
}

size_t mote_adapter_bytes(const mote_config *base, uint32_t learned) {
    if (base == nullptr || !valid(*base) || check_learned(known(*base), learned) != MOTE_OK) return 0;
    return limited_size(MOTE_ADAPTER_BYTES(MOTE_SHAPE_OF(known(*base)), learned));
}

size_t mote_adapter_blob_bytes(const mote_config *base, uint32_t learned) {
    if (base == nullptr || !valid(*base) || check_learned(known(*base), learned) != MOTE_OK) return 0;
    return limited_size(MOTE_ADAPTER_BLOB_BYTES(MOTE_SHAPE_OF(known(*base)), learned));
}

mote_status mote_adapter_init(mote_adapter **adapter, mote_arena *arena, const mote_model *base, uint32_t learned) {
    if (adapter == nullptr || arena == nullptr || base == nullptr) return MOTE_ERR_ARG;
    mote_status status = check_learned(base->config, learned);
    if (status == MOTE_OK) status = make_adapter(adapter, arena, *base, learned, mote_weights_hash(base), nullptr);
    if (status != MOTE_OK) return status;
    float *const weights = own_weights(**adapter);
    for_each_learned(base->config, learned, [&](uint32_t index, const TensorSpec &spec, uint32_t offset) {
        copy_tensor(weights + offset, *base, index, spec);
    });
    return MOTE_OK;
}

const mote_model *mote_adapter_model(const mote_adapter *adapter) {
    return adapter != nullptr && !is_quantized(adapter->base->config) ? &adapter->model : nullptr;
}

float *mote_adapter_weights(mote_adapter *adapter, size_t *count) {
    if (adapter == nullptr) return nullptr;
    if (count != nullptr) *count = adapter->count;
    return own_weights(*adapter);
}
}
