// Where the rows of batches stand in a text: one rule for texts in memory and for those that are read piece by piece.
#ifndef MOTE_TEXT_PLACES_H
#define MOTE_TEXT_PLACES_H

#include "port.h"

namespace mote {

// A pass of as many full batches leaves a shorter one at its end out. Its mean is over few characters, and a full step
// along it costs more than they teach: 1.762 against 1.753 nats on a text of 490 full batches and 10 characters of one,
// over four seeds and two.
constexpr size_t kManyBatches = 100;

// Targets of row b start behind this index of the text, which has two tokens or more.
template <typename Size> Size row_start(Size count, uint32_t batch, uint32_t b) {
    return static_cast<Size>(static_cast<uint64_t>(count - 1) * b / batch);
}

// Batches of a pass in order over 2 or more tokens.
template <typename Size> Size batches_in_order(Size count, uint32_t batch, uint32_t time) {
    const Size longest = (count - 1) / batch + ((count - 1) % batch != 0 ? 1 : 0);
    const Size full = longest / time;
    return full + (longest % time != 0 && full < kManyBatches ? 1 : 0);
}

// Chunks of 2 or more tokens.
template <typename Size> Size chunks_of(Size count, uint32_t time) {
    return (count - 1) / time + ((count - 1) % time != 0 ? 1 : 0);
}

} // namespace mote

#endif
