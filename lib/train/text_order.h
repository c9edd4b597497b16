// Places in a text, for what cuts and arranges texts.
#ifndef MOTE_TEXT_ORDER_H
#define MOTE_TEXT_ORDER_H

#include "port.h"

namespace mote {

// Places in a text are 32 bits, on every target.
inline bool too_long(size_t count) {
    const uint64_t wide = count;
    return wide > 0xffffffffu;
}

} // namespace mote

#endif
