// The initial values of a product, where its chains begin in memory and not in registers.
#ifndef MOTE_INIT_ROWS_INL_H
#define MOTE_INIT_ROWS_INL_H

#include "panels.inl.h"

namespace mote::cpu::MOTE_ISA {

// The initial values of 16 chains of panel p: `row` itself where they accumulate.
MOTE_INLINE const float *initial_row(const float *row, uint32_t p, Init init) {
    if (!init.overwrite) return row;
    return init.bias != nullptr ? init.at(p).bias : kZeros;
}

// Stores the initial values of all chains, which then accumulate.
MOTE_NOINLINE static void init_rows(Mat c, const Shape &s, const Init &init) {
    if (!init.overwrite) return;
    for (uint32_t p = 0; p < panel_count(s.n); ++p)
        for (uint32_t i = 0; i < s.m; ++i) {
            float *const row = c.data + p * c.panel + i * kLanes;
            if (init.bias != nullptr)
                memcpy(row, init.at(p).bias, kLanes * sizeof *row);
            else
                memset(row, 0, kLanes * sizeof *row);
        }
}

} // namespace mote::cpu::MOTE_ISA

#endif
