// The check of the arithmetic of this instruction set's kernels.
#ifndef MOTE_ARITHMETIC_CHECK_INL_H
#define MOTE_ARITHMETIC_CHECK_INL_H

#include "arithmetic_check.h"
#include "vec.h"

namespace mote::cpu::MOTE_ISA {

bool kernels_are_exact() {
    const auto make = [](float x) MOTE_INLINE_LAMBDA { return set1(x); };
    const auto first = [](Vec a) MOTE_INLINE_LAMBDA { return first_lane(a); };
    uint32_t wrong = arithmetic_errors(make, first);
    if constexpr (kVecLanes > 1) { // a compiler may treat single floats otherwise than vectors
        const auto itself = [](float x) MOTE_INLINE_LAMBDA { return x; };
        wrong |= arithmetic_errors(itself, itself);
    }
    const Vec x = set1(unknown(kCheckX));
    const uint32_t sum = mote_bits(first_lane(fma(x, x, set1(-unknown(kCheckSquare)))));
    return (wrong | (sum ^ kCheckFused)) == 0;
}

} // namespace mote::cpu::MOTE_ISA

#endif
