// The optimizers as a program may show them. In a file of its own, since nothing else in the library has their names.
#include "optimizer.h"

using namespace mote;

extern "C" const mote_optimizer_info *mote_optimizer_describe(uint32_t optimizer) {
    switch (optimizer) {
#define MOTE_CASE(number, name)                                                                                        \
    case number:                                                                                                       \
        return &name##_info;
        MOTE_OPTIMIZERS(MOTE_CASE)
#undef MOTE_CASE
    default:
        return nullptr;
    }
}
