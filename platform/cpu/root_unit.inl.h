// Kernels that take roots, by the instruction: the same bits as those of the same name without `_by_root_unit`, and
// faster on a processor whose root unit is.
#ifndef MOTE_ROOT_UNIT_INL_H
#define MOTE_ROOT_UNIT_INL_H

#include "update.inl.h"

namespace mote::cpu::MOTE_ISA {

void adagrad_by_root_unit(float *w, const float *g, float *s, size_t count, float learning_rate, float eps) {
    adagrad_of<true>(w, g, s, count, learning_rate, eps);
}
void adamw_by_root_unit(float *w, const float *g, float *m, float *v, size_t count, const AdamW &p) {
    adamw_of<true>(w, g, m, v, count, p);
}
void adagrad_product_by_root_unit(Mat gradient, ConstMat a, ConstMat b, const Shape &s, const Update &u) {
    update_product(gradient, a, b, s, u.limit, adagrad_rule<true>(u));
}
void adagrad_rows_by_root_unit(Mat gradient, Tokens t, uint32_t m, uint32_t n, const Update &u) {
    update_rows(gradient, t, m, n, u.limit, adagrad_rule<true>(u));
}

} // namespace mote::cpu::MOTE_ISA

#endif
