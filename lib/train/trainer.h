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
    uint32_t ready;                // 1: the gradients are those of a batch, and have not been applied
    uint32_t counted;              // targets behind the gradients: without any there is nothing to apply
    float norm;                    // of the gradients before the last clip
    float nats[mote::cpu::kLanes]; // of a batch, row mod 16
};

namespace mote {

static_assert(sizeof(mote_trainer) <= MOTE_SZ_TRAINER_HANDLE,
              "the trainer's handle is larger than its size macro says");

bool valid(const mote_train_config &train);
uint64_t trainer_bytes(const mote_config &config, const mote_train_config &train);
// MOTE_ERR_UNSUPPORTED where the program was linked without what trains it so; MOTE_ERR_SIZE.
mote_status check_trainable(const mote_config &config, const mote_train_config &train);
mote_status make_trainer(mote_trainer **trainer, mote_arena *arena, mote_model *model, const mote_train_config &train);

} // namespace mote

#endif
