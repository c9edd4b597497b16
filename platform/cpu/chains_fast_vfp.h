// The inner loop of matrix products, fast: four k at a time take 1.17 instructions for a multiply-add, one at a
// time 1.31.
#ifndef MOTE_CHAINS_FAST_VFP_H
#define MOTE_CHAINS_FAST_VFP_H

#include "steps_vfp.h"

namespace mote::cpu::MOTE_ISA {

// So few columns at the end of a matrix are faster one by one: 3.6 instructions for a multiply-add, but 19 for 16.
constexpr uint32_t kFewColumns = 4;

} // namespace mote::cpu::MOTE_ISA

// n steps of chains16().
#define MOTE_VFP_CHAINS                                                                                                \
    "lsrs %[fours], %[n], #2\n\t"                                                                                      \
    "beq 4f\n"                                                                                                         \
    "3:\n\t"                                                                                                           \
    "vldmia %[x]!, {s24-s27}\n\t"                                                                                      \
    "subs %[fours], %[fours], #1\n\t" MOTE_VFP_CHAIN_STEP("s24") MOTE_VFP_CHAIN_STEP("s25") MOTE_VFP_CHAIN_STEP("s26") \
        MOTE_VFP_CHAIN_STEP("s27") "bne 3b\n"                                                                          \
                                   "4:\n\t"                                                                            \
                                   "ands %[n], %[n], #3\n\t"                                                           \
                                   "beq 6f\n"                                                                          \
                                   "5:\n\t"                                                                            \
                                   "vldmia %[x]!, {s24}\n\t"                                                           \
                                   "subs %[n], %[n], #1\n\t" MOTE_VFP_CHAIN_STEP("s24") "bne 5b\n6:\n\t"

#endif
