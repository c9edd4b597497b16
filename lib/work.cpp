#include "work.h"

#include <string.h>

namespace mote {

using cpu::ConstMat;
using cpu::Mat;

namespace {

#if !defined(MOTE_WITHOUT_THREADS)
// What a part needs to know; each leaves its result in a place of its own.
struct Cut {
    PartFunction call;
    const void *work;
    uint32_t n, unit, count;
    uint32_t results[MOTE_MAX_PARTS];
};

void run_part(void *work, uint32_t index) {
    Cut &cut = *static_cast<Cut *>(work);
    if (index >= cut.count) return;
    const uint64_t units = (uint64_t{cut.n} + cut.unit - 1) / cut.unit;
    const uint64_t first = units * index / cut.count * cut.unit, end = units * (index + 1) / cut.count * cut.unit;
    const Range range{static_cast<uint32_t>(first), static_cast<uint32_t>(end < cut.n ? end : cut.n)};
    if (range.first < range.end) cut.results[index] = cut.call(cut.work, range);
}
#endif

// Columns from the first of a range on, a multiple of 16.
Mat columns(Mat x, Range range) { return {x.data + range.first / cpu::kLanes * x.panel, x.panel}; }
ConstMat columns(ConstMat x, Range range) { return {x.data + range.first / cpu::kLanes * x.panel, x.panel}; }

} // namespace

MOTE_NOINLINE Mat tensor_of(float *array, const mote_config &config, Role role, uint32_t layer) {
    const TensorSpec spec = tensor_spec(config, tensor_index(config, role, layer));
    return matrix(array + spec.offset, spec.rows);
}

Mat zeroed_tensor(float *array, const mote_config &config, Role role, uint32_t layer) {
    const TensorSpec spec = tensor_spec(config, tensor_index(config, role, layer));
    return matrix(static_cast<float *>(memset(array + spec.offset, 0, spec.count() * sizeof(float))), spec.rows);
}

#if !defined(MOTE_WITHOUT_THREADS)
MOTE_NOINLINE uint32_t run_parts(const Parts &parts, uint32_t n, uint32_t unit, PartFunction call, const void *work) {
    Cut cut{call, work, n, unit, parts.count, {}};
    parts.run(parts.user, run_part, &cut, cut.count);
    uint32_t results = 0;
    for (uint32_t i = 0; i < cut.count; ++i) results |= cut.results[i];
    return results;
}
#endif

MOTE_NOINLINE uint32_t product_gradients(const Parts &parts, Mat c, ConstMat a, ConstMat b, cpu::Shape s) {
    return each_part(parts, s.m, cpu::kLanes, uint64_t{s.m} * s.n * s.k, [&](Range range) {
        return cpu::gemm_tn(c.row(range.first), columns(a, range), b, {range.size(), s.n, s.k}, cpu::kFromZero);
    });
}

MOTE_NOINLINE uint32_t bias_gradients(const Parts &parts, float *out, ConstMat a, uint32_t m, uint32_t n) {
    return each_part(parts, n, cpu::kLanes, uint64_t{m} * n, [&](Range range) {
        return cpu::column_sum(out + range.first, columns(a, range), m, range.size());
    });
}

MOTE_NOINLINE ConstMat Transposed::take(ConstMat w, uint32_t rows, uint32_t columns) {
    const Mat t = matrix(next, columns);
    each_part(parts, rows, cpu::kLanes, uint64_t{rows} * columns, [&](Range range) {
        cpu::transpose(mote::columns(t, range), w.row(range.first), range.size(), columns);
        return 0u;
    });
    next += size_t{pad(rows)} * columns;
    return t;
}

Through::Through(ConstMat weights, uint32_t k, uint32_t n, uint32_t rows, Transposed *transposed)
    : w(weights), turned(cpu::kTurning && transposed->next != nullptr && rows >= kWorthTurning), inputs(k), outputs(n) {
    if (turned) w = transposed->take(weights, k, n);
}

void Through::run(Mat x, ConstMat d, uint32_t m, cpu::Start start) const {
    if (turned)
        cpu::gemm(x, d, w, {m, inputs, outputs}, start);
    else
        cpu::gemm_nt(x, d, w, {m, inputs, outputs}, start);
}

MOTE_NOINLINE uint32_t output_gradients(const mote_model &model, const Work &work, ConstMat top, float *gradients) {
    const mote_config &c = model.config;
    const Mat logits = matrix(work.logits, work.rows());
    const uint32_t found = product_gradients(work.parts, tensor_of(gradients, c, Role::Output, 0), top, logits,
                                             {c.hidden, c.vocab, work.rows()});
    return found |
           bias_gradients(work.parts, tensor_of(gradients, c, Role::OutputBias, 0).data, logits, work.rows(), c.vocab);
}

MOTE_NOINLINE void output_delta(const mote_model &model, const Work &work, Transposed *turned) {
    const mote_config &c = model.config;
    const Through output(weight(model, Role::Output, 0), c.hidden, c.vocab, work.rows(), turned);
    const Mat delta = matrix(work.delta[0], work.rows()), logits = matrix(work.logits, work.rows());
    each_part(work.parts, work.rows(), 1, uint64_t{work.rows()} * c.hidden * c.vocab, [&](Range range) {
        output.run(delta.row(range.first), logits.row(range.first), range.size(), cpu::kFromZero);
        return 0u;
    });
}

void output_forward(const mote_model &model, Mat logits, ConstMat top, uint32_t rows) {
    const mote_config &c = model.config;
    cpu::gemm(logits, top, weight(model, Role::Output, 0), {rows, c.vocab, c.hidden},
              {true, weight(model, Role::OutputBias, 0).data});
}

void batch_output(const mote_model &model, const Work &work, ConstMat top) {
    const mote_config &c = model.config;
    const Mat logits = matrix(work.logits, work.rows());
    each_part(work.parts, work.rows(), 1, uint64_t{work.rows()} * c.hidden * c.vocab, [&](Range range) {
        output_forward(model, logits.row(range.first), top.row(range.first), range.size());
        return 0u;
    });
}

} // namespace mote
