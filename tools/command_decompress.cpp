#include "base64url.h"
#include "commands.h"
#include "errors.h"
#include "files.h"
#include "message_codec.h"
#include "message_files.h"
#include "option_values.h"
#include "progress.h"
#include "results.h"
#include "text_encoding.h"
#include "utf8_text.h"

#include <memory>

namespace mote::cli {

namespace {

constexpr uint32_t largest_room = 1u << 24;

struct DecompressOptions {
    LinkOptions link;
    MessageFile file;
    uint32_t most = 4096;
    bool text = false;
};

std::string packet_of_line(std::string line, const std::string &place) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::optional<std::string> packet = bytes_of_base64url(line);
    if (!packet) throw Failure(place + ": not base64url");
    return *packet;
}

/* A message as a line of the output. */
std::string line_of(const std::string &message, MessageForm form, const std::string &place) {
    if (form == MESSAGE_LINES) {
        if (message.find('\n') != std::string::npos)
            throw Failure(place + ": the message has several lines; give --jsonl in place of --lines");
        return message + "\n";
    }
    if (utf8_bytes(message) != message.size())
        throw Failure(place + ": the message is not UTF-8, which JSON cannot hold; give the line alone, with --text");
    return Json{{"text", message}}.dump() + "\n";
}

void decompress_one(MessageCodec &codec, const DecompressOptions &options, std::string packet) {
    const std::string name = options.file.name();
    if (options.text) {
        std::vector<std::string> lines = lines_of(packet);
        if (lines.size() > 1) throw Failure(name + ": several packets; give --lines or --jsonl in place of --text");
        packet = packet_of_line(lines.empty() ? "" : lines[0], name);
    }
    print_bytes(codec.decompress(packet, options.most, name));
}

/* A line that gives no message is told, and costs no other its own. */
void decompress_lines(MessageCodec &codec, const DecompressOptions &options, const std::string &packets) {
    std::string all;
    std::vector<std::string> failures;
    size_t number = 0;
    for (const std::string &line : lines_of(packets)) {
        std::string place = formatted("%s: line %zu", options.file.name().c_str(), ++number);
        try {
            all +=
                line_of(codec.decompress(packet_of_line(line, place), options.most, place), options.file.form(), place);
        } catch (const Failure &failure) {
            failures.emplace_back(failure.what());
        }
    }
    print_bytes(all);
    if (failures.empty()) return;
    for (size_t i = 0; i + 1 < failures.size(); ++i) tell(false, "mote: " + failures[i]);
    throw Failure(failures.back());
}

void run(const DecompressOptions &options) {
    MessageCodec codec(options.link);
    std::string input = read_text(options.file.path);
    if (options.file.form() == ONE_MESSAGE)
        decompress_one(codec, options, std::move(input));
    else
        decompress_lines(codec, options, input);
}

} // namespace

Command decompress_command(CLI::App &program) {
    CLI::App *app = program.add_subcommand("decompress", "Give the messages of packets back");
    auto options = std::make_shared<DecompressOptions>();
    app->footer(
        "With the --model, --id and --check of mote compress. Without --check a damaged packet gives wrong text.");
    add_message_file(*app, options->file, "the packet or packets");
    add_link_options(*app, options->link);
    app->add_flag("--text", options->text, "the packet is a line of base64url");
    add_whole(*app, "--most", options->most, {0, largest_room}, "bytes of a message, at most");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
