// Training a model: the step from a batch to new weights.
#ifndef MOTE_TRAINER_H
#define MOTE_TRAINER_H

#include "work.h"

struct mote_trainer {
    mote_train_config train;
    mote_model *model;
    float *gradients;
    float *moments[2];             // as many as the optimizer keeps
    uint32_t step;                 // updates made
    float norm;                    // of the gradients before the last clip
    uint32_t counted;              // targets behind the gradients: without any there is nothing to apply
    float nats[mote::cpu::kLanes]; // of a batch, row mod 16
    mote::Work work;
};

namespace mote {

static_assert(sizeof(mote_trainer) <= MOTE_TRAINER_RESERVE, "the trainer's handle outgrew its reserve");

bool valid(const mote_train_config &train);
// Whether the program was linked with what trains it so.
bool trains(const mote_config &config, const mote_train_config &train);
mote_status make_trainer(mote_trainer **trainer, mote_arena *arena, mote_model *model, const mote_train_config &train);

} // namespace mote

#endif
