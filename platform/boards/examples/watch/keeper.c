#include "keeper.h"

#include <string.h>

#define RECORD_SECTION MOTE_SECTION_ID('w', 't', 'c', 'h')

static mote_journal *journal;

/* Whether it is the model and the way to learn of this firmware, and not of one before. */
static int is_ours(const unsigned char *blob, size_t bytes) {
    static const mote_config ours = {LOG_SHAPE, LOG_ACTIVATION};
    mote_config config;
    mote_train_config train;
    return mote_checkpoint_peek(blob, bytes, &config, &train) == MOTE_OK && memcmp(&config, &ours, sizeof ours) == 0 &&
           train.batch == watcher_training.batch && train.time_steps == watcher_training.time_steps &&
           train.optimizer == watcher_training.optimizer;
}

/* Here a checkpoint is used where it lies in flash, and is not needed afterwards. */
static mote_status load(const unsigned char *blob, size_t bytes, mote_arena *arena, mote_model **model, watcher *w) {
    const void *found;
    size_t size;
    mote_status status = mote_blob_section(blob, bytes, RECORD_SECTION, &found, &size);
    if (status != MOTE_OK) return status;
    if (size != sizeof w->record) return MOTE_ERR_FORMAT;
    memcpy(&w->record, found, sizeof w->record);
    return mote_checkpoint_load(&w->trainer, model, arena, blob, bytes, MOTE_WORKSPACE_NONE);
}

static mote_status begin_anew(mote_arena *arena, mote_model **model, watcher *w) {
    const mote_model *in_flash;
    mote_status status = mote_model_open(&in_flash, arena, log_blob, sizeof log_blob);
    if (status == MOTE_OK) status = mote_model_copy(model, arena, in_flash);
    if (status == MOTE_OK) status = mote_trainer_init(&w->trainer, arena, *model, &watcher_training);
    return status;
}

mote_status keeper_open(const mote_flash *flash, const unsigned char *bytes, mote_arena *arena, mote_model **model,
                        watcher *w) {
    mote_journal_record record;
    mote_status status = mote_journal_open(&journal, arena, flash);
    if (status != MOTE_OK) return status;
    status = mote_journal_newest(journal, &record);
    if (status == MOTE_ERR_MISSING) return begin_anew(arena, model, w);
    if (status != MOTE_OK) return status;
    const unsigned char *const blob = bytes + record.address;
    if (!is_ours(blob, record.bytes)) return begin_anew(arena, model, w);
    return load(blob, record.bytes, arena, model, w);
}

mote_status keeper_save(const watcher *w) {
    static LOG_ALIGNED unsigned char memory[LOG_SCRATCH_BYTES];
    static const mote_config config = {LOG_SHAPE, LOG_ACTIVATION};
    const mote_section section = {RECORD_SECTION, &w->record, sizeof w->record};
    mote_arena scratch;
    mote_status status = mote_arena_init(&scratch, memory, sizeof memory);
    const size_t bytes = mote_checkpoint_bytes(&config, &watcher_training) + MOTE_SECTION_BYTES(sizeof w->record);
    if (status == MOTE_OK) status = mote_journal_begin(journal, bytes);
    if (status == MOTE_OK)
        status = mote_checkpoint_save(w->trainer, NULL, &section, 1, &scratch, mote_journal_write, journal);
    return status == MOTE_OK ? mote_journal_commit(journal) : status;
}
