#pragma once

#include "foreign.h"

namespace mote::cli {

/* Reads an array in the npy format, versions 1 to 3, and appends it to the file under this name. Memory: the bytes. */
void read_npy(ForeignFile &file, std::string bytes, const std::string &name);

/* Reads an .npz file: an array for each entry. One of objects or records, and a file that is not an array, is unusable.
 * Memory: that of a ZipArchive, and what is packed in the file. */
ForeignFile read_npz(const std::string &bytes);

/* Reads the .npy files of a folder in the order of their names. Anything else in it is unusable, as in an .npz file,
 * but for files whose names begin with a dot, which are skipped. Failures begin with a path. */
ForeignFile read_npy_folder(const std::string &path);

bool is_npy(const std::string &bytes);

} // namespace mote::cli
