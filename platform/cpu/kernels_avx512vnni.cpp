#include "isa_avx512vnni.h"

#include "quant_dots_vnni.h"

#include "quant_vectors.inl.h"
