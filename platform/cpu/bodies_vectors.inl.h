// The bodies of kernels that work by vectors.
#ifndef MOTE_BODIES_VECTORS_INL_H
#define MOTE_BODIES_VECTORS_INL_H

#include "activations_vectors.inl.h"
#include "flat.inl.h"
#include "flush_vectors.inl.h"
#include "gemm_vectors.inl.h"
#include "quant_vectors.inl.h"
#include "softmax_vectors.inl.h"
#include "step_vectors.inl.h"
#include "sums_vectors.inl.h"
#include "transpose_vectors.inl.h"
#include "update_vectors.inl.h"

#endif
