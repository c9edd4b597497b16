#include "work.h"

#include <string.h>

namespace mote {

using cpu::ConstMat;
using cpu::Mat;

ConstMat Transposed::take(ConstMat w, uint32_t rows, uint32_t columns) {
    if (next == nullptr) return w;
    const Mat t = matrix(next, columns);
    cpu::transpose(t, w, rows, columns);
    next += size_t{pad(rows)} * columns;
    return t;
}

void Through::add(Mat x, ConstMat d, uint32_t m) const {
    if (packed)
        cpu::gemm(x, d, w, {m, inputs, outputs});
    else
        cpu::gemm_nt(x, d, w, {m, inputs, outputs});
}

static MOTE_NOINLINE void zero_rows(Mat x, uint32_t m, uint32_t columns) {
    for (uint32_t c = 0; c < columns; c += cpu::kLanes, x.data += x.panel)
        memset(x.data, 0, size_t{m} * cpu::kLanes * sizeof(float));
}

void Through::set(Mat x, ConstMat d, uint32_t m) const {
    zero_rows(x, m, inputs);
    add(x, d, m);
}

MOTE_NOINLINE void output_gradients(const mote_model &model, const Work &work, ConstMat top, float *gradients) {
    const mote_config &c = model.config;
    const Mat logits = matrix(work.logits, work.rows());
    cpu::gemm_tn(tensor_of(gradients, c, Role::Output, 0), top, logits, {c.hidden, c.vocab, work.rows()});
    cpu::column_sum(tensor_of(gradients, c, Role::OutputBias, 0).data, logits, work.rows(), c.vocab);
}

MOTE_NOINLINE void output_delta(const mote_model &model, const Work &work, Transposed *turned) {
    const mote_config &c = model.config;
    const Through output(weight(model, Role::Output, 0), c.hidden, c.vocab, turned);
    output.set(matrix(work.delta[0], work.rows()), matrix(work.logits, work.rows()), work.rows());
}

void output_forward(const mote_model &model, Mat logits, ConstMat top, uint32_t rows) {
    const mote_config &c = model.config;
    cpu::fill_rows(logits, weight(model, Role::OutputBias, 0).data, rows, c.vocab);
    cpu::gemm(logits, top, weight(model, Role::Output, 0), {rows, c.vocab, c.hidden});
}

} // namespace mote
