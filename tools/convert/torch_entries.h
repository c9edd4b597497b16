#pragma once

#include "pickle.h"

#include <string>
#include <vector>

namespace mote::cli {

/* A value of the dictionary or list that a file is read from. */
struct TorchEntry {
    std::string name;
    Pickle::Id value;
    std::string unusable; /* of what is not a tensor: what it is, as of a ForeignTensor */
};

/* The entries of the dictionary or list that a key leads to ("a.b": through dictionaries, objects that hold entries as
 * a dictionary does, and by position through lists), or of the top object. What lies in a list is named by its
 * position from 0, lists within it "0.1". Throws Failure where there are no tensors, or where other keys lead to
 * tensors and none was given: it tells which. */
std::vector<TorchEntry> torch_entries(const Pickle &pickle, const std::string &key);

} // namespace mote::cli
