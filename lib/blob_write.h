// Writing a blob as a stream: once to learn its checksum, once for good.
#ifndef MOTE_BLOB_WRITE_H
#define MOTE_BLOB_WRITE_H

#include "blob.h"

namespace mote::blob {

// Where the bytes go: into the checksum, or on to the caller.
struct Sink {
    mote_write_fn write; // null: the checksum only
    void *user;
    uint32_t crc;
    mote_status status;

    void put(const void *bytes, size_t count);
};

// A record of little-endian fields, zero where nothing is set.
template <uint32_t Size> struct Record {
    uint8_t bytes[Size] = {};
    void u16(uint32_t at, uint16_t x) { memcpy(bytes + at, &x, sizeof x); }
    void u32(uint32_t at, uint32_t x) { memcpy(bytes + at, &x, sizeof x); }
    void u64(uint32_t at, uint64_t x) { memcpy(bytes + at, &x, sizeof x); }
    void f32(uint32_t at, float x) { u32(at, mote_bits(x)); }
};

// A section written behind the model, in a checkpoint.
struct Extra {
    uint32_t id, size;
    void (*emit)(Sink &sink, const void *object);
    const void *object;
};
struct Extras {
    const Extra *list;
    uint32_t count;
};

mote_status save(const mote_model &model, const mote_run *run, const Extras &extras, mote_arena *scratch,
                 mote_write_fn write, void *user);

} // namespace mote::blob

#endif
