/* Generates text with a model that lies in flash: the lines that
 *
 *     mote sample MODEL --count 10 --length 40 --temperature 0.8 --seed 1
 *
 * prints on any other machine; GENERATE_COUNT and its like below choose other numbers. names.h is written by `mote
 * export MODEL -o names.h`. */
#include "mote.h"
#include "names.h"
#include "print_sample.h"

#ifndef GENERATE_COUNT
#define GENERATE_COUNT 10
#endif
#ifndef GENERATE_LENGTH
#define GENERATE_LENGTH 40
#endif
#ifndef GENERATE_TEMPERATURE
#define GENERATE_TEMPERATURE 0.8f
#endif
#ifndef GENERATE_SEED
#define GENERATE_SEED 1
#endif

/* All the RAM that the model needs: its weights stay in flash. The self-test gives its scratch back before the state is
 * made, so the same memory serves both. */
#define LARGER(a, b) ((a) > (b) ? (a) : (b))
static NAMES_ALIGNED unsigned char memory[NAMES_OPEN_BYTES + LARGER(NAMES_STATE_BYTES, NAMES_SCRATCH_BYTES)];

static const sample_options options = {GENERATE_LENGTH, GENERATE_TEMPERATURE, 0};

int main(void) {
    mote_arena arena;
    const mote_model *model;
    mote_state *state;
    mote_vocab vocab;
    mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status == MOTE_OK) status = mote_model_open(&model, &arena, names_blob, sizeof names_blob);
    if (status != MOTE_OK) return report_failure("the model cannot be opened", status);

    /* It fails where this machine computes other bits than the one that saved the model. */
    status = mote_selftest(model, &arena);
    if (status != MOTE_OK) return report_failure("self-test", status);

    status = mote_state_init(&state, &arena, model);
    if (status == MOTE_OK) status = mote_model_vocab(model, &vocab);
    for (uint32_t i = 0; i < GENERATE_COUNT && status == MOTE_OK; i++) {
        mote_rng rng;
        mote_rng_init(&rng, GENERATE_SEED, i);
        status = print_sample(state, &vocab, &options, &rng);
    }
    return status == MOTE_OK ? 0 : report_failure("the model cannot generate text", status);
}
