// A workload being worked on, by mote or by a competitor.
#ifndef MOTE_BENCH_TASK_H
#define MOTE_BENCH_TASK_H

#include <cstddef>
#include <memory>

#include "workloads.h"

namespace mote_bench {

class Task {
  public:
    virtual ~Task() = default;
    // Goes on by so many steps, or characters; losses[i]: the loss of the i-th, as mote would report it.
    virtual void run(std::size_t steps, float *losses) = 0;
    // Of a product, which has no loss: the result so far, row by row.
    virtual std::vector<float> elements() const { return {}; }
};

// From the initial weights, in the instruction set that the library uses.
std::unique_ptr<Task> make_mote_task(const Workload &w);
std::unique_ptr<Task> make_mote_product(const Product &p);

} // namespace mote_bench

#endif
