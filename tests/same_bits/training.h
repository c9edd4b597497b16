/* One training run from random weights to text. */
#ifndef MOTE_SAME_BITS_TRAINING_H
#define MOTE_SAME_BITS_TRAINING_H

#include "cases.h"
#include "mote.h"

enum { ORDER_STREAM, ORDER_RANDOM, ORDER_SHUFFLED };

typedef struct training {
    char name[64];
    mote_config config; /* vocab: TEXT_VOCAB for the text, else the size of an invented vocabulary */
    mote_train_config train;
    mote_init init;
    mote_schedule schedule;
    uint32_t order;     /* ORDER_… */
    uint32_t with_best; /* 1: the checkpoint has best weights in it */
    uint32_t steps;
    uint32_t scored; /* characters of the text that the trained model scores; it runs on a quarter of them too */
    uint64_t seed;
} training;

enum { TRAINING_MAX_BATCH = 512 }; /* characters in a batch, those of contexts included */

/* Hashes of bits; the texts have their spaces and newlines made visible. */
typedef struct outcome {
    uint64_t losses, norms; /* of every step */
    float first_loss, last_loss;
    uint64_t weights, blob;
    uint64_t logits, hidden, scores;
    char greedy[64], drawn[64], likely[64];
} outcome;

/* With `checkpoint` the same in another way, which must come to the same outcome: steps in two pieces and in slices in
 * turns, and after half of them a checkpoint, from which another trainer goes on; *checkpoint is the hash of its bytes.
 * NULL: straight through. On failure *what says where it failed. */
mote_status training_run(const training *wanted, memory room, uint32_t workspace, uint64_t *checkpoint, outcome *result,
                         const char **what);

#endif
