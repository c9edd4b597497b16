// What slices run of a window.
#include "linked_parts.h"
#include "slice_part.h"
#include "window_row.h"

namespace mote {
namespace {

uint32_t run_windows(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    Batch &b = s.trainer->batch;
    const Config &c = b.config();
    for (uint32_t r = part.rows.first; r < part.rows.end; ++r) {
        make_window(b, r / b.batch, r % b.batch);
        cpu::gather_windows(work.to.row(r), work.a, b.windows() + size_t{r} * c.context, 1, c.context, c.embed);
    }
    return 0;
}

uint32_t run_add_windows(mote_slices &s, const SliceWork &work, const SlicePart &part) {
    Batch &b = s.trainer->batch;
    const Config &c = b.config();
    cpu::scatter_windows(work.to, work.a.row(part.rows.first), b.windows() + size_t{part.rows.first} * c.context,
                         part.rows.size(), c.context, c.embed);
    return 0;
}

constexpr SlicedInput window(run_windows, run_add_windows);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_input_window_slices, mote::window)
