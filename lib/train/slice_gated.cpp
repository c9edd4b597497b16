// What slices run of a gated recurrent unit.
#include "gated_sums.h"
#include "linked_parts.h"
#include "slice_part.h"

namespace mote {
namespace {

using cpu::Mat;

uint32_t run_candidate(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    begin_candidate(s.trainer->batch.config(), work.to.row(part.rows.first), work.bias, part.rows.size());
    return 0;
}

// Of one panel of units: the four sums of each are as far apart as the panels of a matrix of that one panel would be.
Mat sums_of_panel(const Mat &sums, uint32_t panel, const SliceWork &work) {
    return {sums.data + panel * sums.panel, work.panels * sums.panel};
}

// The sums and the activations before become those of a time step.
uint32_t run_gates(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    Batch &b = s.trainer->batch;
    const Mat sums = b.sums(s.layer).row(size_t{b.batch} * s.time + part.rows.first);
    uint32_t bad = 0;
    for (uint32_t p = part.panels.first; p < part.panels.end; ++p) {
        const SlicePart one{part.rows, {p, p + 1}};
        bad |= cpu::gates(from(work.to, one), sums_of_panel(sums, p, work), from(work.a, one), part.rows.size(),
                          columns_of(work, one));
    }
    return bad;
}

// The gradients of a layer's outputs; those of its sums take the places of these.
uint32_t run_gate_deltas(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    Batch &b = s.trainer->batch;
    if (work.depth != 0) run_transposed(s, work, part);
    const size_t now = size_t{b.batch} * s.time + part.rows.first;
    const Mat sums = b.sums(s.layer).row(now), before = b.hidden_with_carried(s.layer).row(now);
    for (uint32_t p = part.panels.first; p < part.panels.end; ++p) {
        const SlicePart one{part.rows, {p, p + 1}};
        const Mat d = from(work.to, one);
        Mat of_before{nullptr, 0}; // the time before
        if (s.time != 0) of_before = {d.data - b.batch * cpu::kLanes, d.panel};
        cpu::gates_gradient(sums_of_panel(sums, p, work), d, {before.data + p * before.panel, before.panel}, of_before,
                            part.rows.size(), columns_of(work, one));
    }
    return 0;
}

constexpr SlicedCell gated(run_candidate, run_gates, run_gate_deltas);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_cell_gated_slices, mote::gated)
