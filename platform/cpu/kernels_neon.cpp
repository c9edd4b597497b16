#define xsimd xsimd_neon
#include <xsimd/xsimd.hpp>

#include "kernels.h"

namespace mote::cpu::neon {
#if defined(__aarch64__)
using Batch = xsimd::batch<float, xsimd::neon64>;
#else
using Batch = xsimd::batch<float, xsimd::neon>;
#endif
#include "fma1.h"
#include "vec_xsimd.h"
#if defined(__aarch64__)
constexpr uint32_t kTileRows = 6, kTilePanels = 1,
                   kGemvPanels = 2; // 6 x 16 outputs: 24 of 32 registers; 4 panels would spill
#else
constexpr uint32_t kTileRows = 2, kTilePanels = 1,
                   kGemvPanels = 2; // 2 x 16 outputs: 8 of 16 registers; 3 would spill, at every k
#endif
#include "kernels.inl.h"
} // namespace mote::cpu::neon
