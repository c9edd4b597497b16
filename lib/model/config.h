// What a configuration means: whether it is valid, and the widths that follow from it.
#ifndef MOTE_CONFIG_H
#define MOTE_CONFIG_H

#include "kernels.h"
#include "known_config.h"

namespace mote {

// MOTE_ERR_UNSUPPORTED: an input, cell or activation that a later version may have; MOTE_ERR_ARG; MOTE_ERR_SIZE.
mote_status check_config(const mote_config &config);
inline bool valid(const mote_config &config) { return check_config(config) == MOTE_OK; }
bool same_config(const mote_config &a, const mote_config &b);

// Rounded up to whole panels.
constexpr uint32_t pad(uint32_t n) { return (n + cpu::kLanes - 1) / cpu::kLanes * cpu::kLanes; }
// The formulas of mote_sizes.h with it: a width that is in range fits into 32 bits, where it takes less code; so do the
// inputs of all products.
#undef MOTE_SZ_PAD
#define MOTE_SZ_PAD(n) mote::pad(static_cast<uint32_t>(n))
#undef MOTE_SZ_NUMBER
#define MOTE_SZ_NUMBER(n) static_cast<uint32_t>(n)

// Whether weights are integers, which do not learn.
inline bool is_quantized(const Config &c) { return MOTE_SZ_QUANTIZED(c.precision); }
// The unit that it counts.
constexpr size_t kPanelUnit = 16;
static_assert(kPanelUnit * MOTE_SZ_DEPTH(MOTE_PRECISION_INT8, 5) == cpu::quant_panel_bytes(5) &&
                  kPanelUnit * MOTE_SZ_DEPTH(MOTE_PRECISION_INT4, 65) == cpu::quant4_panel_bytes(65),
              "panels are those of the kernels");
// MOTE_SZ_DEPTH, once.
MOTE_OF_CONFIG uint32_t panel_units(uint32_t precision, uint32_t inputs) { return MOTE_SZ_DEPTH(precision, inputs); }
#undef MOTE_SZ_DEPTH
#define MOTE_SZ_DEPTH(P, k) mote::panel_units(P, static_cast<uint32_t>(k))

// The inputs of the first product.
MOTE_INLINE_OF_CONFIG uint32_t input_width(const Config &c) {
    return static_cast<uint32_t>(MOTE_SZ_INPUTS(c.input, c.vocab, c.context, c.embed));
}
// The width of the array that the input layer fills; 0 for a one-hot, which needs none.
inline uint32_t filled_width(const Config &c) {
    return static_cast<uint32_t>(MOTE_SZ_FILLED(c.input, c.context, c.embed));
}
// Whether activations are carried from one step to the next.
inline bool is_recurrent(const Config &c) { return MOTE_SZ_RECURRENT(c.cell) != 0; }
static_assert(MOTE_MAX_INTEGER_INPUTS == cpu::kMostQuantInputs && MOTE_MAX_WIDTH <= MOTE_MAX_INTEGER_INPUTS,
              "of hidden layers every width is short enough");
// Tokens of a row of a batch: the first prediction from a window has a whole context before it.
inline uint32_t row_tokens(const Config &c, uint32_t time) { return time + (c.context > 1 ? c.context - 1 : 0); }

} // namespace mote

#endif
