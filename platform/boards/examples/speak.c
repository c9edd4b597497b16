/* Says what a model has learned, out of the flash that it lies in: the lines that
 *
 *     mote sample MODEL --count SPEAK_COUNT --length SPEAK_LENGTH --temperature SPEAK_TEMPERATURE --seed SPEAK_SEED
 *
 * prints on any other machine. names.h is written by `mote export MODEL -o names.h`. */
#include "mote.h"
#include "names.h"
#include "say.h"

#ifndef SPEAK_COUNT
#define SPEAK_COUNT 10
#endif
#ifndef SPEAK_LENGTH
#define SPEAK_LENGTH 40
#endif
#ifndef SPEAK_TEMPERATURE
#define SPEAK_TEMPERATURE 0.8f
#endif
#ifndef SPEAK_SEED
#define SPEAK_SEED 1
#endif

/* All the RAM that the model needs: its weights stay in flash. The self-test gives its scratch back before the state is
 * made, so one room serves both. */
#define LARGER(a, b) ((a) > (b) ? (a) : (b))
static NAMES_ALIGNED unsigned char memory[NAMES_OPEN_BYTES + LARGER(NAMES_STATE_BYTES, NAMES_SCRATCH_BYTES)];

static const say_options options = {SPEAK_LENGTH, SPEAK_TEMPERATURE, 0};

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
    for (uint32_t i = 0; i < SPEAK_COUNT && status == MOTE_OK; i++) {
        mote_rng rng;
        mote_rng_init(&rng, SPEAK_SEED, i);
        status = say(state, &vocab, &options, &rng);
    }
    return status == MOTE_OK ? 0 : report_failure("the model cannot generate text", status);
}
