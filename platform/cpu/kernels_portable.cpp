#include "kernels.h"
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace mote::cpu::portable {
#include "vec_scalar.h"
constexpr uint32_t kTileRows = 1, kGemvPanels = 1; // 16 accumulators: half the registers of a Cortex-M4F
#include "kernels.inl.h"
} // namespace mote::cpu::portable
