#pragma once

#include "aligned_memory.h"
#include "results.h"

#include <string>

namespace mote::cli {

/* What `mote inspect` tells of an adapter, `batch` and `time` for the memory of learning. Throws Failure for one that
 * is damaged. */
Json adapter_report(const AlignedBytes &bytes, const std::string &path, uint32_t batch, uint32_t time);
void print_adapter_report(const Json &report);

} // namespace mote::cli
