// Kernels that AVX-512 has twice. Included inside its namespace, so there is no include guard.
#ifndef MOTE_KERNEL_TYPES_H // an editor parses this file alone
#include "kernel_types.h"
using namespace mote::cpu;
#endif

// The kernels of these names, with roots by the instruction.
void adagrad_by_root_unit(float *w, const float *g, float *s, size_t count, float learning_rate, float eps);
void adamw_by_root_unit(float *w, const float *g, float *m, float *v, size_t count, const AdamW &p);
void adagrad_product_by_root_unit(Mat gradient, ConstMat a, ConstMat b, const Shape &s, const Update &u);
void adagrad_rows_by_root_unit(Mat gradient, Tokens t, uint32_t m, uint32_t n, const Update &u);
