// Drawing a token from logits.
#include "draw.h"
#include "largest.h"

namespace mote {
namespace {

// +0, or 2^-20 … 2^20, which are in the order of their bits.
bool valid_temperature(uint32_t bits) {
    return bits == 0 || (bits >= mote_bits(0x1p-20f) && bits <= mote_bits(0x1p20f));
}

#if defined(__OPTIMIZE_SIZE__)
constexpr bool kSmall = !cpu::kRoomForCode;
#else
constexpr bool kSmall = false;
#endif

} // namespace
} // namespace mote

using namespace mote;

extern "C" mote_status mote_sample(const float *logits, uint32_t vocab, float temperature, uint32_t top_k,
                                   mote_rng *rng, uint16_t *token) {
    if (logits == nullptr || rng == nullptr || token == nullptr || vocab == 0 || vocab > MOTE_MAX_VOCAB)
        return MOTE_ERR_ARG;
    if (!valid_temperature(mote_bits(temperature))) return MOTE_ERR_ARG;
    const float *const most = largest(logits, vocab);
    if (most == nullptr) return MOTE_ERR_NUMERIC;
    *token = static_cast<uint16_t>(most - logits);
    if (mote_bits(temperature) == 0) return MOTE_OK;

    const Softmax softmax{logits, vocab, *most, temperature, keep_largest(logits, vocab, top_k)};
    *token = static_cast<uint16_t>(kSmall ? draw_one_by_one(softmax, rng) : draw_by_runs(softmax, rng));
    return MOTE_OK;
}
