#define xsimd xsimd_avx2 // so that no inline function of xsimd compiled for AVX2 is shared with other files
#include <xsimd/xsimd.hpp>

#include "kernels.h"

namespace mote::cpu::avx2 {
using Batch = xsimd::batch<float, xsimd::fma3<xsimd::avx2>>;
#include "fma1.h"
#include "vec_xsimd.h"
constexpr uint32_t kTileRows = 6, kTilePanels = 1, // 6 x 16 outputs: 12 of 16 registers
    kGemvPanels = 4;                               // 8 chains hide 4 cycles on 2 ports
#include "kernels.inl.h"
} // namespace mote::cpu::avx2
