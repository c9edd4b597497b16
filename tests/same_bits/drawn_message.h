/* Messages as a model expects them. */
#ifndef MOTE_SAME_BITS_DRAWN_MESSAGE_H
#define MOTE_SAME_BITS_DRAWN_MESSAGE_H

#include "mote.h"

/* Drawn by the model, of at most `most` bytes; now and then with a byte behind it that it does not expect. */
mote_status draw_message(mote_state *state, const mote_vocab *vocab, mote_rng *rng, size_t most, char *message,
                         size_t *count);

#endif
