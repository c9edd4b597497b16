#pragma once

#include <string>
#include <vector>

namespace mote::cli {

/* Throws Failure for the content of a file in a format that is not read: what it is, and how its weights come into one
 * that is. `path` tells what the content leaves open. */
void refuse_other_formats(const std::string &path, const std::string &bytes);

/* The same for a zip archive with entries of these names. */
void refuse_other_archives(const std::vector<std::string> &names);

/* Of a folder without arrays, with files of these names: which of them to give instead. Empty where none is known. */
std::string folder_advice(const std::vector<std::string> &names);

/* What git keeps in the place of a large file that was not fetched. */
bool is_lfs_pointer(const std::string &bytes);

} // namespace mote::cli
