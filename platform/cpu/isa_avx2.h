// AVX2 and FMA, eight floats at a time.
#ifndef MOTE_ISA_AVX2_H
#define MOTE_ISA_AVX2_H

#include "kernel_types.h"

#define xsimd xsimd_avx2 // so that no inline function of xsimd is shared with files of another instruction set
#include <xsimd/xsimd.hpp>

#define MOTE_ISA avx2

namespace mote::cpu::MOTE_ISA {

#include "gated_row_prototypes.inl.h"
#include "kernel_prototypes.inl.h"

using Batch = xsimd::batch<float, xsimd::fma3<xsimd::avx2>>;

constexpr uint32_t kTileRows = 6, kTilePanels = 1; // 6 x 16 outputs: 12 of 16 registers
// Of a row: 12 chains, of which 8 would hide 4 cycles on 2 ports; what counts is that fewer passes read the row, and
// more lines of the second-level cache are on their way. Against 4: 0.71 of the time at 256 x 256 and 384 x 384, 0.83
// at 200 x 200, 0.91 at 65 x 65; 5 are no faster than 4 at 256.
constexpr uint32_t kGemvPanels = 6;

} // namespace mote::cpu::MOTE_ISA

#endif
