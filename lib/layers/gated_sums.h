// The four sums of a layer of gated recurrent units, which stand side by side: n's of the input, r, z, n's of the
// state.
#ifndef MOTE_GATED_SUMS_H
#define MOTE_GATED_SUMS_H

#include <string.h>

#include "model.h"

namespace mote {

// The columns of a product.
inline uint32_t product_width(const Config &c) { return 3 * pad(c.hidden); }
// Of the four sums, those from one on.
inline cpu::Mat from_sum(const Config &c, cpu::Mat sums, uint32_t first) {
    return {sums.data + first * (pad(c.hidden) / cpu::kLanes) * sums.panel, sums.panel};
}
inline cpu::Mat of_state(const Config &c, cpu::Mat sums) { return from_sum(c, sums, 1); }

// The last of a layer's four biases.
inline const float *state_bias(const mote_model &model, uint32_t layer) {
    return weight(model, Role::Bias, layer).data + product_width(model.config);
}

// What the product of the state begins with beside the gates' sums.
inline void begin_candidate(const Config &c, cpu::Mat sums, const float *bias, uint32_t rows) {
    const cpu::Mat to = from_sum(c, sums, 3);
    for (uint32_t p = 0; p < pad(c.hidden) / cpu::kLanes; ++p)
        for (uint32_t r = 0; r < rows; ++r)
            memcpy(to.row(r).data + p * to.panel, bias + p * cpu::kLanes, cpu::kLanes * sizeof *bias);
}

} // namespace mote

#endif
