// The prototypes of the kernels of quantized rows, of which some instruction sets have their own beside the kernels of
// another. Included inside the namespace of each instruction set, so there is no include guard. QuantProduct in
// kernel_types.h says how they lie in memory.
#ifndef MOTE_KERNEL_TYPES_H // an editor parses this file alone
#include "kernel_types.h"
using namespace mote::cpu;
#endif

// q[j] = x[j] * inverse, rounded to float and then to the nearest integer, ties to even, and -127 or 127 where that is
// beyond; j < n, and zeros up to quant_row_bytes(n). Where x[j] is NaN, some such integer.
void quantize_row(int8_t *q, ConstMat x, uint32_t n, float inverse);
// y[0] = activation(bias + the products), n columns. A product adds, by one fused multiply-add,
// float(sum over j < k of x[j] w[j][column]) * (scale of the column * scale of x, rounded): the first to the bias, the
// second to that. kNotFinite where a sum was NaN or infinite, else 0.
uint32_t quant_step(Mat y, const QuantStep &step);
// The same with weights of 4 bits, of which the sum has each group's times its integer.
uint32_t quant4_step(Mat y, const QuantStep &step);
