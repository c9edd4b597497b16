#include "linear.h"

namespace mote {

using cpu::ConstMat;
using cpu::Mat;

namespace {

// Weights that are read once are transposed in blocks of so many, each used while a cache holds it, and at least of so
// many columns, three panels: 0.78 to 0.98 of the time of a step of SGD with 5 to 16 rows from 128 x 256 weights on.
// Twice as many and half as many are as fast.
constexpr uint32_t kBlockWeights = 12288, kLeastBlockColumns = 48;

// Columns from the first of a range on, a multiple of 16.
Mat columns(Mat x, Range range) { return {x.data + range.first / cpu::kLanes * x.panel, x.panel}; }
ConstMat columns(ConstMat x, Range range) { return {x.data + range.first / cpu::kLanes * x.panel, x.panel}; }

} // namespace

MOTE_NOINLINE void linear_forward(const Linear &l, Batch &b, Mat y, const BatchInput &x) {
    if (x.one_hot != nullptr) return x.one_hot->forward(b, y, l.weights, l.bias, l.outputs);
    parallel_for(b.split, b.rows(), 1, b.macs(l.inputs, l.outputs), [&](Range rows) {
        cpu::gemm(y.row(rows.first), x.x.row(rows.first), l.weights, {rows.size(), l.outputs, l.inputs},
                  cpu::from_bias(l.bias));
        return 0u;
    });
}

uint32_t weight_gradient(Batch &b, Mat gradient, const BatchInput &x, Mat delta, uint32_t outputs) {
    if (x.one_hot != nullptr) return x.one_hot->gradient(b, gradient, delta, outputs);
    return product_gradient(b, gradient, x.x, delta, x.width, outputs);
}

// The sums over the rows are split by the rows of the result, or by its columns.
MOTE_NOINLINE uint32_t product_gradient(Batch &b, Mat gradient, ConstMat x, Mat delta, uint32_t inputs,
                                        uint32_t outputs) {
    if (b.updates()) {
        b.update->product(gradient, x, delta, {inputs, outputs, b.rows()}, b.update->with);
        return 0;
    }
    return parallel_for(b.split, inputs, cpu::kLanes, b.macs(inputs, outputs), [&](Range range) {
        return cpu::gemm_tn(gradient.row(range.first), columns(x, range), delta, {range.size(), outputs, b.rows()},
                            cpu::kFromZero);
    });
}

MOTE_NOINLINE uint32_t bias_gradient(Batch &b, float *gradient, Mat delta, uint32_t outputs) {
    if (b.updates()) {
        cpu::column_sum(gradient, delta, b.rows(), outputs);
        b.update->rows(matrix(gradient, 1), {nullptr, 0}, 1, outputs, b.update->with);
        return 0;
    }
    return parallel_for(b.split, outputs, cpu::kLanes, b.macs(1, outputs), [&](Range range) {
        return cpu::column_sum(gradient + range.first, columns(delta, range), b.rows(), range.size());
    });
}

MOTE_NOINLINE ConstMat TransposedWeights::transpose(ConstMat w, uint32_t rows, uint32_t columns_of_w) {
    const Mat t = matrix(next, columns_of_w);
    parallel_for(split, rows, cpu::kLanes, uint64_t{rows} * columns_of_w, [&](Range range) {
        cpu::transpose(columns(t, range), w.row(range.first), range.size(), columns_of_w);
        return 0u;
    });
    next += size_t{pad(rows)} * columns_of_w;
    return t;
}

InputGradient::InputGradient(ConstMat weights, uint32_t k, uint32_t n, uint32_t rows, TransposedWeights *room)
    : w(weights), transposed(transposes(rows, *room)), inputs(k), outputs(n) {
    if (transposed) w = room->transpose(weights, k, n);
}

void InputGradient::run(Mat dx, ConstMat dy, uint32_t m, cpu::Init start) const {
    if (transposed)
        cpu::gemm(dx, dy, w, {m, inputs, outputs}, start);
    else
        cpu::gemm_nt(dx, dy, w, {m, inputs, outputs}, start);
}

MOTE_NOINLINE void gradient_by_blocks(Batch &b, const Linear &l, Mat dx, ConstMat dy, TransposedWeights *room) {
    const uint32_t fit = kBlockWeights / l.outputs / cpu::kLanes * cpu::kLanes,
                   most = fit > kLeastBlockColumns ? fit : kLeastBlockColumns;
    const Mat block = matrix(room->next, l.outputs);
    for (uint32_t first = 0; first < l.inputs; first += most) {
        const uint32_t count = l.inputs - first < most ? l.inputs - first : most;
        cpu::transpose(block, l.weights.row(first), count, l.outputs);
        cpu::gemm(columns(dx, {first, first + count}), dy, block, {b.rows(), count, l.outputs}, cpu::kFromZero);
    }
}

MOTE_NOINLINE void gradient_by_rows(Batch &b, const Linear &l, Mat dx, ConstMat dy, TransposedWeights *room) {
    const InputGradient gradient(l.weights, l.inputs, l.outputs, b.rows(), room);
    parallel_for(b.split, b.rows(), 1, b.macs(l.inputs, l.outputs), [&](Range rows) {
        gradient.run(dx.row(rows.first), dy.row(rows.first), rows.size(), cpu::kFromZero);
        return 0u;
    });
}

} // namespace mote
