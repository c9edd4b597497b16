/* The shapes of the networks in networks.h. */
#ifndef MOTE_BENCH_SHAPES_H
#define MOTE_BENCH_SHAPES_H

#include "mote.h"

#define BIGRAM_SHAPE MOTE_SHAPE_BIGRAM(65)
#define MLP_SHAPE MOTE_SHAPE_MLP(27, 3, 10, 64, 1)
#define RNN_SHAPE MOTE_SHAPE_RNN(65, 0, 64, 1)
#define GRU_SHAPE MOTE_SHAPE_GRU(65, 0, 64, 1)
#define WIDE_SHAPE MOTE_SHAPE_RNN(65, 0, 256, 1)

/* GRUs of messages whose blobs have 64 KB at most: the one in platform/boards/examples, and one of 4 bits with as many
 * tokens as the recipe messages has. A message has so many bytes at most. */
#define MESSAGES_INT8_SHAPE MOTE_SHAPE_INT8(MOTE_SHAPE_GRU(224, 16, 88, 1))
#define MESSAGES_INT4_SHAPE MOTE_SHAPE_INT4(MOTE_SHAPE_GRU(256, 24, 128, 1))
#define MESSAGE_BYTES 256

#endif
