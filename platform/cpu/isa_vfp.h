// The FPU of a Cortex-M (M4F, M7F, M33F, M55F): one float at a time, with inner loops in assembler; those of products
// by vectors where the flags promise them (MVE).
#ifndef MOTE_ISA_VFP_H
#define MOTE_ISA_VFP_H

#include "kernel_types.h"

#if !defined(__ARM_ARCH_PROFILE) || __ARM_ARCH_PROFILE != 'M' || !defined(__ARM_FEATURE_FMA)
#error "mote: the instruction set vfp needs a Cortex-M with an FPU; compile kernels_scalar.cpp instead"
#endif

#define MOTE_ISA vfp
#define MOTE_ONE_LANE // which vectors vec.h chooses
#define MOTE_VFP      // which bodies bodies.inl.h chooses

namespace mote::cpu::MOTE_ISA {

#include "kernel_prototypes.inl.h"

} // namespace mote::cpu::MOTE_ISA

#endif
