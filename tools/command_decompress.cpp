#include "base64url.h"
#include "commands.h"
#include "errors.h"
#include "files.h"
#include "message_codec.h"
#include "message_files.h"
#include "option_values.h"
#include "results.h"
#include "text_encoding.h"

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
    for (size_t at = 0, size = 0; at < message.size(); at += size) {
        size = utf8_character_size(std::string_view(message).substr(at));
        if (size == 0)
            throw Failure(place +
                          ": the message is not UTF-8, which JSON cannot hold; give the line alone, with --text");
    }
    return Json{{"text", message}}.dump() + "\n";
}

void run(const DecompressOptions &options) {
    MessageCodec codec(options.link);
    std::string input = read_text(options.file.path), name = options.file.name();
    MessageForm form = options.file.form();
    if (form == ONE_MESSAGE) {
        if (options.text) {
            std::vector<std::string> lines = lines_of(input);
            if (lines.size() > 1) throw Failure(name + ": several packets; give --lines or --jsonl in place of --text");
            input = packet_of_line(lines.empty() ? "" : lines[0], name);
        }
        print_bytes(codec.decompress(input, options.most, name));
        return;
    }
    std::string all;
    size_t number = 0;
    for (const std::string &line : lines_of(input)) {
        std::string place = formatted("%s: line %zu", name.c_str(), ++number);
        all += line_of(codec.decompress(packet_of_line(line, place), options.most, place), form, place);
    }
    print_bytes(all);
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
