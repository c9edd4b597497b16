#pragma once

#include "foreign.h"

#include <string>

namespace mote::cli {

/* What a name of Python in a PyTorch file means to the reader. */
struct TorchGlobal {
    enum class Role { tensor, tensor_of_type, parameter, storage, dtype, size, other };
    const char *name; /* "module.name" */
    Role role;
    /* Of a storage or a dtype; a storage without a type has bytes. */
    Dtype dtype = Dtype::other;
    const char *dtype_name = "";
    size_t item_size = 0;
};

/* The code of a name of Python that tensors need; Pickle::unknown for every other. */
uint32_t torch_global_code(const std::string &name);
const TorchGlobal &torch_global(uint32_t code);

} // namespace mote::cli
