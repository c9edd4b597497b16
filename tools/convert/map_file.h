#pragma once

#include "assignment.h"

namespace mote::cli {

/* What a mapping file says:
 *   {"model": "bigram" | "mlp" | "rnn" | "gru",
 *    "activation": "tanh" | "relu",                      of an rnn or gru, where it is left out, tanh
 *    "context": 3,                                       of an mlp; where it is left out, from the shapes
 *    "tensors": {"weight_l0": "their name"               for each tensor of mote's by its name in mote.h
 *                           | ["one", "added to it", …]
 *                           | {"name": "their name", "transpose": true | false,   stored [in][out] | [out][in]
 *                              "third": 1 | 2 | 3}      of its outputs this third alone, one gate of a GRU's
 *                           | null, …},                  zeros
 *    "ignore": ["a tensor that is not used", …]}
 * Throws Failure for anything else. */
Assignment assignment_of_map(const std::string &json);
Assignment read_map(const std::string &path);

} // namespace mote::cli
