#pragma once

#include <string>

namespace mote::cli {

/* Which character follows which: counts of a corpus, or the percents of a bigram model (a path that ends in .mote).
 * `lines`: each line of the corpus is an item. */
void plot_bigrams(const std::string &source, bool lines, const std::string &output);

} // namespace mote::cli
