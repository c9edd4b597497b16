/* What the programs of weighed.c leave out: all that WITH_… does not name. */
#ifndef MOTE_BENCH_PARTS_LEFT_OUT_H
#define MOTE_BENCH_PARTS_LEFT_OUT_H

#include "mote_adapter.h"
#ifdef IN_SLICES
#include "mote_slices.h"
#endif

MOTE_WITHOUT_CLIPPING(norm);
MOTE_WITHOUT_WORKSPACE(packed);
MOTE_WITHOUT_INPUT(embedding);
#ifndef WITH_BIGRAM
MOTE_WITHOUT_CELL(none);
#endif
#if !defined(WITH_BIGRAM) && !defined(WITH_RNN) && !defined(WITH_GRU)
MOTE_WITHOUT_INPUT(one_hot);
#endif
#ifndef WITH_MLP
MOTE_WITHOUT_INPUT(window);
MOTE_WITHOUT_CELL(dense);
#endif
#ifndef WITH_RNN
MOTE_WITHOUT_CELL(recurrent);
#endif
#ifndef WITH_GRU
MOTE_WITHOUT_CELL(gated);
#endif
#if defined(WITH_INT8)
MOTE_WITHOUT_PRECISION(float32);
MOTE_WITHOUT_PRECISION(int4);
#define OF_PRECISION(shape) MOTE_SHAPE_INT8(shape)
#elif defined(WITH_INT4)
MOTE_WITHOUT_PRECISION(float32);
MOTE_WITHOUT_PRECISION(int8);
#define OF_PRECISION(shape) MOTE_SHAPE_INT4(shape)
#else
MOTE_WITHOUT_PRECISION(int8);
MOTE_WITHOUT_PRECISION(int4);
#define OF_PRECISION(shape) shape
#endif
#ifndef WITH_SGD
MOTE_WITHOUT_OPTIMIZER(sgd);
#endif
#ifndef WITH_MOMENTUM
MOTE_WITHOUT_OPTIMIZER(momentum);
#endif
#ifndef WITH_ADAGRAD
MOTE_WITHOUT_OPTIMIZER(adagrad);
#endif
#ifndef WITH_ADAMW
MOTE_WITHOUT_OPTIMIZER(adamw);
#endif

#ifdef IN_SLICES
MOTE_WITHOUT_CELL_SLICES(gated);
MOTE_WITHOUT_INPUT_SLICES(window);
MOTE_WITHOUT_PRECISION_SLICES(int4);
#ifdef WITH_INT8
MOTE_WITHOUT_PRECISION_SLICES(float32);
#else
MOTE_WITHOUT_PRECISION_SLICES(int8);
#endif
#endif

#if defined(LEARNS_OUTPUT)
MOTE_WITHOUT_LEARNING(biases);
#elif defined(LEARNS_BIASES)
MOTE_WITHOUT_LEARNING(output);
#endif

#endif
