// Operands of a part of a stage's work.
#ifndef MOTE_SLICE_PART_H
#define MOTE_SLICE_PART_H

#include "slices.h"

namespace mote {

// From a panel on, and from a row on.
inline cpu::Mat from(cpu::Mat m, const SlicePart &part) {
    return cpu::Mat{m.data + part.panels.first * m.panel, m.panel}.row(part.rows.first);
}
inline cpu::ConstMat from(cpu::ConstMat m, const SlicePart &part) {
    return cpu::ConstMat{m.data + part.panels.first * m.panel, m.panel}.row(part.rows.first);
}
inline cpu::ConstMat panels_from(cpu::ConstMat m, uint32_t panel) { return {m.data + panel * m.panel, m.panel}; }
inline const float *columns_from(const float *bias, uint32_t panel) {
    return bias != nullptr ? bias + panel * cpu::kLanes : nullptr;
}
// The columns of a part.
inline uint32_t columns_of(const SliceWork &work, const SlicePart &part) {
    const uint32_t end = part.panels.end * cpu::kLanes;
    return (end < work.width ? end : work.width) - part.panels.first * cpu::kLanes;
}
inline cpu::Init start_of(const SliceWork &work, const SlicePart &part) {
    return work.accumulate ? cpu::kAccumulate : cpu::from_bias(columns_from(work.bias, part.panels.first));
}

// The place of a row of the batch in its targets, and in tokens without a window.
inline size_t place_of(const Batch &b, uint32_t row) { return size_t{row % b.batch} * b.time + row / b.batch; }

} // namespace mote

#endif
