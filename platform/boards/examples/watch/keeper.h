/* Keeps what a watcher has learned in a journal in flash, and finds it again after a reset: a checkpoint of the trainer
 * with the watcher's record in a section of its own. */
#ifndef MOTE_EXAMPLE_KEEPER_H
#define MOTE_EXAMPLE_KEEPER_H

#include "mote_journal.h"
#include "watcher.h"

#define KEEPER_BYTES MOTE_JOURNAL_BYTES

/* Opens the journal, and makes model and trainer: those of the newest record, or, where there is none, or one of
 * another firmware's model or training, of the model in flash that has learned nothing yet. The arena needs
 * KEEPER_BYTES, LOG_OPEN_BYTES, LOG_MODEL_BYTES and WATCHER_TRAINER_BYTES. */
mote_status keeper_open(const mote_flash *flash, const unsigned char *bytes, mote_arena *arena, mote_model **model,
                        watcher *w);

/* When it returns well, a reset finds this; until then, what was saved before. */
mote_status keeper_save(const watcher *w);

#endif
