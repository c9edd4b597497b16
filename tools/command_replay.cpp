#include "commands.h"
#include "corpus.h"
#include "errors.h"
#include "option_values.h"
#include "replay.h"

#include <memory>

namespace mote::cli {

namespace {

unsigned long long wide(uint64_t number) { return number; }

Json json_of(const Replay &replay) {
    Json json;
    json["follows"] = replay.difference.empty();
    json["from"] = replay.from;
    json["to"] = replay.to;
    json["chain"] = replay.has_chain;
    json["links"] = replay.links;
    if (replay.last != 0) json["first_different_step"] = {replay.first, replay.last};
    if (!replay.difference.empty()) json["difference"] = replay.difference;
    json["weights_hash"] = replay.weights_hash;
    return json;
}

void print_result(const Replay &replay, const ReplayOptions &options) {
    print_line(
        formatted("%s follows from %s: %llu steps, from %llu to %llu, with the same %sweights, moments and hidden "
                  "state",
                  options.after.c_str(), options.before.c_str(), wide(replay.to - replay.from), wide(replay.from),
                  wide(replay.to), replay.has_chain ? "chain of steps, " : ""));
    if (!replay.has_chain)
        print_line(options.after + " has no chain of these steps, so that only its end was compared");
    print_line("weights hash   " + replay.weights_hash);
}

void run(const ReplayOptions &options) {
    const Replay result = replay(options);
    if (options.json) print_json(json_of(result));
    if (!result.difference.empty())
        throw Failure(options.after + ": does not follow from " + options.before + ": " + result.difference);
    if (!options.json) print_result(result, options);
}

} // namespace

Command replay_command(CommandLine program) {
    const CommandLine app = program.add_subcommand(
        "replay", "Show that a checkpoint came from an earlier one by learning, or the first step that differs");
    auto options = std::make_shared<ReplayOptions>();
    app.footer("It learns again from BEFORE to the step of AFTER, with the settings that the files hold, and compares\n"
               "each step with the chain of steps in AFTER, and at the end all that is in a checkpoint. BEFORE may\n"
               "also be the model that --base was. The machine, --isa and --threads need not be those of then.\n"
               "The exit status is 1 where something differs.");
    add_path(app, "BEFORE", options->before, "",
             "an earlier checkpoint of the same training, or the model it began with")
        .required();
    add_path(app, "AFTER", options->after, "", "the checkpoint in question").required();
    add_corpora(app, "--data", options->corpora, std::string("what it learned from: ") + corpus_help).required();
    app.add_option("--teacher", options->teachers, "of a training with --teacher: the same, in the same order")
        .type_name("M.mote")
        .take_each();
    add_whole(app, "--threads", options->threads, {1, MOTE_MAX_TASKS},
              "threads that share a step; any number gives the same bits");
    add_text(app, "--isa", options->isa, "NAME", "the instruction set to use; every one gives the same bits");
    app.add_flag("--json", options->json, "one JSON object as the last line of stdout");
    app.add_flag("--quiet", options->quiet, "no progress on stderr");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
