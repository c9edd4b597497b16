// Every kernel body, once. Included by each kernels_<isa>.cpp inside the namespace of its instruction set, after the
// vector type and the sizes of its tiles: kTileRows rows by kTilePanels panels; kGemvPanels panels of one row.

#include "math.inl.h"

#include "gemm.inl.h"

#include "transpose.inl.h"

#include "rows.inl.h"

#include "loss.inl.h"

#include "draw.inl.h"

#include "optim.inl.h"
