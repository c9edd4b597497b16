// The activations that a recurrent cell carries from one batch to the next.
#ifndef MOTE_CARRIED_H
#define MOTE_CARRIED_H

#include "batch.h"

namespace mote {

// The hidden state between batches of an array laid out as Workspace::hidden: the slices that it consists of.
struct CarriedState {
    size_t count;  // slices: one for each panel of each layer; 0 where nothing is carried
    size_t stride; // floats from one to the next
    size_t floats; // of each: B * 16

    CarriedState(const Config &config, uint32_t batch, uint32_t time);
};
// CellTraining::network_begin of a recurrent cell.
void carried_begin(Batch &b, bool carried);

} // namespace mote

#endif
