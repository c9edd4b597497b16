#include "drawn_message.h"

mote_status draw_message(mote_state *state, const mote_vocab *vocab, mote_rng *rng, size_t most, char *message,
                         size_t *count) {
    const float *logits;
    uint16_t token = 0;
    *count = 0;
    mote_state_reset(state);
    while (*count < most - 4) {
        mote_status status = mote_step(state, token, &logits);
        if (status == MOTE_OK) status = mote_sample(logits, vocab->count, 1.0f, 0, rng, &token);
        if (status != MOTE_OK) return status;
        if (token == 0) break;
        if (vocab->code_points[token] < MOTE_BYTE_CODE_POINT(0))
            *count += mote_decode(vocab, token, message + *count);
        else
            message[(*count)++] = (char)(vocab->code_points[token] & 0xff);
    }
    if (mote_rng_below(rng, 4) == 0) message[(*count)++] = (char)mote_rng_below(rng, 256);
    return MOTE_OK;
}
