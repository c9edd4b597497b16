/* The networks of the workloads: a one-hot RNN of 65 characters, 64 units; a GRU of the same; an MLP that reads 3
 * characters of 27, 10 numbers each, 64 units; and a bigram of 65 characters. Of messages the GRU
 * of 4 bits in shapes.h; and an RNN of 65 characters, 256 units. */
#ifndef MOTE_BENCH_NETWORKS_H
#define MOTE_BENCH_NETWORKS_H

#include "shapes.h"

extern const mote_config network_bigram, network_mlp, network_rnn, network_gru, network_rnn_int8, network_rnn_int4,
    network_messages, network_wide, network_wide_int8;

/* Random weights, of integers those of a model of float32 in the same arena, and the vocabulary U+0020 …. */
mote_status network_make(mote_model **model, mote_arena *arena, const mote_config *config);

#endif
