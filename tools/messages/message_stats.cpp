#include "message_stats.h"

#include "byte_tokens.h"
#include "errors.h"
#include "progress.h"
#include "utf8_text.h"

namespace mote::cli {

namespace {

double bits_each(size_t bytes, size_t characters) {
    return characters == 0 ? 0 : 8.0 * static_cast<double>(bytes) / static_cast<double>(characters);
}

double share(double part, size_t all) { return all == 0 ? 0 : part / static_cast<double>(all); }

void add(MessageStats &stats, const std::string &message, const std::string &packet) {
    size_t characters = count_code_points(readable(message));
    double bits = bits_each(packet.size(), characters);
    ++stats.messages;
    stats.characters += characters;
    stats.bytes += message.size();
    stats.packet_bytes += packet.size();
    stats.shorter += packet.size() < message.size() ? 1 : 0;
    if (bits <= stats.worst_bits) return;
    stats.worst_bits = bits;
    stats.worst = message;
}

} // namespace

MessageStats stats_of(MessageCodec &codec, const std::vector<std::string> &messages, const std::string &name) {
    MessageStats stats;
    for (const std::string &message : messages) {
        Stopwatch compressing;
        std::string packet = codec.compress(message);
        stats.compress_seconds += compressing.seconds();
        Stopwatch decompressing;
        std::string back = codec.decompress(packet, static_cast<uint32_t>(message.size()), name);
        stats.decompress_seconds += decompressing.seconds();
        if (back != message) throw Failure(name + ": a packet does not give its message back: " + readable(message));
        add(stats, message, packet);
    }
    return stats;
}

double MessageStats::bits_per_char() const { return bits_each(packet_bytes, characters); }

Json MessageStats::json() const {
    return {{"messages", messages},
            {"chars", characters},
            {"bytes", bytes},
            {"packet_bytes", packet_bytes},
            {"bits_per_char", bits_per_char()},
            {"shorter", shorter},
            {"worst_bits_per_char", worst_bits},
            {"worst", readable(worst)},
            {"compress_seconds", compress_seconds},
            {"decompress_seconds", decompress_seconds}};
}

void MessageStats::print() const {
    print_line(formatted("%-14s %zu, of %zu characters, %zu bytes", "messages", messages, characters, bytes));
    print_line(formatted("%-14s %zu bytes, %.3f bits a character; %zu are shorter than their messages", "packets",
                         packet_bytes, bits_per_char(), shorter));
    print_line(formatted("%-14s %.1f bits a character: %s", "worst", worst_bits, readable(worst).c_str()));
    print_line(formatted("%-14s %.0f µs a message to compress, %.0f to decompress", "time",
                         1e6 * share(compress_seconds, messages), 1e6 * share(decompress_seconds, messages)));
}

} // namespace mote::cli
