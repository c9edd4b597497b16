/* The shapes of the networks in networks.h. */
#ifndef MOTE_BENCH_SHAPES_H
#define MOTE_BENCH_SHAPES_H

#include "mote.h"

#define BIGRAM_SHAPE MOTE_SHAPE_BIGRAM(65)
#define MLP_SHAPE MOTE_SHAPE_MLP(27, 3, 10, 64, 1)
#define RNN_SHAPE MOTE_SHAPE_RNN(65, 0, 64, 1)
#define GRU_SHAPE MOTE_SHAPE_GRU(65, 0, 64, 1)

#endif
