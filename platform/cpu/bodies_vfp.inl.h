// The bodies of kernels for a Cortex-M with an FPU: those for one float at a time, but products by inline assembler,
// and where there are instructions for signal processing, passes over flat arrays too. A build for size takes what is
// small.
#ifndef MOTE_BODIES_VFP_INL_H
#define MOTE_BODIES_VFP_INL_H

#include "activations_scalar.inl.h"
#include "flat_choice_vfp.h"
#include "gemm_vfp.inl.h"
#include "quant_scalar.inl.h"
#include "softmax_scalar.inl.h"
#include "step_scalar.inl.h"
#include "sums_scalar.inl.h"
#include "transpose_scalar.inl.h"
#include "update_scalar.inl.h"

#endif
