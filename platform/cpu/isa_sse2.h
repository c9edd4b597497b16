// SSE2, four floats at a time: every x86-64.
#ifndef MOTE_ISA_SSE2_H
#define MOTE_ISA_SSE2_H

#include "kernel_types.h"

#define xsimd xsimd_sse2 // so that no inline function of xsimd is shared with files of another instruction set
#include <xsimd/xsimd.hpp>

#define MOTE_ISA sse2
#define MOTE_EXP_INLINE MOTE_NOINLINE static

namespace mote::cpu::MOTE_ISA {

#include "kernel_prototypes.inl.h"

using Batch = xsimd::batch<float, xsimd::sse2>;

// A multiply-add out of doubles takes most of 16 registers.
constexpr uint32_t kTileRows = 1, kTilePanels = 1, kGemvPanels = 1;

} // namespace mote::cpu::MOTE_ISA

#endif
