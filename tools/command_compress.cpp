#include "base64url.h"
#include "commands.h"
#include "errors.h"
#include "message_codec.h"
#include "message_files.h"
#include "message_output.h"
#include "message_stats.h"
#include "option_values.h"
#include "results.h"
#include "stream_options.h"
#include "stream_stats.h"

#include <memory>

namespace mote::cli {

namespace {

struct CompressOptions {
    LinkOptions link;
    MessageFile file;
    ChosenPart part;
    std::string output;
    bool stream = false, text = false, stats = false, json = false;

    bool makes_stream() const { return stream || is_stream(output); }
};

void check_options(const CompressOptions &options) {
    check_message_output(options.output, options.file.path, options.link.model);
    if (options.makes_stream()) check_stream_options(options.link, options.file, options.text);
    if (options.makes_stream() && options.part) throw UsageError("--split: goes with packets; a stream is all of FILE");
    if (options.part) check_part_of(options.file);
    if (options.json && !options.stats) throw UsageError("--json: goes with --stats");
    if (options.text && options.stats) throw UsageError("--text: --stats writes no packets");
    if (!options.output.empty() && options.stats) throw UsageError("--output: --stats writes nothing but figures");
}

void write_packets(MessageCodec &codec, const CompressOptions &options, const std::vector<std::string> &messages) {
    bool in_lines = options.text || options.file.form() != ONE_MESSAGE;
    std::string all;
    for (const std::string &message : messages) {
        std::string packet = codec.compress(message);
        all += in_lines ? base64url(packet) + "\n" : packet;
    }
    MessageOutput output(options.output);
    output.write(all);
    output.commit();
}

template <typename Stats> void print_stats(const Stats &stats, bool json) {
    if (json) {
        print_json(stats.json());
    } else {
        stats.print();
    }
}

void compress_stream(const CompressOptions &options) {
    StreamCodec codec(options.link.model);
    const std::string text = raw_corpus(options.file.path);
    if (options.stats) {
        print_stats(stream_stats_of(codec, text, options.file.name()), options.json);
        return;
    }
    MessageOutput output(options.output);
    codec.compress(text, [&](const std::string &bytes) { output.write(bytes); });
    output.commit();
}

void compress_messages(const CompressOptions &options) {
    MessageCodec codec(options.link);
    std::vector<std::string> messages =
        options.part ? messages_of_part(codec.file(), options.link.model, options.file.path, options.part)
                     : read_messages(options.file);
    if (!options.stats) {
        write_packets(codec, options, messages);
    } else {
        print_stats(stats_of(codec, messages, options.file.name()), options.json);
    }
}

void run(const CompressOptions &options) {
    check_options(options);
    if (options.makes_stream()) {
        compress_stream(options);
    } else {
        compress_messages(options);
    }
}

} // namespace

Command compress_command(CommandLine program) {
    const CommandLine app =
        program.add_subcommand("compress", "Make short messages packets, or a log a stream, with a model of such text");
    auto options = std::make_shared<CompressOptions>();
    app.footer(
        "FILE is one message, of any bytes, and its packet goes to stdout as it is, unless --text, --lines or\n"
        "--jsonl are given. A link has to keep packets apart; lib/codec/FORMAT.md describes them. A stream is a\n"
        "file of at most 4 GiB, in which the model reads on from line to line:\n"
        "  mote compress --model M.mote app.log -o app.log.mz");
    add_message_file(app, options->file, "the message or messages, a file or a built-in (mote corpora)");
    add_link_options(app, options->link);
    add_message_output(app, options->output, "where packets or the stream go");
    app.add_flag("--stream", options->stream, "FILE, at most 4 GiB, as one stream; OUT.mz needs no option");
    app.add_flag("--text", options->text, "the packet as a line of base64url");
    app.add_flag("--stats", options->stats, "instead of packets or the stream, how short they are, and the time");
    add_part(app, options->part, "only this part of FILE, split as in the training of the model");
    app.add_flag("--json", options->json, "--stats as one JSON object, the last line of stdout");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
