#include "isa_avx2.h"

#include "quant_dots_avx2.h"

#include "bodies_vectors.inl.h"

#include "kernels.inl.h"

#include "gated_row.inl.h"
