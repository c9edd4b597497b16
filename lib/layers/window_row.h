// The windows of a batch.
#ifndef MOTE_WINDOW_ROW_H
#define MOTE_WINDOW_ROW_H

#include "batch.h"

namespace mote {

// The context of a prediction: `context` tokens, the oldest first. A boundary hides what stands before it.
inline void copy_window(uint16_t *window, const uint16_t *tokens, uint32_t context, bool boundary) {
    bool hidden = false;
    for (uint32_t j = context; j-- > 0;) {
        window[j] = hidden ? uint16_t{0} : tokens[j];
        hidden = hidden || (boundary && tokens[j] == 0);
    }
}

// That of row i at time t.
inline void make_window(Batch &b, uint32_t t, uint32_t i) {
    const uint32_t context = b.config().context;
    copy_window(b.windows() + (size_t{t} * b.batch + i) * context,
                b.tokens + size_t{i} * row_tokens(b.config(), b.time) + t, context, b.model->boundary != 0);
}

} // namespace mote

#endif
