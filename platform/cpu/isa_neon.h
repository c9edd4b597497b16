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
// 6 x 16 outputs: 24 of 32 registers; 4 panels of a row would spill.
constexpr uint32_t kTileRows = 6, kTilePanels = 1, kGemvPanels = 2;
#else
using Batch = xsimd::batch<float, xsimd::neon>;
// 2 x 16 outputs: 8 of 16 registers; 3 rows would spill, at every k.
constexpr uint32_t kTileRows = 2, kTilePanels = 1, kGemvPanels = 2;
#endif

} // namespace mote::cpu::MOTE_ISA

#endif
