// The blob: a flat file that is checked once and then used where it lies. FORMAT.md describes it.
#ifndef MOTE_BLOB_H
#define MOTE_BLOB_H

#include <stddef.h>

#include "crc.h"
#include "model.h"
#include "mote_format.h"

namespace mote::blob {

constexpr uint32_t kHeader = sizeof(mote_format_header);
constexpr uint32_t kTable = MOTE_FORMAT_TABLE_SECTIONS * sizeof(mote_format_section);

static_assert(kHeader == 128 && sizeof(mote_format_section) == 16 && sizeof(mote_format_tensor) == 64 &&
                  sizeof(mote_format_vocab) == 64 && sizeof(mote_format_selftest) == 384 &&
                  sizeof(mote_format_trainer) == 128,
              "a struct of mote_format.h is not as large as the format says");
static_assert(MOTE_SZ_BLOB_FIXED == kHeader + kTable + sizeof(mote_format_vocab) + sizeof(mote_format_selftest),
              "the size macro and the format disagree");
static_assert(MOTE_SZ_CHECKPOINT_FIXED == sizeof(mote_format_trainer), "the size macro and the format disagree");

struct Section {
    const uint8_t *data; // null: not there
    uint32_t size;

    template <typename T> const T &as() const { return *reinterpret_cast<const T *>(data); }
};

// A blob whose structure, checksum and configuration have been checked; its tensors and vocabulary not yet.
struct View {
    const uint8_t *base;
    uint32_t size;
    Config config;
    // The sections of kSections, in its order.
    Section sections[6];

    const Section &tensors() const { return sections[0]; }
    const Section &vocab() const { return sections[1]; }
    const Section &data() const { return sections[2]; }
    const Section &selftest() const { return sections[3]; }
    const Section &trainer() const { return sections[4]; }
    const Section &best() const { return sections[5]; }
};

constexpr uint8_t kNoChecksum[4] = {};
// The checksum of `size` bytes, of which those of the header's own are read as 0.
MOTE_INLINE uint32_t crc_of(const uint8_t *base, uint32_t size) {
    constexpr uint32_t at = offsetof(mote_format_header, crc);
    uint32_t crc = crc32(0, base, at);
    crc = crc32(crc, kNoChecksum, sizeof kNoChecksum);
    return crc32(crc, base + at + sizeof kNoChecksum, size - at - sizeof kNoChecksum);
}

mote_status view(const void *blob, size_t bytes, View *view);
// Fills a model's handle from a view, with every number checked.
mote_status attach(const View &view, mote_model *model);

// Whether a tensor of a model holds numbers that may be stored, and 0 as padding.
mote_status check_tensor(const void *elements, const TensorSpec &spec, const Config &config);
// The same of an array of floats in the shape of one.
mote_status check_numbers(const float *numbers, const TensorSpec &spec, float quantum, bool signed_numbers);
// The same of a flat array in the order of the weights.
mote_status check_array(const float *array, const Config &config, float quantum, bool signed_numbers);

} // namespace mote::blob

#endif
