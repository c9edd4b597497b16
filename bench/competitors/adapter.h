// What adapters have in common. An adapter is a program that is started once and told over stdin what to do, a
// line each, so that adapters can take turns within one run:
//
//   check ID STEPS   -> losses L1 L2 …   from the initial weights; of a product its elements after so many steps
//   time ID STEPS    -> seconds S        of the process's CPU, going on from the last run
//   limit ID         -> seconds S        at the machine's limits, a step; mote alone answers it
//   forget ID        -> forgotten        its memory is free again; the next order begins from the initial weights
//
// "cannot": the adapter has no such work. It begins with a line "ready NAME AND VERSION".
#ifndef MOTE_COMPETITORS_ADAPTER_H
#define MOTE_COMPETITORS_ADAPTER_H

#include <memory>
#include <string>

#include "task.h"

namespace mote_bench {

// Null where the adapter cannot do it.
using MakeTask = std::unique_ptr<Task> (*)(const Workload &w);

// Reads lines until stdin ends; returns the exit status. The limit of a step may be null.
int run_adapter(const std::string &name, MakeTask make_task, double (*limit)(const Workload &w) = nullptr);

} // namespace mote_bench

#endif
