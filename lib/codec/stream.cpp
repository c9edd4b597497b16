#include "stream.h"

#include "crc.h"
#include "little_endian.h"
#include "network.h"
#include "step.h"

namespace mote {
namespace {

uint64_t stream_bytes(const Config &c) { return MOTE_STREAM_BYTES(MOTE_SHAPE_OF(c)); }

void begin(mote_stream *stream, Phase phase) {
    forget_text(stream);
    stream->crc = stream->bytes = 0;
    stream->phase = phase;
}

} // namespace

void forget_text(mote_stream *stream) {
    mote_state_reset(stream->state);
    stream->unread = 0;
}

bool foresee(mote_stream *stream) {
    if (stream->unread == kNoToken) return true;
    const uint16_t token = static_cast<uint16_t>(stream->unread);
    if (step(stream->state, token) != MOTE_OK) return false;
    const uint32_t vocab = stream->state->model->config.vocab;
    if (!stream->frequencies.take(state_logits(stream->state), vocab, Rare::kBehind)) return false;
    stream->unread = kNoToken;
    return true;
}

void count_text(mote_stream *stream, const uint8_t *text, size_t bytes) {
    stream->crc = crc32(stream->crc, text, bytes);
    stream->bytes += static_cast<uint32_t>(bytes);
}

} // namespace mote

using namespace mote;

extern "C" {

size_t mote_stream_bytes(const mote_config *config) {
    if (config == nullptr || !valid(*config) || config->vocab > MOTE_CODEC_MAX_VOCAB) return 0;
    return limited_size(stream_bytes(known(*config)));
}

mote_status mote_stream_init(mote_stream **stream, mote_arena *arena, const mote_model *model) {
    if (stream == nullptr || arena == nullptr || model == nullptr) return MOTE_ERR_ARG;
    if (model->code_points == 0) return MOTE_ERR_MISSING;
    if (model->config.vocab > MOTE_CODEC_MAX_VOCAB || !network_runs(model->config)) return MOTE_ERR_UNSUPPORTED;
    void *memory;
    const mote_status status = arena_alloc(arena, stream_bytes(model->config), &memory);
    if (status != MOTE_OK) return status;
    mote_stream *const s = static_cast<mote_stream *>(memory);
    s->state = place_state(*model, static_cast<unsigned char *>(memory) + MOTE_SZ_STREAM_HANDLE);
    s->frequencies = Frequencies();
    begin(s, Phase::kClosed);
    *stream = s;
    return MOTE_OK;
}

mote_status mote_stream_start(mote_stream *stream, void *head) {
    if (stream == nullptr || head == nullptr) return MOTE_ERR_ARG;
    uint8_t *const to = static_cast<uint8_t *>(head);
    const uint64_t hash = mote_weights_hash(stream->state->model);
    memcpy(to, kStreamMagic, sizeof kStreamMagic);
    write_little(to + 4, kStreamVersion, 4);
    write_little(to + 8, static_cast<uint32_t>(hash), 4);
    write_little(to + 12, static_cast<uint32_t>(hash >> 32), 4);
    begin(stream, Phase::kWriting);
    return MOTE_OK;
}

mote_status mote_stream_open(mote_stream *stream, const void *head, size_t bytes) {
    if (stream == nullptr || head == nullptr) return MOTE_ERR_ARG;
    const uint8_t *const from = static_cast<const uint8_t *>(head);
    stream->phase = Phase::kClosed;
    if (bytes < MOTE_STREAM_HEAD_BYTES || read_little(from, 4) != read_little(kStreamMagic, 4)) return MOTE_ERR_FORMAT;
    if (read_little(from + 4, 4) != kStreamVersion) return MOTE_ERR_VERSION;
    const uint64_t hash = read_little(from + 8, 4) | uint64_t{read_little(from + 12, 4)} << 32;
    if (hash != mote_weights_hash(stream->state->model)) return MOTE_ERR_MISSING;
    begin(stream, Phase::kReading);
    return MOTE_OK;
}
}
