// The vectors of the instruction set: Vec, Mask, kVecLanes, and what can be done with them.
#ifndef MOTE_VEC_H
#define MOTE_VEC_H

#include "isa.h"

#if defined(MOTE_ONE_LANE)
#include "vec_scalar.h"
#else
#include "vec_xsimd.h"
#endif

#endif
