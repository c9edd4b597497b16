// The bodies of kernels that are the same for every instruction set.
#ifndef MOTE_KERNELS_INL_H
#define MOTE_KERNELS_INL_H

#include "arithmetic_check.inl.h"
#include "gates.inl.h"
#include "loss.inl.h"
#include "numbers.inl.h"
#include "optim.inl.h"
#include "rows.inl.h"
#include "table_loss.inl.h"
#include "transpose.inl.h"
#include "update.inl.h"

#endif
