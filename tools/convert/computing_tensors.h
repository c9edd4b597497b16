#pragma once

#include "tensor_role.h"

namespace mote::cli {

/* The tensors of known layers and methods that change what a model computes, by their names. Effect::unknown: of none
 * of them. */
TensorRole computing_role(const ForeignFile &file, const ForeignTensor &tensor);

} // namespace mote::cli
