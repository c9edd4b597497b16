#include "token_order.h"

#include "corpus.h"

#include <numeric>

namespace mote::cli {

TokenOrder order_of_corpus(const std::string &name, bool lines) {
    TokenOrder order;
    order.code_points = vocabulary_of(load_corpus(name), lines);
    order.boundary = lines;
    order.theirs.resize(order.code_points.size());
    std::iota(order.theirs.begin(), order.theirs.end(), 0u);
    order.ours = order.theirs;
    return order;
}

} // namespace mote::cli
