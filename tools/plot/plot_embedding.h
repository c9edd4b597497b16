#pragma once

#include <cstdint>
#include <string>

namespace mote::cli {

/* Two dimensions of an embedding, counted from 1; both 0: the two of most variance. */
struct Dimensions {
    uint32_t x = 0, y = 0;
};

/* Where the characters lie in a model's embedding. */
void plot_embedding(const std::string &model, Dimensions dimensions, const std::string &output);

} // namespace mote::cli
