// How a packet ends: FORMAT.md, "The end".
#ifndef MOTE_PACKET_END_H
#define MOTE_PACKET_END_H

#include "frequencies.h"

namespace mote {

inline Rare end_symbol_of(uint32_t boundary) { return boundary != 0 ? Rare::kFirst : Rare::kBehind; }

// Ends a packet with the fewest bytes from which a decoder learns all of its tokens and, by the frequencies behind the
// last one, no further token. False: there is no room.
bool end_packet(RangeEncoder *encoder, const Frequencies &next, uint32_t check_bytes);

} // namespace mote

#endif
