/* Prints ten names that a model in flash makes up. */
#include <mote.h>
#include <stdio.h>

#include "names.h"

static NAMES_ALIGNED unsigned char memory[NAMES_OPEN_BYTES + NAMES_STATE_BYTES];

static mote_status print_name(mote_state *state, const mote_vocab *vocab, mote_rng *rng) {
    uint16_t token = 0; /* the boundary between names: one begins */
    mote_state_reset(state);
    for (int i = 0; i < 20; i++) {
        const float *logits;
        char utf8[4];
        mote_status status = mote_step(state, token, &logits);
        if (status == MOTE_OK) status = mote_sample(logits, vocab->count, 0.8f, 0, rng, &token);
        if (status != MOTE_OK) return status;
        if (token == 0) break;
        printf("%.*s", (int)mote_decode(vocab, token, utf8), utf8);
    }
    printf("\n");
    return MOTE_OK;
}

int main(void) {
    mote_arena arena;
    const mote_model *model;
    mote_state *state;
    mote_vocab vocab;
    mote_rng rng;
    mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status == MOTE_OK) status = mote_model_open(&model, &arena, names_blob, sizeof names_blob);
    if (status == MOTE_OK) status = mote_model_vocab(model, &vocab);
    if (status == MOTE_OK) status = mote_state_init(&state, &arena, model);
    mote_rng_init(&rng, 1, 0);
    int names = 0;
    while (names < 10 && status == MOTE_OK) {
        status = print_name(state, &vocab, &rng);
        names++;
    }
    printf("mote: %d names, %s\n", names, mote_status_name(status));
    return status == MOTE_OK ? 0 : 1;
}
