#pragma once

#include "aligned_memory.h"
#include "plan.h"
#include "token_order.h"

namespace mote::cli {

/* A model in RAM, with its memory. */
struct Assembled {
    OwnArena arena;
    mote_model *model = nullptr;
    uint64_t flushed = 0; /* weights below 2^-40, the least that mote stores, that became 0 */
};

/* Sums the sources, in double precision, rounds to float and puts tokens into mote's order. Throws Failure, naming the
 * tensor and the place in it, for NaN, infinity and what a float cannot hold. */
Assembled assemble(const Plan &plan, const TokenOrder &order);

} // namespace mote::cli
