#pragma once

#include "foreign.h"

namespace mote::cli {

/* The tensors that an option names, each once, in the file's order. A name is a tensor's; or a module's, of whose
 * tensors all are meant: "ema" stands for "ema.weight" and so on, as "ema." does; or a pattern, in which * stands for
 * any characters, also dots, and ? for one. Throws Failure, naming the option, for a name that fits no tensor. */
std::vector<std::string> tensors_meant(const ForeignFile &file, const std::string &option,
                                       const std::vector<std::string> &given);

/* The same, of a name that stands for several the matrices alone. */
std::vector<std::string> matrices_meant(const ForeignFile &file, const std::string &option,
                                        const std::vector<std::string> &given);

} // namespace mote::cli
