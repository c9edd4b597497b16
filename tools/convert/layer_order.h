#pragma once

#include "names.h"

namespace mote::cli {

/* Where a tensor stands in its file: modules are mostly made in the order in which they are used. */
size_t place_in_file(const ForeignFile &file, const std::string &name);

/* A file that is sorted by name tells nothing by its order. */
bool is_sorted_by_name(const ForeignFile &file);

/* "l1", "l2", "l10": the same but for digits. */
bool differ_by_numbers(const std::vector<std::string> &names);

/* The linear layers of an MLP behind an embedding, the first to last: in the one order that their shapes allow; else by
 * the numbers in their names, or as they stand in the file. Throws Failure where these differ, or do not tell. */
std::vector<Layer> in_order(const ForeignFile &file, const Layer &embedding, std::vector<Layer> layers);

} // namespace mote::cli
