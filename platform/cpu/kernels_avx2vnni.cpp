#include "isa_avx2vnni.h"

#include "quant_dots_vnni.h"

#include "quant_vectors.inl.h"
