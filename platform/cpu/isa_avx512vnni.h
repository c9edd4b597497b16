// AVX-512 VNNI, for quantized rows; all else is done by the kernels of avx512.
#ifndef MOTE_ISA_AVX512VNNI_H
#define MOTE_ISA_AVX512VNNI_H

#include "kernel_types.h"

#define xsimd xsimd_avx512vnni // so that no inline function of xsimd is shared with files of another instruction set
#include <xsimd/xsimd.hpp>

#define MOTE_ISA avx512vnni

namespace mote::cpu::MOTE_ISA {

#include "quant_prototypes.inl.h"

using Batch = xsimd::batch<float, xsimd::avx512bw>;

} // namespace mote::cpu::MOTE_ISA

#endif
