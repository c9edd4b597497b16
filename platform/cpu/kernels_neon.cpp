#include "isa_neon.h"

#include "bodies_vectors.inl.h"

#include "kernels.inl.h"
