#pragma once

#include <cstdint>
#include <string>

namespace mote::cli {

/* The activation of the first `units` hidden units of the last layer after each character of the text. */
void plot_hidden(const std::string &model, const std::string &text, uint32_t units, const std::string &output);

} // namespace mote::cli
