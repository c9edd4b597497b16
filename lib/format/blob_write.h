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
    template <typename T> void put(const T &record) { put(&record, sizeof record); }
};

// A section that a checkpoint adds to those of a model; its size is a multiple of 64.
struct Extra {
    uint32_t id, size;
    void (*emit)(Sink &sink, const void *object);
    const void *object;
};

// What is written beside the model.
struct Contents {
    const Extra *extras;
    uint32_t extra_count;
    const mote_section *sections; // the caller's
    uint32_t section_count;
};

mote_status save(const mote_model &model, const Contents &contents, mote_arena *scratch, mote_write_fn write,
                 void *user);

} // namespace mote::blob

#endif
