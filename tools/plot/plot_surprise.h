#pragma once

#include <string>

namespace mote::cli {

/* How many bits a model is surprised by each character of the text. */
void plot_surprise(const std::string &model, const std::string &text, const std::string &output);

} // namespace mote::cli
