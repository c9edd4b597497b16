// Learning with weights of integers: the forward pass is that of the quantized model, to the last bit; the backward
// pass takes a weight as its integer times its scale, and passes the gradient through the rounding to the weights of
// float32 that the optimizer writes (Bengio, Leonard and Courville 2013, the straight-through estimator).
#ifndef MOTE_QUANTIZER_H
#define MOTE_QUANTIZER_H

#include "state.h"
#include "trainer.h"

namespace mote {

// It begins the memory that it needs. Its functions are reached through the trainer alone, so that a program that never
// quantizes links none of them.
struct Quantizer {
    // The trainer's weights become those of both models. Not 0: one cannot be quantized.
    uint32_t (*quantize)(mote_trainer &t);
    // Activations and logits of the batch. Not 0: NaN or infinity was met.
    uint32_t (*forward)(mote_trainer &t);
    // The quantized model. Behind the handle lies the batch's, the same with each weight as its integer times its
    // scale.
    mote_model *integers;
    uint32_t state_bytes, states; // a state for each row; where the first one is, from here
    float largest[MOTE_MAX_LAYERS];
};

static_assert(sizeof(Quantizer) <= MOTE_SZ_QUANTIZER_HANDLE,
              "the quantizer's handle is larger than its size macro says");

// Null: the weights of a step are those of the trainer's model. It lies before the model that the batch has instead.
inline Quantizer *quantizer_of(mote_trainer &t) {
    if (t.batch.model == t.model) return nullptr;
    const auto *const model = reinterpret_cast<const unsigned char *>(t.batch.model);
    return reinterpret_cast<Quantizer *>(const_cast<unsigned char *>(model) - MOTE_SZ_QUANTIZER_HANDLE);
}
inline mote_model *float_model(Quantizer &q) { return at_offset<mote_model>(&q, MOTE_SZ_QUANTIZER_HANDLE); }

} // namespace mote

#endif
