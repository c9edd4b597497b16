/* Prints one line of text that a model generates to the console. */
#ifndef MOTE_EXAMPLE_PRINT_SAMPLE_H
#define MOTE_EXAMPLE_PRINT_SAMPLE_H

#include "mote.h"

typedef struct sample_options {
    uint32_t length;   /* characters at most */
    float temperature; /* 0: always the likeliest */
    uint32_t top_k;    /* 0: of all */
} sample_options;

/* From the zero state: an item up to its boundary where the model has one, else `length` characters; then a newline. */
mote_status print_sample(mote_state *state, const mote_vocab *vocab, const sample_options *options, mote_rng *rng);

/* Prints where something went wrong; returns the exit status of the program. */
int report_failure(const char *where, mote_status status);

#endif
