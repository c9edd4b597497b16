#pragma once

#include "exact_sum.h"

#include <cstddef>
#include <vector>

namespace mote::cli {

/* Sums of many weights, side by side. */
class MeanWeights {
  public:
    explicit MeanWeights(size_t count) : sums_(count) {}

    void add(const float *weights, size_t first, size_t count, uint32_t share) {
        for (size_t i = 0; i < count; ++i) sums_[first + i].add(weights[i], share);
    }
    /* As many as there are sums. */
    void write(float *weights, uint32_t sum_of_shares) const {
        for (size_t i = 0; i < sums_.size(); ++i) weights[i] = sums_[i].divided_by(sum_of_shares);
    }

  private:
    std::vector<ExactSum> sums_;
};

} // namespace mote::cli
