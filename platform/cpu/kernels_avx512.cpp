#define xsimd xsimd_avx512
#include <xsimd/xsimd.hpp>

#include "kernels.h"

namespace mote::cpu::avx512 {
using Batch = xsimd::batch<float, xsimd::avx512bw>;
#include "fma1.h"
#include "vec_xsimd.h"
constexpr uint32_t kTileRows = 8, kTilePanels = 3, // 8 x 48 outputs: 24 of 32 registers, 11 loads for 24 multiply-adds
    kGemvPanels = 8;                               // 8 chains hide 4 cycles on 2 ports
#include "kernels.inl.h"
} // namespace mote::cpu::avx512
