// The gated recurrent unit. Not computed yet: its configurations, tensors and sizes are known.
#include "linked_parts.h"

extern "C" {
extern const mote_part *const mote_cell_gated = nullptr;
extern const mote_part *const mote_cell_gated_training = nullptr;
}
