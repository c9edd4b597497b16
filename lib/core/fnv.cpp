// 64-bit FNV-1a (Fowler, Noll and Vo), the hash of weights and texts.
#include "mote.h"
#include "port.h"

extern "C" uint64_t mote_fnv1a(uint64_t hash, const void *bytes, size_t count) {
    const unsigned char *p = static_cast<const unsigned char *>(bytes);
    for (size_t i = 0; i < count; ++i) hash = (hash ^ p[i]) * 0x100000001b3ull;
    return hash;
}
