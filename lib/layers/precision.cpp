#include "precision.h"

#include "integer_check.h"

namespace mote {

// A line for each precision, with an entry for each input and cell.
const Precision float32_parts(&mote_input_one_hot, &mote_input_embedding, &mote_input_window, &mote_cell_none,
                              &mote_cell_dense, &mote_cell_recurrent, &mote_cell_gated, nullptr);
const Precision int8_parts(&mote_input_one_hot_int8, &mote_input_embedding_int8, &mote_input_window_int8,
                           &mote_cell_none_int8, &mote_cell_dense_int8, &mote_cell_recurrent_int8,
                           &mote_cell_gated_int8, check_int8_tensor);
const Precision int4_parts(&mote_input_one_hot_int4, &mote_input_embedding_int4, &mote_input_window_int4,
                           &mote_cell_none_int4, &mote_cell_dense_int4, &mote_cell_recurrent_int4,
                           &mote_cell_gated_int4, check_int4_tensor);

} // namespace mote

MOTE_DEFINE_PART(mote_precision_float32, mote::float32_parts)
MOTE_DEFINE_PART(mote_precision_int8, mote::int8_parts)
MOTE_DEFINE_PART(mote_precision_int4, mote::int4_parts)
