// The path for every CPU of a family. On x86-64 that is SSE2, four floats at a time; elsewhere one.
#if defined(__SSE2__)
#define xsimd xsimd_portable
#include <xsimd/xsimd.hpp>
#endif

#include "kernels.h"

namespace mote::cpu::portable {
#include "fma1.h"
#if defined(__SSE2__)
#if !defined(__FMA__)
#include "fma_sse2.h"
#endif
using Batch = xsimd::batch<float, xsimd::sse2>;
#include "vec_xsimd.h"
constexpr uint32_t kTileRows = 1, kTilePanels = 1, kGemvPanels = 1; // a multiply-add takes most of 16 registers
#else
#include "vec_scalar.h"
#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M' && defined(__ARM_FEATURE_FMA)
#define MOTE_VFP_CHAINS
#if defined(__ARM_FEATURE_DSP) && !defined(__OPTIMIZE_SIZE__)
#define MOTE_VFP_FLAT // loops of straight code for what passes over flat arrays
#endif
#include "chain_vfp.h"
#endif
constexpr uint32_t kTileRows = 1, kTilePanels = 1,
                   kGemvPanels = 1; // 16 accumulators: half the registers of a Cortex-M4F
#endif
#include "kernels.inl.h"
} // namespace mote::cpu::portable
