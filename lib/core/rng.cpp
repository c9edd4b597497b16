// PCG32: Melissa O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random Number
// Generation", 2014.
#include "rng.h"
#include "kernels.h"
#include "mote.h"

namespace mote {

uint32_t next_u32(mote_rng *rng) {
    const uint64_t old = rng->state;
    rng->state = old * 6364136223846793005ull + rng->increment;
    const uint32_t shifted = static_cast<uint32_t>(((old >> 18) ^ old) >> 27);
    const uint32_t turn = static_cast<uint32_t>(old >> 59);
    return (shifted >> turn) | (shifted << ((32 - turn) & 31));
}

// Two PCG streams whose increments differ in high bits only stay close to each other: what tells sequences apart has to
// reach all bits first.
static uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
    return x ^ (x >> 31);
}

// x mod m, 0 < m < 2^63. Bit by bit where code is to be small and a division of 64 bits is a function of the
// compiler's, 700 bytes on a Cortex-M.
MOTE_NOINLINE static uint64_t remainder(uint64_t x, uint64_t m) {
#if UINTPTR_MAX > 0xffffffffu || !defined(__OPTIMIZE_SIZE__)
    return x % m;
#else
    uint64_t rest = 0;
    for (uint32_t bit = 0; bit < 64; ++bit, x <<= 1) {
        rest = rest << 1 | x >> 63;
        if (rest >= m) rest -= m;
    }
    return rest;
#endif
}

uint64_t below_u64(mote_rng *rng, uint64_t bound) {
    for (;;) {
        const uint64_t high = next_u32(rng);
        const uint64_t x = high << 32 | next_u32(rng);
        // Numbers below 2^64 mod bound, which is less than bound, would make low results likelier.
        if (x >= bound || x >= remainder(uint64_t{0} - bound, bound)) return remainder(x, bound);
    }
}

} // namespace mote

extern "C" {

void mote_rng_init(mote_rng *rng, uint64_t seed, uint64_t stream) {
    if (rng == nullptr) return;
    *rng = {0, stream << 1 | 1};
    mote::next_u32(rng);
    rng->state += seed;
    mote::next_u32(rng);
}

void mote_rng_derive(mote_rng *rng, uint64_t seed, uint32_t purpose, uint64_t index) {
    const uint64_t key = mote::mix(mote::mix(purpose) + index);
    mote_rng_init(rng, mote::mix(seed + key), key);
}

uint32_t mote_rng_u32(mote_rng *rng) { return rng != nullptr ? mote::next_u32(rng) : 0; }

uint32_t mote_rng_below(mote_rng *rng, uint32_t bound) {
    if (rng == nullptr || bound < 2) return 0;
    for (;;) {
        const uint32_t x = mote::next_u32(rng);
        // Numbers below 2^32 mod bound, which is less than bound, would make low results likelier.
        if (x >= bound || x >= (0u - bound) % bound) return x % bound;
    }
}

float mote_rng_uniform(mote_rng *rng) { return static_cast<float>(mote_rng_u32(rng) >> 8) * 0x1p-24f; }

float mote_rng_normal(mote_rng *rng) {
    if (rng == nullptr) return 0;
    // A point in the unit disc gives two independent normals; the second is let go, so that nothing is kept between
    // calls.
    for (;;) {
        const float u = static_cast<float>(static_cast<int32_t>(mote::next_u32(rng))) * 0x1p-31f;
        const float v = static_cast<float>(static_cast<int32_t>(mote::next_u32(rng))) * 0x1p-31f;
        const float square = u * u + v * v;
        if (square >= 1.0f || square < 0x1p-60f) continue;
        return u * mote::cpu::sqrt1(-2.0f * mote::cpu::log1(square) / square);
    }
}
}
