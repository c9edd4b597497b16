#include "config.h"

#include "arena.h"
#include "sizes.h"

namespace mote {
namespace {

constexpr bool in_range(uint32_t x, uint32_t low, uint32_t high) { return low <= x && x <= high; }
// From 1 on where the configuration has it, 0 where it has not.
constexpr bool in_range_if(bool has, uint32_t x, uint32_t high) { return has ? in_range(x, 1, high) : x == 0; }

constexpr bool valid_input(const mote_config &c) {
    return c.input != 0 && in_range_if(c.input == MOTE_INPUT_WINDOW, c.context, MOTE_MAX_CONTEXT) &&
           in_range_if(c.input != MOTE_INPUT_ONE_HOT, c.embed, MOTE_MAX_WIDTH);
}

constexpr bool valid_layers(const mote_config &c, bool layers) {
    return in_range_if(layers, c.hidden, MOTE_MAX_WIDTH) && in_range_if(layers, c.layers, MOTE_MAX_LAYERS) &&
           in_range_if(layers, c.activation, MOTE_RELU - (c.cell == MOTE_CELL_GATED));
}

// What carries its activations reads one character at a time, a dense cell a window, and no cell at all a one-hot.
constexpr bool valid_pair(const mote_config &c) {
    return c.cell == MOTE_CELL_NONE ? c.input == MOTE_INPUT_ONE_HOT
                                    : c.cell != 0 && (MOTE_SZ_RECURRENT(c.cell) != 0) == (c.input != MOTE_INPUT_WINDOW);
}

// A sum of products of integers must fit into 32 bits.
constexpr bool valid_precision(const mote_config &c) {
    return !MOTE_SZ_QUANTIZED(c.precision) || MOTE_SZ_FILLED(c.input, c.context, c.embed) <= MOTE_MAX_INTEGER_INPUTS;
}

constexpr bool supported(const mote_config &c) {
    return c.input <= MOTE_INPUT_COUNT && c.cell <= MOTE_CELL_COUNT && c.activation <= MOTE_ACTIVATION_COUNT &&
           c.precision < MOTE_PRECISION_COUNT;
}
constexpr bool consistent(const mote_config &c) {
    return in_range(c.vocab, 2, MOTE_MAX_VOCAB) && valid_input(c) && valid_layers(c, c.cell != MOTE_CELL_NONE) &&
           valid_pair(c) && valid_precision(c);
}

} // namespace

#if defined(MOTE_ONLY_MODEL)

static_assert(supported(kOnlyModel) && consistent(kOnlyModel) &&
                  MOTE_MODEL_BYTES(MOTE_SHAPE_OF(kOnlyModel)) <= kMaxBytes,
              "MOTE_ONLY_MODEL is not the configuration of a model: a shape of mote_sizes.h and an activation, as in "
              "MOTE_SHAPE_RNN(65, 0, 64, 1), MOTE_TANH");
mote_status check_config(const mote_config &c) { return same_config(c, kOnlyModel) ? MOTE_OK : MOTE_ERR_UNSUPPORTED; }

#else

mote_status check_config(const mote_config &c) {
    if (!supported(c)) return MOTE_ERR_UNSUPPORTED;
    if (!consistent(c)) return MOTE_ERR_ARG;
    return model_bytes(c) <= kMaxBytes ? MOTE_OK : MOTE_ERR_SIZE;
}

#endif

// Byte by byte: numbers beside each other are no array. Of neighbours that are compared by == clang makes a call of
// memcmp(), which the library does without.
static_assert(sizeof(mote_config) == 9 * sizeof(uint32_t), "there is no padding, of which the bytes might differ");
bool same_config(const mote_config &a, const mote_config &b) {
    const unsigned char *const x = reinterpret_cast<const unsigned char *>(&a);
    const unsigned char *const y = reinterpret_cast<const unsigned char *>(&b);
    int different = 0;
    for (size_t i = 0; i < sizeof a; ++i) different |= x[i] ^ y[i];
    return different == 0;
}

} // namespace mote
