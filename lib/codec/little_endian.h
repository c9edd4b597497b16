// Numbers of 1 … 4 bytes, the lowest byte first.
#ifndef MOTE_LITTLE_ENDIAN_H
#define MOTE_LITTLE_ENDIAN_H

#include "port.h"

namespace mote {

inline void write_little(uint8_t *to, uint32_t number, uint32_t bytes) {
    for (uint32_t i = 0; i < bytes; ++i) to[i] = static_cast<uint8_t>(number >> (8 * i));
}

inline uint32_t read_little(const uint8_t *from, uint32_t bytes) {
    uint32_t number = 0;
    for (uint32_t i = 0; i < bytes; ++i) number |= uint32_t{from[i]} << (8 * i);
    return number;
}

} // namespace mote

#endif
