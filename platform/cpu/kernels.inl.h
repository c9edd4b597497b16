// Every kernel body, once. Included by each kernels_<isa>.cpp inside the namespace of its instruction set, after the
// vector type and two constants of its tiles: kTileRows, kGemvPanels.

#include "math.inl.h"

#include "gemm.inl.h"

#include "rows.inl.h"

#include "loss.inl.h"

#include "optim.inl.h"
