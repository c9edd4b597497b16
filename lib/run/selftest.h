// The self-test: the hashes of the logits after each token of a prompt.
#ifndef MOTE_SELFTEST_H
#define MOTE_SELFTEST_H

#include "model.h"
#include "mote_format.h"
#include "state.h"

namespace mote {

struct SelftestResults {
    uint16_t prompt[MOTE_FORMAT_PROMPT];
    uint64_t hashes[MOTE_FORMAT_PROMPT];
};
static_assert(sizeof(SelftestResults) == MOTE_SZ_SELFTEST, "the size macro of the scratch counts on it");

inline uint32_t scratch_bytes(const Config &c) { return MOTE_SZ_SELFTEST + state_bytes(c); }
// Computes them in zeroed memory of scratch_bytes, whose beginning they are.
mote_status compute_selftest(const mote_model &model, void *memory);

} // namespace mote

#endif
