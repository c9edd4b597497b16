#pragma once

#include "message_codec.h"
#include "results.h"

#include <string>
#include <vector>

namespace mote::cli {

/* How short the packets of messages are. Each packet is also made a message again, which has to be the same. */
struct MessageStats {
    size_t messages = 0, characters = 0, bytes = 0, packet_bytes = 0;
    size_t shorter = 0; /* packets shorter than their messages */
    double compress_seconds = 0, decompress_seconds = 0;
    double worst_bits = 0; /* a character, of the message that takes most */
    std::string worst;

    double bits_per_char() const;
    Json json() const;
    void print() const;
};

MessageStats stats_of(MessageCodec &codec, const std::vector<std::string> &messages, const std::string &name);

} // namespace mote::cli
