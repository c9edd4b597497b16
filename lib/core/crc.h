// CRC-32 (IEEE 802.3, reflected), continued from `crc`; 0 begins.
#ifndef MOTE_CRC_H
#define MOTE_CRC_H

#include "port.h"

namespace mote {

uint32_t crc32(uint32_t crc, const uint8_t *bytes, size_t count);

} // namespace mote

#endif
