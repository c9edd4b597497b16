#pragma once

#include "foreign.h"

namespace mote::cli {

class ZipArchive;

/* Reads what torch.save wrote, in the zip format or in the older one, without executing any of it. The tensors are
 * those of the dictionary or list that `key` leads to ("model", or "a.b" for one within another), or of the file's top
 * object where key is empty; what else is in it is unusable. What lies elsewhere is skipped. Throws Failure. Memory:
 * that of a ZipArchive, what is packed in the file, and 128 times its pickle, of at most 64 MiB. */
ForeignFile read_torch(std::string bytes, const std::string &key);

bool is_torch_archive(const ZipArchive &archive);
/* True for the format of before PyTorch 1.6. */
bool is_torch_stream(const std::string &bytes);

} // namespace mote::cli
