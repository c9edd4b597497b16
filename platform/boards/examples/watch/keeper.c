#include "keeper.h"

#include <string.h>

#define RECORD_SECTION MOTE_SECTION_ID('w', 't', 'c', 'h')

static mote_journal *journal;

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
    return status == MOTE_OK ? load(bytes + record.address, record.bytes, arena, model, w) : status;
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
