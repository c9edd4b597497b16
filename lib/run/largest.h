// The largest of logits, from which all exponentials of a softmax count.
#ifndef MOTE_LARGEST_H
#define MOTE_LARGEST_H

#include "numeric.h"

namespace mote {

// The first of the largest of finite logits; null where one is NaN or infinite.
MOTE_INLINE const float *largest(const float *logits, uint32_t vocab) {
    const float *most = logits;
    float max = *logits; // in a register: a comparison need not wait for the last one's choice of an address
    for (const float *x = logits; x != logits + vocab; ++x) {
        const float here = *x;
        if (!finite(here)) return nullptr;
        if (max < here) {
            max = here;
            most = x;
        }
    }
    return most;
}

} // namespace mote

#endif
