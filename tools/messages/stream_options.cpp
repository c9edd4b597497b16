#include "stream_options.h"

#include "errors.h"

namespace mote::cli {

void check_stream_options(const LinkOptions &link, const MessageFile &file, bool text) {
    const std::pair<bool, const char *> of_packets[] = {
        {file.lines, "--lines: a stream holds lines as they are"},
        {file.json_lines, "--jsonl: a stream holds lines as they are"},
        {text, "--text: a stream is bytes"},
        {link.id_bytes != 0, "--id: a stream has the whole hash of its model"},
        {link.check_bits != 0, "--check: a stream has checks of its own"},
    };
    for (const auto &[given, reason] : of_packets)
        if (given) throw UsageError(std::string(reason) + "; leave the option out");
}

} // namespace mote::cli
