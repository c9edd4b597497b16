// AVX2 and FMA, eight floats at a time.
#ifndef MOTE_ISA_AVX2_H
#define MOTE_ISA_AVX2_H

#include "kernel_types.h"

#define xsimd xsimd_avx2 // so that no inline function of xsimd is shared with files of another instruction set
#include <xsimd/xsimd.hpp>

#define MOTE_ISA avx2

namespace mote::cpu::MOTE_ISA {

#include "kernel_prototypes.inl.h"

using Batch = xsimd::batch<float, xsimd::fma3<xsimd::avx2>>;

constexpr uint32_t kTileRows = 6, kTilePanels = 1; // 6 x 16 outputs: 12 of 16 registers
constexpr uint32_t kGemvPanels = 4;                // 8 chains hide 4 cycles on 2 ports

} // namespace mote::cpu::MOTE_ISA

#endif
