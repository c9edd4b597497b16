// AVX-VNNI, for quantized rows; all else is done by the kernels of avx2.
#ifndef MOTE_ISA_AVX2VNNI_H
#define MOTE_ISA_AVX2VNNI_H

#include "kernel_types.h"

#define xsimd xsimd_avx2vnni // so that no inline function of xsimd is shared with files of another instruction set
#include <xsimd/xsimd.hpp>

#define MOTE_ISA avx2vnni

namespace mote::cpu::MOTE_ISA {

#include "quant_prototypes.inl.h"

using Batch = xsimd::batch<float, xsimd::fma3<xsimd::avx2>>;

} // namespace mote::cpu::MOTE_ISA

#endif
