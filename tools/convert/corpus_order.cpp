#include "token_order.h"

#include <numeric>

namespace mote::cli {

TokenOrder order_of_corpus(const Corpus &corpus, bool lines) {
    TokenOrder order;
    order.code_points = vocabulary_of(corpus, lines);
    order.boundary = lines;
    order.theirs.resize(order.code_points.size());
    std::iota(order.theirs.begin(), order.theirs.end(), 0u);
    order.ours = order.theirs;
    return order;
}

} // namespace mote::cli
