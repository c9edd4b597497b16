#include "train_count.h"

#include "errors.h"
#include "progress.h"

#include <algorithm>

namespace mote::cli {

Pace count(Session &session, float smoothing) {
    Stopwatch watch;
    TokenView text = session.parts.read(TRAIN);
    uint32_t vocab = session.config.vocab;
    std::vector<uint32_t> pairs(size_t{vocab} * vocab);
    constexpr size_t most = 1u << 16;
    std::vector<uint16_t> piece(most + 1);
    for (size_t first = 0; first + 1 < text.count; first += most) { /* pieces overlap by a token */
        const size_t length = std::min(most + 1, text.count - first);
        text.read(first, length, piece.data());
        check(mote_count_pairs(piece.data(), length, vocab, pairs.data()), "counting");
    }
    check(mote_bigram_count(session.model, pairs.data(), smoothing), "counting");
    session.run.steps = 0;
    return {watch.seconds(), text.count - 1};
}

} // namespace mote::cli
