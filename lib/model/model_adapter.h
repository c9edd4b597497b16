// A base model and, in the place of some of its tensors, learned ones that lie elsewhere.
#ifndef MOTE_MODEL_ADAPTER_H
#define MOTE_MODEL_ADAPTER_H

#include "model.h"
#include "mote_adapter.h"

// The first member is the model that both make, of a base of float32. Behind the handle lie the offsets of its tensors,
// of 64 bits each, since flash may be anywhere, and its code points; then the learned weights, where they are in RAM.
struct mote_adapter {
    mote_model model;
    const mote_model *base;
    const float *weights; // learned, one tensor behind the other
    uint64_t base_hash;
    uint32_t learned; // MOTE_LEARN_…
    uint32_t count;   // floats of it
};

namespace mote {

static_assert(sizeof(mote_adapter) <= MOTE_SZ_ADAPTER_HANDLE,
              "the adapter's handle is larger than its size macro says");

// Whether that much of a model of this configuration can learn: MOTE_ERR_ARG, MOTE_ERR_UNSUPPORTED.
mote_status check_learned(const Config &base, uint32_t learned);

uint32_t adapter_open_bytes(const Config &base);
uint64_t adapter_weight_count(const Config &base, uint32_t learned);

inline bool learns(uint32_t learned, Role role) {
    return role == Role::OutputBias || (role == Role::Output && (learned & MOTE_LEARN_OUTPUT) != 0) ||
           (role == Role::Bias && (learned & MOTE_LEARN_BIASES) != 0);
}

// f(index in the base's table, what the tensor is as float32, where it begins among the learned weights) for each that
// learns, in the order of the table.
template <typename F> void for_each_learned(const Config &base, uint32_t learned, const F &f) {
    uint32_t offset = 0;
    for (uint32_t i = 0; i < tensor_count(base); ++i) {
        TensorSpec spec = tensor_spec(base, i);
        if (!learns(learned, spec.role)) continue;
        if (spec.is_quantized()) { // the output's matrix
            spec.layout = MOTE_LAYOUT_PANELS_OUT_IN;
            spec.units = spec.rows * pad(spec.columns);
        }
        f(i, spec, offset);
        offset += spec.count();
    }
}

// An adapter of these weights; null: its weights are in RAM, and +0.
mote_status make_adapter(mote_adapter **adapter, mote_arena *arena, const mote_model &base, uint32_t learned,
                         uint64_t base_hash, const float *weights);
// Null: they are not in RAM.
float *own_weights(mote_adapter &adapter);

// The model whose states an adapter's steps go through.
inline const mote_model &model_of(const mote_adapter &adapter) {
    return is_quantized(adapter.base->config) ? *adapter.base : adapter.model;
}
// The learned output layer. Its bias is the last tensor that learns, its matrix the one before.
inline const float *learned_bias(const mote_adapter &a) { return a.weights + (a.count - pad(a.base->config.vocab)); }
inline cpu::ConstMat learned_output(const mote_adapter &a) {
    const Config &c = a.base->config;
    return {learned_bias(a) - size_t{c.hidden} * pad(c.vocab), size_t{c.hidden} * cpu::kLanes};
}

} // namespace mote

#endif
