/* One line of text from a model, to the console. */
#ifndef MOTE_EXAMPLE_SAY_H
#define MOTE_EXAMPLE_SAY_H

#include "mote.h"

typedef struct say_options {
    uint32_t length;   /* characters at most */
    float temperature; /* 0: always the likeliest */
    uint32_t top_k;    /* 0: of all */
} say_options;

/* From the zero state: an item up to its boundary where the model has one, else `length` characters; then a newline. */
mote_status say(mote_state *state, const mote_vocab *vocab, const say_options *options, mote_rng *rng);

/* Says where something went wrong; returns the exit status of the program. */
int report_failure(const char *where, mote_status status);

#endif
