#pragma once

#include "tensor_role.h"

namespace mote::cli {

/* The tensors that are known to do nothing when a model runs: by their names, and where their shapes and values are
 * those of such a tensor. Effect::unknown: none of them. */
TensorRole harmless_role(const ForeignFile &file, const ForeignTensor &tensor);

/* The tensor that this one is a running average of, by its name, as of "ema.fc.weight" "fc.weight"; null: of none. */
const ForeignTensor *averaged_tensor(const ForeignFile &file, const ForeignTensor &tensor);

} // namespace mote::cli
