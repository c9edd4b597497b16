#include "train_count.h"

#include "errors.h"
#include "progress.h"

namespace mote::cli {

Pace count(Session &session, float smoothing) {
    Stopwatch watch;
    TokenView text = session.parts.read(TRAIN);
    uint32_t vocab = session.config.vocab;
    std::vector<uint32_t> pairs(size_t{vocab} * vocab);
    check(mote_count_pairs(text.data, text.count, vocab, pairs.data()), "counting");
    check(mote_bigram_count(session.model, pairs.data(), smoothing), "counting");
    session.run.steps = 0;
    return {watch.seconds(), text.count - 1};
}

} // namespace mote::cli
