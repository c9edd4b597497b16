/* The logits of a model, in text, for load_exported.py to hold against PyTorch's.
 *
 * logits MODEL.mote < TOKENS: reads token after token from the zero state and writes a line of logits for each. */
#include "mote.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILE_BYTES = 1 << 20, ARENA = 1 << 20 };

static void fail(const char *what, mote_status status) {
    fprintf(stderr, "logits: %s: %s\n", what, mote_status_name(status));
    exit(1);
}

static unsigned char file_bytes[FILE_BYTES] __attribute__((aligned(MOTE_ALIGN)));
static unsigned char memory[ARENA] __attribute__((aligned(MOTE_ALIGN)));

int main(int argc, char **argv) {
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (file == NULL) fail("needs a model", MOTE_ERR_ARG);
    const size_t bytes = fread(file_bytes, 1, sizeof file_bytes, file);
    fclose(file);

    mote_arena arena;
    const mote_model *model;
    mote_state *state;
    mote_vocab vocab;
    mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status == MOTE_OK) status = mote_model_open(&model, &arena, file_bytes, bytes);
    if (status == MOTE_OK) status = mote_model_vocab(model, &vocab);
    if (status == MOTE_OK) status = mote_state_init(&state, &arena, model);
    if (status != MOTE_OK) fail(argv[1], status);

    for (unsigned token; scanf("%u", &token) == 1;) {
        const float *logits;
        status = mote_step(state, (uint16_t)token, &logits);
        if (status != MOTE_OK) fail("step", status);
        for (uint32_t i = 0; i < vocab.count; i++) printf("%.9g ", (double)logits[i]);
        printf("\n");
    }
    return 0;
}
