// The bodies of the instruction set that the shared ones build on.
#ifndef MOTE_BODIES_INL_H
#define MOTE_BODIES_INL_H

#include "isa.h"

#if !defined(MOTE_ONE_LANE)
#include "bodies_vectors.inl.h"
#elif defined(MOTE_VFP)
#include "bodies_vfp.inl.h"
#else
#include "bodies_scalar.inl.h"
#endif

#endif
