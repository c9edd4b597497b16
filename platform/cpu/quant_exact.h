// For products of four small integers at a time that come out right at once.
#ifndef MOTE_QUANT_EXACT_H
#define MOTE_QUANT_EXACT_H

#include "registers_quant.h"

namespace mote::cpu::MOTE_ISA {

constexpr uint32_t kQuads = 1;

using Sums = Words;
MOTE_INLINE Sums no_sums() { return set_words(0); }

struct InputSums {};
MOTE_INLINE InputSums no_inputs() { return {}; }
template <typename Inputs> MOTE_INLINE InputSums added(InputSums sums, const Inputs &) { return sums; }
MOTE_INLINE Words total(Sums sums, InputSums) { return sums; }

} // namespace mote::cpu::MOTE_ISA

#endif
