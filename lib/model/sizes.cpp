#include "sizes.h"

#include "arena.h"
#include "tensors.h"

namespace mote {

uint64_t model_bytes(const Config &c) { return MOTE_SZ_MODEL_OF(tensor_count(c), c.vocab, weight_count(c)); }
uint64_t blob_bytes(const Config &c) { return MOTE_BLOB_BYTES(MOTE_SHAPE_OF(c)); }

} // namespace mote

using namespace mote;

extern "C" {

size_t mote_param_count(const mote_config *c) {
    return c != nullptr && valid(*c) ? limited_size(MOTE_PARAMS(MOTE_SHAPE_OF(known(*c)))) : 0;
}
size_t mote_weight_count(const mote_config *c) {
    return c != nullptr && valid(*c) ? limited_size(weight_count(known(*c))) : 0;
}
size_t mote_model_bytes(const mote_config *c) {
    return c != nullptr && valid(*c) ? limited_size(model_bytes(known(*c))) : 0;
}
size_t mote_blob_bytes(const mote_config *c) {
    return c != nullptr && valid(*c) ? limited_size(blob_bytes(known(*c))) : 0;
}
}

namespace mote {
namespace {

// The transposed weights of float32 are at most 2^23 more than the weights, of which a valid configuration has less
// than 2^30. So the same formula is computed in 32 bits from here to the end of the file.
#undef MOTE_SZ_U64
#define MOTE_SZ_U64(n) static_cast<uint32_t>(n)

uint32_t transposed_count(const Config &c) {
    return MOTE_SZ_TRANSPOSED(c.input, c.cell, c.vocab, c.context, c.embed, c.hidden, c.layers, c.precision);
}

constexpr PackedWorkspace packed(transposed_count);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_workspace_packed, mote::packed)
