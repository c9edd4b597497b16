#include "cases_text.h"

static const char text[] = "a mote of dust on a window sill\n"
                           "saw the morning climb the hill,\n"
                           "saw the baker, saw the bell,\n"
                           "had a story it would tell:\n"
                           "how the été wind would sing\n"
                           "łódź to москва, wing to wing,\n"
                           "how a grain of sand could know\n"
                           "every road the rivers go.\n"
                           "小 said the dust, and 小 am I,\n"
                           "small enough for any sky;\n"
                           "count me once and count me twice,\n"
                           "every sum is just as nice.\n";

mote_status cases_text_load(cases_text *loaded) {
    static uint32_t code_points[TEXT_VOCAB];
    static uint16_t tokens[TEXT_TOKENS];
    size_t vocab = 0;
    loaded->utf8 = text;
    loaded->bytes = sizeof text - 1;
    mote_status status = mote_vocab_build(text, loaded->bytes, 1, code_points, TEXT_VOCAB, &vocab);
    if (status != MOTE_OK) return status;
    loaded->vocab = (mote_vocab){code_points, (uint32_t)vocab, 1};
    loaded->tokens = tokens;
    return mote_encode(&loaded->vocab, text, loaded->bytes, tokens, TEXT_TOKENS, &loaded->count);
}

void cases_text_invent(cases_text *invented, uint32_t vocab) {
    static uint32_t code_points[TEXT_MAX_VOCAB];
    static uint16_t tokens[TEXT_TOKENS];
    const uint32_t first_ideograph = 0x4E00;
    mote_rng rng;
    mote_rng_init(&rng, vocab, 1);
    for (uint32_t i = 0; i < vocab; i++) code_points[i] = first_ideograph + i;
    for (size_t i = 0; i < TEXT_TOKENS; i++) {
        tokens[i] = (uint16_t)mote_rng_below(&rng, 1 + mote_rng_below(&rng, vocab));
    }
    *invented = (cases_text){NULL, 0, {code_points, vocab, 0}, tokens, TEXT_TOKENS};
}
