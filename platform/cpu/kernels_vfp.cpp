#include "isa_vfp.h"

#include "bodies_vfp.inl.h"

#include "kernels.inl.h"
