// Characters: UTF-8, and the sorted code points that tokens stand for.
#ifndef MOTE_VOCAB_H
#define MOTE_VOCAB_H

#include "mote.h"
#include "port.h"

namespace mote {

constexpr uint32_t kBoundary = 0x0a; // the code point of the boundary token

// Sorted scalar values, each once, the boundary first where there is one.
bool valid(const mote_vocab &vocab);

} // namespace mote

#endif
