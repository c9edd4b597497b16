#include "precision.h"

#include "int8_check.h"

namespace mote {

const Precision float32_parts(&mote_input_one_hot, &mote_input_embedding, &mote_input_window, &mote_cell_none,
                              &mote_cell_dense, &mote_cell_recurrent, &mote_cell_gated, nullptr);
const Precision int8_parts(&mote_input_one_hot_int8, &mote_input_embedding_int8, &mote_input_window_int8,
                           &mote_cell_none_int8, &mote_cell_dense_int8, &mote_cell_recurrent_int8,
                           &mote_cell_gated_int8, check_int8_tensor);

} // namespace mote

MOTE_DEFINE_PART(mote_precision_float32, mote::float32_parts)
MOTE_DEFINE_PART(mote_precision_int8, mote::int8_parts)
