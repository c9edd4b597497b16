// What a checkpoint holds beside a model, for whoever has it: a trainer, or shards.
#ifndef MOTE_CHECKPOINT_H
#define MOTE_CHECKPOINT_H

#include "blob_write.h"
#include "sizes.h"
#include "trainer.h"

namespace mote {

// Whether the training of a model, and a best model beside it, can be saved.
mote_status check_saveable(const mote_trainer &trainer, const mote_model *best);
// 0: above what a blob may have.
uint32_t trainer_section_bytes(const Config &config, const mote_train_config &train);

// A trainer's section: its configuration and how far it is; the carried states: slices (carried.h), so many floats from
// one to the next; the moments, as many as its optimizer keeps.
void put_training(blob::Sink &sink, const mote_trainer &trainer, const float *hidden, size_t stride,
                  const float *const moments[2]);
// Extra::emit of a model whose weights are kept beside.
void put_best(blob::Sink &sink, const void *object);

// `put` is Extra::emit of the trainer's section, of `object`. In the frame of its caller: there is no room for another.
MOTE_INLINE mote_status save_training(const mote_trainer &trainer, void (*put)(blob::Sink &sink, const void *object),
                                      const void *object, const mote_model *best, const mote_section *sections,
                                      uint32_t section_count, mote_arena *scratch, mote_write_fn write, void *user) {
    const mote_status status = check_saveable(trainer, best);
    if (status != MOTE_OK) return status;
    const mote_model &model = *trainer.model;
    const blob::Extra extras[2] = {
        {MOTE_FORMAT_TRAINER, trainer_section_bytes(model.config, trainer.train), put, object},
        {MOTE_FORMAT_BEST, weight_bytes(model.config), put_best, best}};
    return blob::save(model, {extras, best != nullptr ? 2u : 1u, sections, section_count}, scratch, write, user);
}

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
