#include "program.h"

#include "commands.h"
#include "errors.h"
#include "mote.h"
#include "option_parser.h"
#include "recipes.h"
#include "results.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>

namespace mote::cli {

static std::string version_text() {
    uint32_t number = mote_version();
    return formatted("mote %u.%u.%u (%s)", number / 10000, number / 100 % 100, number % 100, mote_isa());
}

/* CLI11 would say only that a command is required. */
static void check_command(CommandLine program, const std::vector<std::string> &arguments) {
    if (arguments.empty()) throw UsageError("give a command, mote --help lists them");
    const std::string &first = arguments[0];
    if (!program.has_subcommand(first) && !program.option(first))
        throw UsageError(first + ": no such command, mote --help lists them");
}

/* What stands behind -- of a sweep is for each training, and not for the parser of its own options. */
static std::vector<std::string> take_train_options(std::vector<std::string> &arguments) {
    if (arguments.empty() || arguments[0] != "sweep") return {};
    auto dashes = std::find(arguments.begin(), arguments.end(), "--");
    if (dashes == arguments.end()) return {};
    std::vector<std::string> behind(dashes + 1, arguments.end());
    arguments.erase(dashes, arguments.end());
    return behind;
}

static void run(std::vector<std::string> arguments) {
    const std::vector<std::string> behind = take_train_options(arguments);
    const OptionParser parser(
        "Tiny character language models that run and learn anywhere, with the same bits everywhere.", "mote");
    parser.set_version_flag("--version", version_text, "The version, and the instruction set that it uses here");
    parser.set_column_width(34);
    const CommandLine program = parser.command_line();
    program.require_subcommand(1, 1);
    std::vector<Command> commands = {
        train_command(program),    lr_find_command(program),    sweep_command(program, behind),
        eval_command(program),     sample_command(program),     score_command(program),
        complete_command(program), profile_command(program),    export_command(program),
        inspect_command(program),  plot_command(program),       quantize_command(program),
        compress_command(program), decompress_command(program), merge_command(program),
        average_command(program),  replay_command(program),     journal_command(program),
        recipes_command(program),  corpora_command(program)};
#if defined(MOTE_CONVERT)
    commands.push_back(convert_command(program));
#endif
    check_command(program, arguments);
    if (parser.parse_or_show(with_recipe(arguments))) {
        for (const Command &command : commands) {
            if (command.app.parsed()) command.run();
        }
    }
    finish_output();
}

static std::string one_line(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

Ending run_command(const std::vector<std::string> &arguments) {
    try {
        run(arguments);
        return {EXIT_DONE, ""};
    } catch (const UsageError &error) {
        return {EXIT_USAGE, one_line(error.what())};
    } catch (const std::bad_alloc &) {
        return {EXIT_FAILED, "not enough memory"};
    } catch (const std::exception &error) {
        return {EXIT_FAILED, one_line(error.what())};
    }
}

int report(const Ending &ending) {
    std::fflush(stdout);
    if (!ending.message.empty()) std::fprintf(stderr, "mote: %s\n", ending.message.c_str());
    return ending.code;
}

} // namespace mote::cli
