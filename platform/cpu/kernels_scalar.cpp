#include "isa_scalar.h"

#include "bodies_scalar.inl.h"

#include "kernels.inl.h"
