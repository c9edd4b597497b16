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

/* Old files also keep classes outside the pickle. */
bool torch_is_storage(const Pickle &pickle, Pickle::Id persistent);

bool torch_is_tensor(const Pickle &pickle, Pickle::Id value);
/* What a value is, for messages: "a tensor", "a dictionary", "an object that … would make, which is never executed". */
std::string torch_what_is(const Pickle &pickle, Pickle::Id value);

/* A value that is a tensor. Throws Failure. */
TorchTensor torch_tensor(const Pickle &pickle, Pickle::Id value);

} // namespace mote::cli
