#define xsimd xsimd_neon
#include <xsimd/xsimd.hpp>

#include "kernels.h"

namespace mote::cpu::neon {
using Batch = xsimd::batch<float, xsimd::neon64>;
#include "fma1.h"
#include "vec_xsimd.h"
constexpr uint32_t kTileRows = 6, kTilePanels = 1,
                   kGemvPanels = 2; // 6 x 16 outputs: 24 of 32 registers; 4 panels would spill
#include "kernels.inl.h"
} // namespace mote::cpu::neon
