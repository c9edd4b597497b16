#pragma once

#include "results.h"
#include "stream_codec.h"

#include <string>

namespace mote::cli {

/* How short the stream of a text is. It is also made text again, which has to be the same. */
struct StreamStats {
    size_t characters = 0, bytes = 0, stream_bytes = 0;
    double compress_seconds = 0, decompress_seconds = 0;

    double bits_per_char() const;
    Json json() const;
    void print() const;
};

StreamStats stream_stats_of(StreamCodec &codec, const std::string &text, const std::string &name);

} // namespace mote::cli
