#pragma once

#include "quantization.h"
#include "train_session.h"

namespace mote::cli {

/* From the next step on the session learns with weights of integers, where `options` or the checkpoint that it goes on
 * from say so. */
void learn_with_integers(Session &session, const TrainOptions &options, const AlignedBytes &checkpoint);

/* The model that is measured and saved, from the weights as they are now: that of integers, or the session's own. NULL
 * where only the output layer of a base of integers learns, which is no model of its own. */
struct Measured {
    Quantized integers;
    const mote_model *model;
};
Measured measured_model(const Session &session);

/* The section of a checkpoint in which the activations are kept that 127 stands for; it must live as long as the
 * session. */
mote_section section_of_largest(const Session &session);

} // namespace mote::cli
