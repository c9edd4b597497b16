/* Scores lines of text by how little a model expected them, learns them, and learns which scores are usual. Scores and
 * weights are the same, to the last bit, on every machine and however the learning is cut into slices. */
#ifndef MOTE_EXAMPLE_WATCHER_H
#define MOTE_EXAMPLE_WATCHER_H

#include "mote.h"
#include "mote_slices.h"

#include "log.h" /* the model, written by mote export log.mote -o log.h */

enum {
    WATCHER_LINE_BYTES = 160, /* of a line that are looked at */
    WATCHER_TIME = 16         /* characters of a step of training */
};

/* What it has learned beside the weights. */
typedef struct watcher_record {
    uint32_t lines;
    float mean, variance; /* of the bits a character of the lines so far, the last 64 of them above all */
} watcher_record;

typedef struct watcher {
    const mote_vocab *vocab;
    mote_state *state;
    mote_trainer *trainer;
    mote_slices *slices;
    watcher_record record;
    uint16_t tokens[WATCHER_LINE_BYTES + 2 + WATCHER_TIME]; /* of the line being learned, boundaries around it */
    uint32_t count, learned;                                /* of its predictions */
    int in_step;
} watcher;

typedef struct line_score {
    float bits; /* a character */
    int is_unusual;
} line_score;

/* The trainer that a watcher learns with. */
extern const mote_train_config watcher_training;
#define WATCHER_TRAINER_BYTES LOG_TRAINER_BYTES(1, WATCHER_TIME, MOTE_ADAGRAD, MOTE_WORKSPACE_NONE)

/* Scores a line with the weights of now, and begins to learn it. Nothing must be left to learn of the line before. A
 * line that cannot be scored is counted and not learned. */
mote_status watcher_read(watcher *w, const char *text, size_t bytes, line_score *score);

/* Learns for about so many multiply-adds. *left: whether the line is not learned yet. A step that fails is left out. */
mote_status watcher_learn(watcher *w, uint32_t budget, int *left);

#endif
