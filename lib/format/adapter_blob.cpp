// Adapters as blobs: saving one, and opening one in place or into RAM. ADAPTER.md describes them.
#include "blob_write.h"
#include "model_adapter.h"
#include "numeric.h"
#include "sizes.h"

#include <string.h>

namespace mote {
namespace {

using Header = mote_format_adapter;

static_assert(sizeof(Header) == MOTE_SZ_ADAPTER_FIXED && offsetof(Header, crc) == offsetof(mote_format_header, crc) &&
                  offsetof(Header, base_hash) == 56,
              "a struct of mote_format.h is not as large as the format says");

uint64_t blob_bytes_of(const Config &c, uint32_t learned) { return MOTE_ADAPTER_BLOB_BYTES(MOTE_SHAPE_OF(c), learned); }

bool reserved_is_zero(const Header &h) {
    uint32_t bits = h.reserved;
    for (const uint32_t word : h.reserved_more) bits |= word;
    return bits == 0;
}

mote_status check_envelope(const Header &h, size_t bytes) {
    if (bytes < sizeof h || h.magic != MOTE_FORMAT_ADAPTER_MAGIC) return MOTE_ERR_FORMAT;
    if (h.major != MOTE_FORMAT_ADAPTER_MAJOR) return MOTE_ERR_VERSION;
    if (h.size < sizeof h || h.size > bytes || h.size % MOTE_ALIGN != 0) return MOTE_ERR_FORMAT;
    return blob::crc_of(reinterpret_cast<const uint8_t *>(&h), h.size) == h.crc ? MOTE_OK : MOTE_ERR_CHECKSUM;
}

// All but the weights.
MOTE_NOINLINE mote_status check_header(const void *blob, size_t bytes, mote_config *config) {
    if (!aligned(blob)) return MOTE_ERR_ALIGN;
    const Header &h = *static_cast<const Header *>(blob);
    const mote_status status = check_envelope(h, bytes);
    if (status != MOTE_OK) return status;
    *config = MOTE_FORMAT_CONFIG(h);
    const mote_status valid = check_config(*config);
    if (valid == MOTE_ERR_UNSUPPORTED || h.learned > (MOTE_LEARN_OUTPUT | MOTE_LEARN_BIASES))
        return MOTE_ERR_UNSUPPORTED;
    return valid == MOTE_OK && check_learned(known(*config), h.learned) == MOTE_OK && reserved_is_zero(h) &&
                   blob_bytes_of(known(*config), h.learned) == h.size
               ? MOTE_OK
               : MOTE_ERR_FORMAT;
}

mote_status check_weights(const float *weights, const Config &c, uint32_t learned) {
    mote_status status = MOTE_OK;
    for_each_learned(c, learned, [&](uint32_t, const TensorSpec &spec, uint32_t offset) {
        if (status == MOTE_OK) status = blob::check_numbers(weights + offset, spec, cpu::kQuantum, true);
    });
    return status;
}

const float *weights_in(const void *blob) { return at_offset<float>(blob, sizeof(Header)); }

// That an adapter may be used with this base.
MOTE_NOINLINE mote_status check_for_base(const void *blob, size_t bytes, const mote_model &base) {
    mote_config config;
    const mote_status status = check_header(blob, bytes, &config);
    if (status != MOTE_OK) return status;
    const Header &h = *static_cast<const Header *>(blob);
    if (h.base_hash != mote_weights_hash(&base)) return MOTE_ERR_BASE;
    return same_config(config, base.config) ? check_weights(weights_in(blob), base.config, h.learned) : MOTE_ERR_FORMAT;
}

void put_all(blob::Sink &sink, const mote_adapter &a, uint32_t crc) {
    const Config &c = a.base->config;
    Header h{};
    h.magic = MOTE_FORMAT_ADAPTER_MAGIC;
    h.major = MOTE_FORMAT_ADAPTER_MAJOR;
    h.minor = MOTE_FORMAT_ADAPTER_MINOR;
    h.size = static_cast<uint32_t>(blob_bytes_of(c, a.learned));
    h.crc = crc;
    h.input = c.input;
    h.cell = c.cell;
    h.vocab = c.vocab;
    h.context = c.context;
    h.embed = c.embed;
    h.hidden = c.hidden;
    h.layers = c.layers;
    h.activation = static_cast<uint16_t>(c.activation);
    h.precision = static_cast<uint16_t>(c.precision);
    h.learned = a.learned;
    h.base_hash = a.base_hash;
    sink.put(h);
    sink.put(a.weights, 4 * size_t{a.count});
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" {

mote_status mote_adapter_peek(const void *blob, size_t bytes, mote_adapter_info *info) {
    if (blob == nullptr || info == nullptr) return MOTE_ERR_ARG;
    const mote_status status = check_header(blob, bytes, &info->base);
    if (status != MOTE_OK) return status;
    const Header &h = *static_cast<const Header *>(blob);
    info->base_hash = h.base_hash;
    info->learned = h.learned;
    info->bytes = h.size;
    return MOTE_OK;
}

mote_status mote_adapter_open(const mote_adapter **adapter, mote_arena *arena, const mote_model *base, const void *blob,
                              size_t bytes) {
    if (adapter == nullptr || arena == nullptr || base == nullptr || blob == nullptr) return MOTE_ERR_ARG;
    const mote_status status = check_for_base(blob, bytes, *base);
    if (status != MOTE_OK) return status;
    const Header &h = *static_cast<const Header *>(blob);
    mote_adapter *opened = nullptr;
    const mote_status made = make_adapter(&opened, arena, *base, h.learned, h.base_hash, weights_in(blob));
    if (made == MOTE_OK) *adapter = opened;
    return made;
}

mote_status mote_adapter_load(mote_adapter **adapter, mote_arena *arena, const mote_model *base, const void *blob,
                              size_t bytes) {
    if (adapter == nullptr || arena == nullptr || base == nullptr || blob == nullptr) return MOTE_ERR_ARG;
    mote_status status = check_for_base(blob, bytes, *base);
    if (status != MOTE_OK) return status;
    const Header &h = *static_cast<const Header *>(blob);
    status = make_adapter(adapter, arena, *base, h.learned, h.base_hash, nullptr);
    if (status == MOTE_OK) memcpy(own_weights(**adapter), weights_in(blob), 4 * size_t{(*adapter)->count});
    return status;
}

mote_status mote_adapter_save(const mote_adapter *adapter, mote_write_fn write, void *user) {
    if (adapter == nullptr || write == nullptr) return MOTE_ERR_ARG;
    if (check_weights(adapter->weights, adapter->base->config, adapter->learned) != MOTE_OK) return MOTE_ERR_NUMERIC;
    blob::Sink checksum{nullptr, nullptr, 0, MOTE_OK};
    put_all(checksum, *adapter, 0);
    blob::Sink sink{write, user, 0, MOTE_OK};
    put_all(sink, *adapter, checksum.crc);
    return sink.status;
}
}
