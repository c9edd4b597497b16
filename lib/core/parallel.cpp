#include "parallel.h"

#include "port.h"

#if !defined(MOTE_WITHOUT_THREADS)

namespace mote {
namespace {

// What a task needs to know; each leaves its result in a place of its own.
struct Tasks {
    RangeFunction call;
    const void *work;
    uint32_t n, unit, count;
    uint8_t started[MOTE_MAX_TASKS]; // bytes, for the stack that a step may use
    uint32_t results[MOTE_MAX_TASKS];
};

void run_task(void *work, uint32_t index) {
    Tasks &tasks = *static_cast<Tasks *>(work);
    // A task that is run twice would add to its result twice. Each has one byte to itself, and one caller.
    if (index >= tasks.count || tasks.started[index] != 0) return;
    tasks.started[index] = 1;
    const uint64_t units = (uint64_t{tasks.n} + tasks.unit - 1) / tasks.unit;
    const uint64_t first = units * index / tasks.count * tasks.unit;
    const uint64_t end = units * (index + 1) / tasks.count * tasks.unit;
    const Range range{static_cast<uint32_t>(first), static_cast<uint32_t>(end < tasks.n ? end : tasks.n)};
    if (range.first < range.end) tasks.results[index] = tasks.call(tasks.work, range);
}

} // namespace

MOTE_NOINLINE uint32_t run_tasks(WorkSplit &split, uint32_t n, uint32_t unit, RangeFunction call, const void *work) {
    Tasks tasks{call, work, n, unit, split.tasks, {}, {}};
    split.run(split.user, run_task, &tasks, tasks.count);
    uint32_t results = 0;
    for (uint32_t i = 0; i < tasks.count; ++i) {
        if (tasks.started[i] == 0) {
            split.missed = 1;
            run_task(&tasks, i);
        }
        results |= tasks.results[i];
    }
    return results;
}

} // namespace mote

#endif
