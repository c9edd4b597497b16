/* What the cases learn. */
#ifndef MOTE_SAME_BITS_CASES_TEXT_H
#define MOTE_SAME_BITS_CASES_TEXT_H

#include "mote.h"

enum { TEXT_VOCAB = 40, TEXT_MAX_VOCAB = 1000, TEXT_TOKENS = 351 };

typedef struct cases_text {
    const char *utf8;
    size_t bytes;
    mote_vocab vocab;
    const uint16_t *tokens;
    size_t count;
} cases_text;

/* A small text of several scripts with a boundary token. */
mote_status cases_text_load(cases_text *loaded);
/* TEXT_TOKENS characters drawn from an invented vocabulary of up to TEXT_MAX_VOCAB, the first of them more often
 * than the last. There is no UTF-8 of it. The same arrays at every call. */
void cases_text_invent(cases_text *invented, uint32_t vocab);

#endif
