// Draws of a token from a softmax, without scratch memory: what an array would hold is computed again. Two ways with
// the same outcome, one fast and one small.
#ifndef MOTE_DRAW_H
#define MOTE_DRAW_H

#include "numeric.h"
#include "rng.h"

namespace mote {

// Bits of a float such that integers order as the floats do; -0 and +0 differ, which no sum of ours produces.
inline uint32_t order_of(float x) {
    const uint32_t bits = mote_bits(x + 0.0f); // -0 + 0 = +0
    return (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
}

// The tokens that top-k keeps: those above a threshold, and the first few that equal it.
struct Kept {
    uint32_t threshold; // 0: all are kept
    uint32_t equal;
};

// How many logits are not below the one of this order.
MOTE_NOINLINE inline uint32_t count_from(const float *logits, uint32_t vocab, uint32_t order) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < vocab; ++i) count += order_of(logits[i]) >= order ? 1 : 0;
    return count;
}

inline Kept keep_largest(const float *logits, uint32_t vocab, uint32_t k) {
    if (k == 0 || k >= vocab) return {0, vocab};
    // The greatest threshold that k or more logits reach, bit by bit from the highest.
    uint32_t threshold = 0;
    for (uint32_t bit = 0x80000000u; bit != 0; bit >>= 1)
        if (count_from(logits, vocab, threshold | bit) >= k) threshold |= bit;
    return {threshold, k - count_from(logits, vocab, threshold + 1)}; // of a finite logit: not the largest integer
}

// Whether a token is kept, where not all are; called with ascending tokens, as it counts down the equals.
inline bool keeps(Kept *kept, float logit) {
    const uint32_t order = order_of(logit);
    if (order == kept->threshold && kept->equal != 0) {
        --kept->equal;
        return true;
    }
    return order > kept->threshold;
}

struct Softmax {
    const float *logits;
    uint32_t vocab;
    float max, temperature;
    Kept kept; // of all tokens

    // exp((logit - max) / temperature) in 1/2^31, for up to 16 tokens from `first` on; 0 for those left out. Their sum.
    uint64_t weights16(uint32_t first, Kept *left, uint32_t weights[cpu::kLanes]) const {
        alignas(MOTE_ALIGN) float x[cpu::kLanes];
        const uint32_t count = vocab - first < cpu::kLanes ? vocab - first : cpu::kLanes;
        cpu::draw_weights(x, logits + first, count, max, temperature);
        for (uint32_t i = 0; left->threshold != 0 && i < count; ++i)
            if (!keeps(left, logits[first + i])) x[i] = 0.0f;
        uint64_t sum = 0;
        for (uint32_t i = 0; i < count; ++i) {
            weights[i] = weight_of(x[i]);
            sum += weights[i];
        }
        return sum;
    }
    // Of one token. Kernels that compute several floats at a time store as many.
    uint32_t weight(uint32_t token, Kept *left) const {
        if (left->threshold != 0 && !keeps(left, logits[token])) return 0;
        float x[cpu::kRoomForCode ? cpu::kLanes : 1];
        cpu::draw_weights(x, logits + token, 1, max, temperature);
        return weight_of(x[0]);
    }
    static uint32_t weight_of(float x) { return static_cast<uint32_t>(x * 0x1p31f); } // exp <= 1: at most 2^31
};

// The sum of a run of blocks of 16 tokens, and what is kept where it begins: enough to compute one run again, not all.
struct Run {
    uint64_t sum;
    Kept left;
};
constexpr uint32_t kRuns = 16;

inline uint32_t draw_by_runs(const Softmax &softmax, mote_rng *rng) {
    const uint32_t blocks = (softmax.vocab + cpu::kLanes - 1) / cpu::kLanes;
    const uint32_t tokens = (blocks + kRuns - 1) / kRuns * cpu::kLanes; // of a run
    uint32_t weights[cpu::kLanes] = {};
    Run runs[kRuns];
    Kept kept = softmax.kept;
    uint64_t sum = 0;
    for (uint32_t r = 0; r * tokens < softmax.vocab; ++r) {
        runs[r] = {0, kept};
        for (uint32_t first = r * tokens; first < softmax.vocab && first < (r + 1) * tokens; first += cpu::kLanes)
            runs[r].sum += softmax.weights16(first, &kept, weights);
        sum += runs[r].sum;
    }
    uint64_t draw = below_u64(rng, sum); // sum >= 2^31: the largest logit is always kept
    uint32_t run = 0;
    for (; draw >= runs[run].sum; ++run) draw -= runs[run].sum;
    for (uint32_t first = run * tokens;; first += cpu::kLanes) {
        softmax.weights16(first, &runs[run].left, weights);
        for (uint32_t i = 0; i < cpu::kLanes; ++i) {
            if (draw < weights[i]) return first + i;
            draw -= weights[i];
        }
    }
}

// The sum of the weights from the first token on to the one with which it is above `most`, or to the last.
MOTE_NOINLINE inline uint64_t sum_above(const Softmax &softmax, uint64_t most, uint32_t *token) {
    Kept kept = softmax.kept;
    uint64_t sum = 0;
    for (*token = 0; *token < softmax.vocab; ++*token) {
        sum += softmax.weight(*token, &kept);
        if (sum > most) break;
    }
    return sum;
}

// The same draw in 190 bytes of code less on a Cortex-M4, and with half of the exponentials computed twice.
inline uint32_t draw_one_by_one(const Softmax &softmax, mote_rng *rng) {
    uint32_t token;
    sum_above(softmax, below_u64(rng, sum_above(softmax, UINT64_MAX, &token)), &token);
    return token;
}

} // namespace mote

#endif
