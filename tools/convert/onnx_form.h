#pragma once

#include <string>

namespace mote::cli {

/* Whether every length in the file stays inside what it is part of. The parser itself would first take memory for what
 * a length promises. */
bool has_onnx_form(const std::string &bytes);

} // namespace mote::cli
