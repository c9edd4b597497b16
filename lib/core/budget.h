// What one call of a step in slices may still do, in multiply-adds.
#ifndef MOTE_BUDGET_H
#define MOTE_BUDGET_H

#include <stdint.h>

namespace mote {

// What takes about as long as so many multiply-adds of a product on a Cortex-M4F; lib/mote_slices.h lists them. A call
// of a kernel costs kCallMacs beside what it computes.
constexpr uint32_t kCallMacs = 32;
constexpr uint32_t kTokenMacs = 16;      // a token, or a target, looked at
constexpr uint32_t kCopyMacs = 1;        // a number copied or cleared
constexpr uint32_t kPassMacs = 4;        // a number added, flushed, clipped, scaled or squared
constexpr uint32_t kReluMacs = 8;        // of ReLU, and of the gradient of either activation
constexpr uint32_t kTanhMacs = 32;
constexpr uint32_t kSoftmaxMacs = 48;    // of a logit, its gradient included
constexpr uint32_t kGatesMacs = 128;     // of a unit's gates
constexpr uint32_t kGateDeltasMacs = 48; // of the gradients of a unit's gates

struct Budget {
    uint32_t limit, spent;

    // How many units fit that cost as much, beside a call of `fixed`; one at least where nothing has been done yet.
    uint32_t units(uint32_t fixed, uint32_t cost) const {
        const uint32_t left = spent < limit ? limit - spent : 0;
        const uint32_t fitting = left > fixed ? (left - fixed) / cost : 0;
        return fitting == 0 && spent == 0 ? 1 : fitting;
    }
};

} // namespace mote

#endif
