// What one call of a step in slices may still do, in multiply-adds.
#ifndef MOTE_BUDGET_H
#define MOTE_BUDGET_H

#include <stdint.h>

#include "port.h"

namespace mote {

// What is no multiply-add counts as half of the instructions that a Cortex-M4F takes for it, where products take 1.2 to
// 1.7 for a multiply-add, of few rows up to 2; lib/mote_slices.h lists them. Measured by the blocks that QEMU traces
// (-d in_asm,exec,nochain): a lookup 2.6 for a number, a sum of a batch's rows 6.5, flush 4, tanh 39, its gradient 14,
// gates 156 and their gradients 60 for a unit, softmax, loss and gradient 77 for a logit, squares 12, updates 4.4, 17
// and 43 (SGD, Adagrad, AdamW). A call of a kernel counts, too.
constexpr uint32_t kCallMacs = 64;
constexpr uint32_t kTokenMacs = 8;  // a token, or a target, looked at
constexpr uint32_t kCopyMacs = 1;   // a number copied or cleared
constexpr uint32_t kPassMacs = 3;   // a number added, flushed, clipped or scaled
constexpr uint32_t kSquareMacs = 6; // a number squared for the norm
constexpr uint32_t kReluMacs = 8;   // of ReLU, and of the gradient of either activation
constexpr uint32_t kTanhMacs = 20;
constexpr uint32_t kGatesMacs = 80; // of a unit
constexpr uint32_t kGateDeltasMacs = 32;
constexpr uint32_t kSoftmaxMacs = 40; // of a logit

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
