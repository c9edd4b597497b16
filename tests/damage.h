/* Damage to blobs: what the tests of blobs and checkpoints share. The places in the format are written down here a
 * second time, so that a change of the format is seen. */
#ifndef MOTE_TESTS_DAMAGE_H
#define MOTE_TESTS_DAMAGE_H

#include "support.h"

#include <cstring>

namespace mote_test {

inline constexpr size_t blob_size_at = 8, blob_crc_at = 12, blob_config_at = 16, blob_section_count_at = 48;
inline constexpr size_t blob_table_at = 128, blob_table_entry = 16, blob_sections = 12, blob_tensor_entry = 64;

inline uint32_t get_u32(const Buffer &blob, size_t at) {
    uint32_t number;
    std::memcpy(&number, blob.data() + at, sizeof number);
    return number;
}
inline void put_u32(Buffer &blob, size_t at, uint32_t number) { std::memcpy(blob.data() + at, &number, sizeof number); }

/* CRC-32 as in IEEE 802.3 over the blob as long as it says it is, its own field read as zero. */
uint32_t blob_crc(const Buffer &blob);
inline void repair_crc(Buffer &blob) { put_u32(blob, blob_crc_at, blob_crc(blob)); }

/* The place in the section table of the section with this name; SIZE_MAX where there is none. */
size_t section_entry(const Buffer &blob, const char name[5]);
inline size_t section_offset(const Buffer &blob, const char name[5]) {
    return get_u32(blob, section_entry(blob, name) + 8);
}

/* Appends a section of 64 bytes to the blob and its table. */
Buffer with_section(const Buffer &blob, const char name[5], uint32_t flags);

/* Everything that can be done with an opened model: no step may do what a sanitizer sees. */
void exercise(const mote_model *model);
/* The same with a trainer and its model. */
void exercise(mote_trainer *trainer, mote_model *model);

} // namespace mote_test

#endif
