#include "isa_avx512.h"

#include "quant_dots_avx512.h"

#include "bodies_vectors.inl.h"

#include "kernels.inl.h"

#include "gated_row.inl.h"
#include "root_unit.inl.h"
