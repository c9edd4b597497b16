#include "codec.h"

#include "network.h"
#include "step.h"

namespace mote {
namespace {

bool valid(const mote_codec_options &o) {
    if (o.id_bytes > 2 || o.id >> (8 * o.id_bytes) != 0) return false;
    return o.check_bits == 0 || (o.check_bits >= 4 && o.check_bits <= 16);
}

uint64_t codec_bytes(const Config &c) { return MOTE_CODEC_BYTES(MOTE_SHAPE_OF(c)); }

} // namespace
} // namespace mote

using namespace mote;

extern "C" {

size_t mote_codec_bytes(const mote_config *config) {
    if (config == nullptr || !valid(*config) || config->vocab > MOTE_CODEC_MAX_VOCAB) return 0;
    return limited_size(codec_bytes(known(*config)));
}

mote_status mote_codec_init(mote_codec **codec, mote_arena *arena, const mote_model *model,
                            const mote_codec_options *options) {
    const mote_codec_options chosen = options != nullptr ? *options : mote_codec_options{0, 0, 0};
    if (codec == nullptr || arena == nullptr || model == nullptr || !valid(chosen)) return MOTE_ERR_ARG;
    if (model->code_points == 0) return MOTE_ERR_MISSING;
    if (model->config.vocab > MOTE_CODEC_MAX_VOCAB || !network_runs(model->config)) return MOTE_ERR_UNSUPPORTED;
    void *memory;
    const mote_status status = arena_alloc(arena, codec_bytes(model->config), &memory);
    if (status != MOTE_OK) return status;
    mote_codec *const c = static_cast<mote_codec *>(memory);
    c->state = place_state(*model, static_cast<unsigned char *>(memory) + MOTE_SZ_CODEC_HANDLE);
    c->id = chosen.id;
    c->id_bytes = chosen.id_bytes;
    c->check_bits = chosen.check_bits;
    *codec = c;
    return MOTE_OK;
}
}
