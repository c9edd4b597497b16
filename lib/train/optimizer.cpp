#include "optimizer.h"

#include "arena.h"

namespace mote {

#define MOTE_ONE(number, name) +1u
static_assert(MOTE_OPTIMIZERS(MOTE_ONE) == MOTE_OPTIMIZER_COUNT, "mote_sizes.h says how many optimizers there are");
#undef MOTE_ONE

const Optimizer *find_optimizer(uint32_t optimizer) {
    static const mote_part *const *const parts[] = {
#define MOTE_ENTRY(number, name) &mote_optimizer_##name,
        MOTE_OPTIMIZERS(MOTE_ENTRY)
#undef MOTE_ENTRY
    };
    return static_cast<const Optimizer *>(linked_part(*parts[optimizer]));
}

bool valid_hyperparameters(const mote_train_config &t) {
    if (t.optimizer >= MOTE_OPTIMIZER_COUNT) return false;
    const Optimizer *const optimizer = find_optimizer(t.optimizer);
    return optimizer == nullptr || optimizer->valid(t);
}

bool updates_are_linked(const mote_train_config &t) {
    return find_optimizer(t.optimizer) != nullptr && (mote_bits(t.clip_norm) == 0 || norm_clipping() != nullptr);
}

// Numbers above 0 are in the order of their bits, which takes less code to compare; those of a negative number and of
// NaN are above all of them.
MOTE_NOINLINE bool within_bounds(const mote_train_config &train, const Bounds *bounds) {
    for (;; ++bounds) {
        const uint32_t bits = mote_bits(*at_offset<float>(&train, bounds->offset));
        const bool zero = bounds->may_be_zero && bits == 0;
        if (!zero && (bits < mote_bits(cpu::kQuantum) || bits > mote_bits(bounds->high))) return false;
        if (bounds->is_last) return true;
    }
}

mote_status check_arrays(const void *weights, const void *gradients, size_t count) {
    if (weights == nullptr || gradients == nullptr || count % cpu::kLanes != 0) return MOTE_ERR_ARG;
    return aligned(weights) && aligned(gradients) ? MOTE_OK : MOTE_ERR_ALIGN;
}

} // namespace mote
