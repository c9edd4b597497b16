// From weights of float32 to integers and scales.
#ifndef MOTE_QUANTIZE_H
#define MOTE_QUANTIZE_H

#include "model.h"

namespace mote {

// Whether a model of this configuration can become one of that precision; `largest` as mote_model_quantize() has it.
bool may_be_quantized(const Config &config, uint32_t precision, const float *largest);
// Whether all weights of a model of float32 are numbers that a blob may hold, as they must be to be quantized.
bool may_be_stored(const mote_model &model);
// All tensors of a model in RAM from those of `model`.
void quantize(const mote_model &model, mote_model *quantized, const float *largest);

} // namespace mote

#endif
