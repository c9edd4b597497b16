#include "base64url.h"
#include "commands.h"
#include "errors.h"
#include "message_codec.h"
#include "message_files.h"
#include "message_stats.h"
#include "option_values.h"
#include "results.h"

#include <memory>

namespace mote::cli {

namespace {

struct CompressOptions {
    LinkOptions link;
    MessageFile file;
    ChosenPart part;
    bool text = false, stats = false, json = false;
};

void check_options(const CompressOptions &options) {
    if (options.part) check_part_of(options.file);
    if (options.json && !options.stats) throw UsageError("--json: goes with --stats");
    if (options.text && options.stats) throw UsageError("--text: --stats writes no packets");
}

void write_packets(MessageCodec &codec, const CompressOptions &options, const std::vector<std::string> &messages) {
    bool in_lines = options.text || options.file.form() != ONE_MESSAGE;
    std::string all;
    for (const std::string &message : messages) {
        std::string packet = codec.compress(message);
        all += in_lines ? base64url(packet) + "\n" : packet;
    }
    print_bytes(all);
}

void run(const CompressOptions &options) {
    check_options(options);
    MessageCodec codec(options.link);
    std::vector<std::string> messages =
        options.part ? messages_of_part(codec.file(), options.link.model, options.file.path, options.part)
                     : read_messages(options.file);
    if (!options.stats) {
        write_packets(codec, options, messages);
        return;
    }
    MessageStats stats = stats_of(codec, messages, options.file.name());
    if (options.json) {
        print_json(stats.json());
    } else {
        stats.print();
    }
}

} // namespace

Command compress_command(CLI::App &program) {
    CLI::App *app = program.add_subcommand("compress", "Make short messages packets, with a model of such messages");
    auto options = std::make_shared<CompressOptions>();
    app->footer("FILE is one message, of any bytes, and its packet goes to stdout as it is, unless --text, --lines or\n"
                "--jsonl are given. A link has to keep packets apart; lib/codec/FORMAT.md describes them.");
    add_message_file(*app, options->file, "the message or messages, a file or a built-in (mote corpora)");
    add_link_options(*app, options->link);
    app->add_flag("--text", options->text, "the packet as a line of base64url");
    app->add_flag("--stats", options->stats, "instead of packets, how short they are, and the time");
    add_part(*app, options->part, "only this part of FILE, split as in the training of the model");
    app->add_flag("--json", options->json, "--stats as one JSON object, the last line of stdout");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
