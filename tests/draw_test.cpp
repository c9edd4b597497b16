/* The two ways of drawing from a softmax, of which a program has one: by the sums of runs, and in a build for size on a
 * microcontroller one token after the other. */
#include "draw.h"
#include "kernel_matrix.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace mote_test;
using namespace mote;

namespace {

/* Logits of which many are equal, some are -0, and one is the largest. */
std::vector<float> logits_with_ties(uint32_t vocab, Random &random) {
    std::vector<float> logits(vocab);
    for (float &logit : logits) logit = static_cast<float>(random.below(7)) - 3.0f;
    for (uint32_t i = 0; i < vocab; i += 5) logits[i] = -0.0f;
    logits[random.below(vocab)] = 4.5f;
    return logits;
}

mote_rng seeded(uint64_t seed) {
    mote_rng rng{};
    mote_rng_init(&rng, seed, 6);
    return rng;
}

/* The same tokens, and as many random numbers used. */
void check_draws(const std::vector<float> &logits, float temperature, uint32_t top_k) {
    const uint32_t vocab = static_cast<uint32_t>(logits.size());
    const float max = *std::max_element(logits.begin(), logits.end());
    const Softmax softmax{logits.data(), vocab, max, temperature, keep_largest(logits.data(), vocab, top_k)};
    mote_rng by_runs = seeded(vocab), one_by_one = by_runs;
    for (int i = 0; i < 20; ++i) {
        const uint32_t token = draw_by_runs(softmax, &by_runs);
        CHECK(token < vocab);
        CHECK(draw_one_by_one(softmax, &one_by_one) == token);
    }
    CHECK(by_runs.state == one_by_one.state);
}

} // namespace

TEST_CASE("both ways of drawing give the same token, with every instruction set") {
    const KeepIsa keep;
    for (const char *const isa : isas()) {
        CAPTURE(isa);
        REQUIRE(mote_isa_force(isa) == MOTE_OK);
        Random random(51);
        for (const uint32_t vocab : {1u, 2u, 15u, 16u, 17u, 65u, 255u, 256u, 257u, 600u}) {
            const std::vector<float> logits = logits_with_ties(vocab, random);
            for (const float temperature : {0x1p-20f, 0.7f, 1.0f, 0x1p20f})
                for (const uint32_t top_k : {0u, 1u, 3u, 40u}) check_draws(logits, temperature, top_k);
        }
    }
}
