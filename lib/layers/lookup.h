// Rows of a table, one for each character: a one-hot input times a matrix, or an embedding.
#ifndef MOTE_LOOKUP_H
#define MOTE_LOOKUP_H

#include "batch.h"

namespace mote {

// y[r] = table[token of row r] (+ bias where it is not null), for all rows of a batch.
void lookup_forward(Batch &b, cpu::Mat y, cpu::ConstMat table, const float *bias, uint32_t width);
// gradient[token] = the sum of the rows of delta that have it, rows ascending; the sums pass flush(), and what it found
// is returned.
uint32_t lookup_gradient(Batch &b, cpu::Mat gradient, cpu::Mat delta, uint32_t width);

// The rows of a table that tokens read: as Tokens and their count; all where there are no fewer tokens than rows.
struct RowsRead {
    cpu::Tokens tokens; // first null: the first `count` rows
    uint32_t count;
};
RowsRead rows_read(const uint16_t *tokens, uint32_t count, uint32_t vocab);
// These rows of a table become +0.
void clear_rows(cpu::Mat table, const RowsRead &rows, uint32_t width);

} // namespace mote

#endif
