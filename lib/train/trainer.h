// A trainer: from a batch to new weights.
#ifndef MOTE_TRAINER_H
#define MOTE_TRAINER_H

#include "network.h"

// The arrays lie behind the handle; offsets count bytes from it.
struct mote_trainer {
    mote::Batch batch; // the first member: its offsets count from the handle
    mote_model *model; // which the optimizer writes; that of the batch, too, but where a quantizer has made one of it
    mote_train_config train;
    uint32_t moments[2];           // as many as the optimizer keeps
    uint32_t step;                 // updates made
    uint32_t ready;                // mote::Ready
    uint32_t counted;              // targets behind the gradients: without any there is nothing to apply
    float norm;                    // of the gradients before the last clip
    float nats[mote::cpu::kLanes]; // of a batch, row mod 16
};

namespace mote {

static_assert(sizeof(mote_trainer) <= MOTE_SZ_TRAINER_HANDLE,
              "the trainer's handle is larger than its size macro says");

// What a trainer holds between calls: the gradients of a batch that have not been applied; or a step in slices, whose
// update may have begun, and at whose end the hidden state may have to be reset. Above kGradients: other steps wait.
enum Ready : uint32_t { kGradients = 1, kInSlices = 2, kUpdating = 4, kResetWanted = 8 };

inline float *gradients_of(mote_trainer &t) { return at_offset<float>(&t, t.batch.at.gradients); }
// What the sum of the losses is divided by.
inline float loss_divisor(const mote_trainer &t) {
    return t.train.loss == MOTE_LOSS_MEAN && t.counted != 0 ? static_cast<float>(t.counted) : 1.0f;
}
// How many updates there are after the next one.
inline uint32_t next_step(const mote_trainer &t) { return t.step + (t.step != UINT32_MAX ? 1 : 0); }

bool valid(const mote_train_config &train);
uint64_t trainer_bytes(const Config &config, const mote_train_config &train);
// MOTE_ERR_UNSUPPORTED where the program was linked without what trains it so; MOTE_ERR_SIZE.
mote_status check_trainable(const Config &config, const mote_train_config &train);
mote_status make_trainer(mote_trainer **trainer, mote_arena *arena, mote_model *model, const mote_train_config &train);

} // namespace mote

#endif
