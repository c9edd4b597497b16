// The inner loop of matrix products, small: one k at a time.
#ifndef MOTE_CHAINS_SMALL_VFP_H
#define MOTE_CHAINS_SMALL_VFP_H

#include "steps_vfp.h"

namespace mote::cpu::MOTE_ISA {

constexpr uint32_t kFewColumns = 0; // a loop for few columns would be code for speed alone

} // namespace mote::cpu::MOTE_ISA

// n steps of chains16().
#define MOTE_VFP_CHAINS                                                                                                \
    "3:\n\t"                                                                                                           \
    "vldmia %[x]!, {s24}\n\t"                                                                                          \
    "subs %[n], %[n], #1\n\t" MOTE_VFP_CHAIN_STEP("s24") "bne 3b\n\t"

#endif
