#include "lookup.h"

#include <string.h>

namespace mote {

using cpu::ConstMat;
using cpu::Mat;

MOTE_NOINLINE void lookup_forward(Batch &b, Mat y, ConstMat table, const float *bias, uint32_t width) {
    parallel_for(b.split, b.time, 1, b.macs(1, width), [&](Range times) {
        for (uint32_t t = times.first; t < times.end; ++t)
            cpu::gather(y.row(size_t{t} * b.batch), bias, table, b.tokens_at(t), b.batch, width);
        return 0u;
    });
}

MOTE_NOINLINE uint32_t lookup_gradient(Batch &b, Mat gradient, Mat delta, uint32_t width) {
    return parallel_for(b.split, width, cpu::kLanes, b.macs(1, width), [&](Range range) {
        const size_t panel = range.first / cpu::kLanes;
        const Mat to{gradient.data + panel * gradient.panel, gradient.panel};
        const Mat from{delta.data + panel * delta.panel, delta.panel};
        const size_t count = size_t{pad(range.size())} / cpu::kLanes * to.panel;
        memset(to.data, 0, count * sizeof(float));
        for (uint32_t t = 0; t < b.time; ++t)
            cpu::scatter_add(to, from.row(size_t{t} * b.batch), b.tokens_at(t), b.batch, range.size());
        return cpu::flush(to.data, count);
    });
}

} // namespace mote
