// NEON, four floats at a time: every 64-bit Arm, and 32-bit Arm where the build's flags say so.
#ifndef MOTE_ISA_NEON_H
#define MOTE_ISA_NEON_H

#include "kernel_types.h"

#define xsimd xsimd_neon // so that no inline function of xsimd is shared with files of another instruction set
#include <xsimd/xsimd.hpp>

#define MOTE_ISA neon

namespace mote::cpu::MOTE_ISA {

#include "kernel_prototypes.inl.h"

#if defined(__aarch64__)
using Batch = xsimd::batch<float, xsimd::neon64>;
// 5 x 16 outputs: 20 of 32 registers. GCC 12 loads the factors of a step before its products, so that 6 rows spilled at
// every k: 89% of an A76's peak instead of 99, by bench/arm_estimates.sh. Of a row, 3 panels hide more of the latency
// than 2 (92% instead of 83), and 4 would spill.
constexpr uint32_t kTileRows = 5, kTilePanels = 1, kGemvPanels = 3;
#else
using Batch = xsimd::batch<float, xsimd::neon>;
// 2 x 16 outputs: 8 of 16 registers; 3 rows would spill, at every k.
constexpr uint32_t kTileRows = 2, kTilePanels = 1, kGemvPanels = 2;
#endif

} // namespace mote::cpu::MOTE_ISA

#endif
