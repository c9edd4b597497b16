#pragma once

#include "mote.h"

namespace mote::cli {

/* RunRecord.order: how batches are taken from the text. */
enum { ORDER_STREAM = 0, ORDER_RANDOM = 1, ORDER_SHUFFLED = 2 };

/* What `mote train` keeps of a training beside the model, in a section of its own in the blob: what later steps depend
 * on and the trainer does not know. The members lie in the file as they lie here. */
struct RunRecord {
    uint64_t seed;
    uint64_t corpus_hash;    /* FNV-1a of the corpus's bytes */
    uint64_t position;       /* batches taken so far: the index of the next */
    uint64_t smoothed_bits;  /* the running mean of the loss, the bits of a double */
    uint64_t best_bits;      /* early stopping: the best dev loss, the bits of a double */
    uint64_t best_position;  /* and when it was; 0: there is none yet */
    uint64_t pass_bits;      /* sum of the losses of the current pass so far, the bits of a double */
    uint64_t pass_mean_bits; /* mean of the losses of the last whole pass, the bits of a double */
    uint32_t order;          /* ORDER_… */
    uint32_t lines;          /* 1: each line an item */
    uint32_t steps;          /* planned */
    uint32_t split[3];       /* train, dev, test, in percent; 100 0 0: no split */
    uint32_t eval_every;     /* steps between evaluations; 0: none */
    uint32_t eval_batches;   /* batches of an evaluation; 0: whole parts */
    uint32_t patience;       /* evaluations without a better dev loss before the training stops; 0: it does not */
    mote_schedule schedule;
    uint32_t precision; /* MOTE_PRECISION_… that the weights of a step have */
};

/* The section that holds a record; it must live as long as the result is used. */
mote_section section_of(const RunRecord &run);

/* The record in a blob. MOTE_ERR_MISSING: there is none; MOTE_ERR_FORMAT: the section is of another size; and whatever
 * mote_blob_section says of the blob. */
mote_status read_run_record(const void *blob, size_t bytes, RunRecord &run);

} // namespace mote::cli
