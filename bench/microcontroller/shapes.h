/* The sizes of the networks in networks.h, for the macros of mote.h. */
#ifndef MOTE_BENCH_SHAPES_H
#define MOTE_BENCH_SHAPES_H

#include "mote.h"

#define BIGRAM_SHAPE 65
#define MLP_SHAPE 27, 3, 10, 64, 1
#define RNN_SHAPE 65, 0, 64, 1

/* Through one more expansion, by which a shape becomes several arguments. */
#define SHAPED(macro, ...) macro(__VA_ARGS__)
#define SHAPED_BYTES(model, what, ...) SHAPED(MOTE_##model##_##what##_BYTES, __VA_ARGS__)

#endif
