#include "print_sample.h"

#include "console.h"

mote_status print_sample(mote_state *state, const mote_vocab *vocab, const sample_options *options, mote_rng *rng) {
    const float *logits;
    uint16_t token = 0;
    mote_state_reset(state);
    for (uint32_t i = 0; i < options->length; i++) {
        char utf8[4];
        mote_status status = mote_step(state, token, &logits);
        if (status != MOTE_OK) return status;
        status = mote_sample(logits, vocab->count, options->temperature, options->top_k, rng, &token);
        if (status != MOTE_OK) return status;
        if (vocab->boundary && token == 0) break;
        console_write(utf8, mote_decode(vocab, token, utf8));
    }
    console_text("\n");
    return MOTE_OK;
}

int report_failure(const char *where, mote_status status) {
    console_text(where);
    console_text(": ");
    console_text(mote_status_name(status));
    console_text("\n");
    return 1;
}
