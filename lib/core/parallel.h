// Sharing a stage of a training step among the caller's threads.
#ifndef MOTE_PARALLEL_H
#define MOTE_PARALLEL_H

#include "mote.h"
#include "port.h"

namespace mote {

// A range of what is split: rows, columns or time steps.
struct Range {
    uint32_t first, end;

    uint32_t size() const { return end - first; }
};

// How the work of a step is split: into tasks that the caller may run on threads of its own. Each task has rows or
// columns to itself, so that who computes one changes no bit.
struct WorkSplit {
    mote_parallel_fn run; // null: one task, on the thread of the call
    void *user;
    uint16_t tasks;    // 1 … MOTE_MAX_TASKS
    uint16_t missed;   // not 0: the caller's function has returned without running every task
    uint32_t min_macs; // multiply-adds from which on a stage is split
};

// A stage of fewer multiply-adds is not split. Two threads of this library's program broke even, a stage beside one
// alone, at about a million with AVX-512: 20 microseconds, of which waking a thread takes half.
constexpr uint32_t kMinParallelMacs = 1000000;

#if defined(MOTE_WITHOUT_THREADS)

// f of all.
template <typename F> uint32_t parallel_for(WorkSplit &, uint32_t n, uint32_t, uint64_t, const F &f) {
    return f(Range{0, n});
}

#else

using RangeFunction = uint32_t (*)(const void *work, Range range);
uint32_t run_tasks(WorkSplit &split, uint32_t n, uint32_t unit, RangeFunction call, const void *work);

// Tasks that the caller's function leaves out are run here, so that a result is always whole, and noted in `missed`.
//
// f(range) for ranges that make up 0 … n, split at multiples of `unit`; returns what they return, or'ed. `macs`: how
// many multiply-adds it is in all.
template <typename F> uint32_t parallel_for(WorkSplit &split, uint32_t n, uint32_t unit, uint64_t macs, const F &f) {
    if (split.run == nullptr || macs < split.min_macs) return f(Range{0, n});
    return run_tasks(
        split, n, unit,
        [](const void *work, Range range) -> uint32_t { return (*static_cast<const F *>(work))(range); }, &f);
}

#endif

} // namespace mote

#endif
