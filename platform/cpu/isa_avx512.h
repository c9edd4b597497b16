// AVX-512, sixteen floats at a time.
#ifndef MOTE_ISA_AVX512_H
#define MOTE_ISA_AVX512_H

#include "kernel_types.h"

#define xsimd xsimd_avx512 // so that no inline function of xsimd is shared with files of another instruction set
#include <xsimd/xsimd.hpp>

#define MOTE_ISA avx512

namespace mote::cpu::MOTE_ISA {

#include "gated_row_prototypes.inl.h"
#include "kernel_prototypes.inl.h"
#include "root_unit_prototypes.inl.h"

using Batch = xsimd::batch<float, xsimd::avx512bw>;

// 8 x 48 outputs: 24 of 32 registers, 11 loads for 24 multiply-adds.
constexpr uint32_t kTileRows = 8, kTilePanels = 3;
constexpr uint32_t kGemvPanels = 8; // 8 chains hide 4 cycles on 2 ports

} // namespace mote::cpu::MOTE_ISA

#endif
