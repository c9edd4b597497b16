#include "base64url.h"
#include "commands.h"
#include "errors.h"
#include "files.h"
#include "message_codec.h"
#include "message_files.h"
#include "message_output.h"
#include "option_values.h"
#include "progress.h"
#include "results.h"
#include "stream_codec.h"
#include "stream_options.h"
#include "text_encoding.h"
#include "utf8_text.h"

#include <memory>

namespace mote::cli {

namespace {

constexpr uint32_t largest_room = 1u << 24;

struct DecompressOptions {
    LinkOptions link;
    MessageFile file;
    std::string output;
    std::optional<uint32_t> most;
    bool stream = false, partial = false, text = false;

    uint32_t most_of_message() const { return most.value_or(4096); }
    bool reads_stream() const { return stream || is_stream(file.path); }
};

void check_options(const DecompressOptions &options) {
    check_message_output(options.output, options.file.path, options.link.model);
    if (options.reads_stream()) {
        check_stream_options(options.link, options.file, options.text);
    } else if (options.partial) {
        throw UsageError("--partial: goes with --stream");
    } else if (options.most_of_message() > largest_room) {
        throw UsageError(formatted("--most %u: must be at most %u, but of a stream", *options.most, largest_room));
    }
}

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

void decompress_one(MessageCodec &codec, const DecompressOptions &options, MessageOutput &output, std::string packet) {
    const std::string name = options.file.name();
    if (options.text) {
        std::vector<std::string> lines = lines_of(packet);
        if (lines.size() > 1) throw Failure(name + ": several packets; give --lines or --jsonl in place of --text");
        packet = packet_of_line(lines.empty() ? "" : lines[0], name);
    }
    output.write(codec.decompress(packet, options.most_of_message(), name));
}

/* A line that gives no message is told, and costs no other its own. */
void decompress_lines(MessageCodec &codec, const DecompressOptions &options, MessageOutput &output,
                      const std::string &packets) {
    std::vector<std::string> failures;
    size_t number = 0;
    for (const std::string &line : lines_of(packets)) {
        std::string place = formatted("%s: line %zu", options.file.name().c_str(), ++number);
        try {
            std::string message = codec.decompress(packet_of_line(line, place), options.most_of_message(), place);
            output.write(line_of(message, options.file.form(), place));
        } catch (const Failure &failure) {
            failures.emplace_back(failure.what());
        }
    }
    output.commit();
    if (failures.empty()) return;
    for (size_t i = 0; i + 1 < failures.size(); ++i) tell(false, "mote: " + failures[i]);
    throw Failure(failures.back());
}

void decompress_messages(const DecompressOptions &options) {
    MessageCodec codec(options.link);
    std::string input = read_text(options.file.path);
    MessageOutput output(options.output);
    if (options.file.form() == ONE_MESSAGE) {
        decompress_one(codec, options, output, std::move(input));
        output.commit();
    } else {
        decompress_lines(codec, options, output, input);
    }
}

void decompress_stream(const DecompressOptions &options) {
    StreamCodec codec(options.link.model);
    const std::string input = read_text(options.file.path);
    MessageOutput output(options.output);
    size_t written = 0;
    auto write = [&](const std::string &text) {
        if (options.most && text.size() > *options.most - written)
            throw StreamFailure(formatted("%s: a text of more than %u bytes; --most allows longer ones",
                                          options.file.name().c_str(), *options.most));
        output.write(text);
        written += text.size();
    };
    try {
        codec.decompress(input, options.file.name(), write);
    } catch (const StreamFailure &failure) {
        if (written == 0) throw;
        const bool kept = options.partial || options.output.empty();
        if (kept) output.commit();
        throw Failure(formatted(kept ? "%s; the %zu bytes of text before it are written"
                                     : "%s; --partial keeps the %zu bytes of text before it",
                                failure.what(), written));
    }
    output.commit();
}

void run(const DecompressOptions &options) {
    check_options(options);
    if (options.reads_stream()) {
        decompress_stream(options);
    } else {
        decompress_messages(options);
    }
}

} // namespace

Command decompress_command(CommandLine program) {
    const CommandLine app =
        program.add_subcommand("decompress", "Give the messages of packets back, or the text of a stream");
    auto options = std::make_shared<DecompressOptions>();
    app.footer(
        "With the --model, --id and --check of mote compress. Without --check a damaged packet gives wrong text; a\n"
        "damaged stream is refused, its text up to there being kept with --partial, or where there is no OUT.");
    add_message_file(app, options->file, "the packet or packets, or the stream");
    add_link_options(app, options->link);
    add_message_output(app, options->output, "where messages or the text go");
    app.add_flag("--stream", options->stream, "FILE is a stream; FILE.mz needs no option");
    app.add_flag("--partial", options->partial,
                 "of a stream that is cut short or damaged, OUT is the text up to there; the exit status is 1");
    app.add_flag("--text", options->text, "the packet is a line of base64url");
    add_whole(app, "--most", options->most, {0, 0xFFFFFFFF}, "4096 of a message, any of a stream",
              "bytes of a message, or of a stream's text, at most");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
