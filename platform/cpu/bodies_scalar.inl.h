// The bodies of kernels that work one float at a time.
#ifndef MOTE_BODIES_SCALAR_INL_H
#define MOTE_BODIES_SCALAR_INL_H

#include "activations_scalar.inl.h"
#include "flat_scalar.inl.h"
#include "gemm_scalar.inl.h"
#include "quant_scalar.inl.h"
#include "softmax_scalar.inl.h"
#include "step_scalar.inl.h"
#include "sums_scalar.inl.h"
#include "transpose_scalar.inl.h"
#include "update_scalar.inl.h"

#endif
