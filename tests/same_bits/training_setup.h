/* What the cases that train have in common. */
#ifndef MOTE_SAME_BITS_TRAINING_SETUP_H
#define MOTE_SAME_BITS_TRAINING_SETUP_H

#include "training.h"

typedef struct shape {
    uint32_t embed, layers, hidden, batch, time;
} shape;

/* An RNN that reads the text in order. */
training training_begin(const char *name, shape sizes, uint32_t optimizer, uint32_t steps);
/* Adds to the name. */
void training_name(training *made, const char *part);
void training_clip_by_value(training *made);
void training_read_at_random(training *made);

/* Straight through without a workspace, and resumed with one: the same outcome. Returns the failures. In the tiny set
 * with an eighth of the steps and a fifth of the reading. */
uint32_t training_both_ways(const training *made, memory room, case_set set);

#endif
