#include "lookup.h"

#include <string.h>

namespace mote {

using cpu::ConstMat;
using cpu::Mat;

MOTE_NOINLINE void lookup_forward(Batch &b, Mat y, ConstMat table, const float *bias, uint32_t width) {
    parallel_for(b.split, b.time, 1, b.macs(1, width), [&](Range times) {
        if (cpu::kRoomForCode && b.batch == 1) {
            cpu::gather(y.row(times.first), bias, table, {b.tokens + times.first, 1}, times.size(), width);
            return 0u;
        }
        for (uint32_t t = times.first; t < times.end; ++t)
            cpu::gather(y.row(size_t{t} * b.batch), bias, table, b.tokens_at(t), b.batch, width);
        return 0u;
    });
}

RowsRead rows_read(const uint16_t *tokens, uint32_t count, uint32_t vocab) {
    if (count < vocab) return {{tokens, 1}, count};
    return {{nullptr, 0}, vocab};
}

void clear_rows(Mat table, const RowsRead &rows, uint32_t width) {
    const uint32_t panels = pad(width) / cpu::kLanes;
    if (rows.tokens.first == nullptr) {
        memset(table.data, 0, panels * table.panel * sizeof(float));
        return;
    }
    for (uint32_t i = 0; i < rows.count; ++i)
        for (uint32_t p = 0; p < panels; ++p)
            memset(table.row(rows.tokens.first[i]).data + p * table.panel, 0, cpu::kLanes * sizeof(float));
}

namespace {

void add_rows(Batch &b, Mat gradient, Mat delta, uint32_t width) {
    if (cpu::kRoomForCode && b.batch == 1) return cpu::scatter_add(gradient, delta, {b.tokens, 1}, b.time, width);
    for (uint32_t t = 0; t < b.time; ++t)
        cpu::scatter_add(gradient, delta.row(size_t{t} * b.batch), b.tokens_at(t), b.batch, width);
}

} // namespace

MOTE_NOINLINE uint32_t lookup_gradient(Batch &b, Mat gradient, Mat delta, uint32_t width) {
    if (b.updates()) {
        const RowsRead rows = rows_read(b.tokens, b.rows(), b.config().vocab);
        clear_rows(gradient, rows, width);
        add_rows(b, gradient, delta, width);
        b.update->rows(gradient, rows.tokens, rows.count, width, b.update->with);
        return 0;
    }
    return parallel_for(b.split, width, cpu::kLanes, b.macs(1, width), [&](Range range) {
        const size_t panel = range.first / cpu::kLanes;
        const Mat to{gradient.data + panel * gradient.panel, gradient.panel};
        const Mat from{delta.data + panel * delta.panel, delta.panel};
        const size_t count = size_t{pad(range.size())} / cpu::kLanes * to.panel;
        memset(to.data, 0, count * sizeof(float));
        add_rows(b, to, from, range.size());
        return cpu::flush(to.data, count);
    });
}

} // namespace mote
