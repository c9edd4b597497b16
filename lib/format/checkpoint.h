// What a checkpoint holds beside a model, for whoever has it: a trainer, or shards.
#ifndef MOTE_CHECKPOINT_H
#define MOTE_CHECKPOINT_H

#include "blob_write.h"
#include "trainer.h"

namespace mote {

// A training as it is written.
struct Training {
    const mote_model *model;
    const mote_train_config *train;
    uint32_t step;
    float norm;
    const float *hidden; // the carried states: slices (carried.h), so many floats from one to the next
    size_t stride;
    const float *moments[2];
};

mote_status save_training(const Training &training, const mote_model *best, const mote_section *sections,
                          uint32_t section_count, mote_arena *scratch, mote_write_fn write, void *user);

// The head of a trainer's section, checked.
mote_status read_head(const blob::View &view, mote_format_trainer *head);

// The arrays behind it, checked. Of a moment that the optimizer does not keep: null, as before.
struct TrainerData {
    const float *hidden;
    const float *moments[2];
};
mote_status read_data(const blob::View &view, const mote_train_config &train, TrainerData *data);

} // namespace mote

#endif
