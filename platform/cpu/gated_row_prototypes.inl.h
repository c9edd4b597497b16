// A kernel that AVX2 and AVX-512 have alone. Included inside their namespaces, so there is no include guard.
#ifndef MOTE_KERNEL_TYPES_H // an editor parses this file alone
#include "kernel_types.h"
using namespace mote::cpu;
#endif

// A layer of n gated recurrent units for one row in one pass: h as row_step() of both products, without activation, and
// then gates() give it. products[0] is that of the input, with three blocks of columns, products[1] that of the state
// before, with the last three; none is longer than kLongestGated. The bias has all four blocks. kNotFinite where a sum
// was NaN or infinite, else 0.
uint32_t gated_row(Mat h, const RowStep &step);
