// Texts read side by side by a model with weights of integers: each row is a stream of its own.
#ifndef MOTE_INTEGER_ROWS_H
#define MOTE_INTEGER_ROWS_H

#include "batch.h"

namespace mote {

// The states lie behind a scorer's handle, which a batch begins: of each row one between reads, then one of a read
// under way.
void integer_rows_place(Batch &b);
void integer_rows_reset(Batch &b);
// As mote_scorer_read(), of tokens and targets that are checked.
mote_status integer_rows_read(Batch &b, const uint16_t *targets, float *nats);

} // namespace mote

#endif
