#include "cells.h"

namespace mote {
namespace {

struct CellParts {
    const mote_part *running, *training;
};

// A line for each cell.
CellParts parts_of(const mote_config &c) {
    switch (c.cell) {
    case MOTE_CELL_DENSE:
        return {mote_cell_dense, mote_cell_dense_training};
    case MOTE_CELL_RECURRENT:
        return {mote_cell_recurrent, mote_cell_recurrent_training};
    default:
        return {nullptr, nullptr};
    }
}

} // namespace

const CellStep *cell_to_run(const mote_config &c) { return static_cast<const CellStep *>(parts_of(c).running); }
const CellTraining *cell_to_train(const mote_config &c) {
    return static_cast<const CellTraining *>(parts_of(c).training);
}

} // namespace mote
