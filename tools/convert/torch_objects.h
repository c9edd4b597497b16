#pragma once

#include "pickle.h"
#include "torch_globals.h"

#include <string>
#include <string_view>
#include <vector>

namespace mote::cli {

/* A storage as a pickle names it. */
struct TorchStorage {
    std::string_view key;
    uint32_t code; /* of its type, a TorchGlobal */
    uint64_t count;
};

/* A tensor as a pickle describes it; its storage, to which nothing is compared here, may be too short for it. */
struct TorchTensor {
    TorchStorage storage;
    uint64_t offset; /* in elements, as are the strides */
    std::vector<uint64_t> shape, strides;
    uint32_t type_code; /* of its elements: of the storage's type or of a dtype */
};

/* What a persistent node of the pickle stands for. Throws Failure. */
TorchStorage torch_storage(const Pickle &pickle, Pickle::Id persistent);

/* The dictionary of tensors that a key leads to: nothing else is in it. Throws Failure, which tells what other key
 * would lead to one. */
Pickle::Id torch_state_dict(const Pickle &pickle, const std::string &key);

/* A value of such a dictionary. Throws Failure. */
TorchTensor torch_tensor(const Pickle &pickle, Pickle::Id value);

} // namespace mote::cli
