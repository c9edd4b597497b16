#include "cells.h"

namespace mote {

// A line for each cell. Two functions, so that a program that only runs models does not link what trains them.

const CellStep *cell_to_run(const mote_config &c) {
    const mote_part *const part = c.cell == MOTE_CELL_DENSE       ? mote_cell_dense
                                  : c.cell == MOTE_CELL_RECURRENT ? mote_cell_recurrent
                                                                  : nullptr;
    return static_cast<const CellStep *>(part);
}

const CellTraining *cell_to_train(const mote_config &c) {
    const mote_part *const part = c.cell == MOTE_CELL_DENSE       ? mote_cell_dense_training
                                  : c.cell == MOTE_CELL_RECURRENT ? mote_cell_recurrent_training
                                                                  : nullptr;
    return static_cast<const CellTraining *>(part);
}

} // namespace mote
