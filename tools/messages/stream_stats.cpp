#include "stream_stats.h"

#include "byte_tokens.h"
#include "errors.h"
#include "progress.h"
#include "utf8_text.h"

namespace mote::cli {

namespace {

double per(double what, size_t count) { return count == 0 ? 0 : what / static_cast<double>(count); }

} // namespace

StreamStats stream_stats_of(StreamCodec &codec, const std::string &text, const std::string &name) {
    StreamStats stats;
    std::string stream, back;
    Stopwatch compressing;
    codec.compress(text, [&](const std::string &bytes) { stream += bytes; });
    stats.compress_seconds = compressing.seconds();
    Stopwatch decompressing;
    codec.decompress(stream, name, [&](const std::string &bytes) { back += bytes; });
    stats.decompress_seconds = decompressing.seconds();
    if (back != text) throw Failure(name + ": its stream does not give it back");
    stats.characters = count_code_points(readable(text));
    stats.bytes = text.size();
    stats.stream_bytes = stream.size();
    return stats;
}

double StreamStats::bits_per_char() const { return per(8.0 * static_cast<double>(stream_bytes), characters); }

Json StreamStats::json() const {
    return {{"chars", characters},
            {"bytes", bytes},
            {"stream_bytes", stream_bytes},
            {"bits_per_char", bits_per_char()},
            {"compress_seconds", compress_seconds},
            {"decompress_seconds", decompress_seconds}};
}

void StreamStats::print() const {
    print_line(formatted("%-14s %zu characters, %zu bytes", "text", characters, bytes));
    print_line(formatted("%-14s %zu bytes, %.3f bits a character", "stream", stream_bytes, bits_per_char()));
    print_line(formatted("%-14s %.2f µs a byte to compress, %.2f to decompress", "time",
                         1e6 * per(compress_seconds, bytes), 1e6 * per(decompress_seconds, bytes)));
}

} // namespace mote::cli
