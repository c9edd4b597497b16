// What a packet's bytes say of what is in it: FORMAT.md, "The packet".
#ifndef MOTE_PACKET_H
#define MOTE_PACKET_H

#include "mote.h"
#include "port.h"

namespace mote {

constexpr uint8_t kRawMark = 0xff;

bool is_utf8(const uint8_t *text, size_t bytes);

// Whether a packet, the model's id left out, is coded; else it is raw where it begins with the mark, or the message
// itself. The last check_bytes are those of a packet that is not coded.
bool is_coded(const uint8_t *packet, size_t bytes, uint32_t check_bytes);

} // namespace mote

#endif
