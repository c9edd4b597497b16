#pragma once

#include <cstddef>
#include <cstdint>

namespace mote::cli {

/* A sum of numbers of float32, each times a whole number, that never rounds: it is the same in whatever order they are
 * added. A number is finite, and +0 or at least 2^-40 in magnitude, so that it is a whole multiple of 2^-63. */
class ExactSum {
  public:
    /* The factors of all that is added are less than 2^32 together. */
    void add(float number, uint32_t factor);

    /* The sum / `divisor`, rounded once to the nearest float, of two equally near ones to the even one. Less than 2^-40
     * in magnitude is +0 then. `divisor`: above 0; a mean never overflows, its divisor being the sum of the factors. */
    float divided_by(uint32_t divisor) const;

  private:
    /* 256 bits in two's complement, the lowest first, in units of 2^-65: the two bits below 2^-63 are what a quotient
     * near 2^-40 needs to be rounded by. 2^32 times the largest float is less than 2^160, which is bit 225. */
    static constexpr size_t limb_count = 8;
    uint32_t limbs_[limb_count]{};
};

} // namespace mote::cli
