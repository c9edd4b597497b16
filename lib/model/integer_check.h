// Whether a blob's tensor of a model with weights of integers holds what may be stored.
#ifndef MOTE_INTEGER_CHECK_H
#define MOTE_INTEGER_CHECK_H

#include "tensors.h"

namespace mote {

// Integers and scales; of a tensor of floats only what is true of scales and not of others.
mote_status check_int8_tensor(const void *elements, const TensorSpec &spec, const Config &config);
mote_status check_int4_tensor(const void *elements, const TensorSpec &spec, const Config &config);

} // namespace mote

#endif
