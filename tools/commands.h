#pragma once

#include "option_parser.h"

#include <functional>
#include <string>
#include <vector>

namespace mote::cli {

/* A command of the program: its options in `app`, and what it does once they are parsed. */
struct Command {
    CLI::App *app;
    std::function<void()> run;
};

Command train_command(CLI::App &program);
Command lr_find_command(CLI::App &program);
Command sweep_command(CLI::App &program, const std::vector<std::string> &train_options);
Command eval_command(CLI::App &program);
Command sample_command(CLI::App &program);
Command score_command(CLI::App &program);
Command complete_command(CLI::App &program);
Command quantize_command(CLI::App &program);
Command compress_command(CLI::App &program);
Command decompress_command(CLI::App &program);
Command export_command(CLI::App &program);
#if defined(MOTE_CONVERT)
Command convert_command(CLI::App &program);
#endif
Command inspect_command(CLI::App &program);
Command merge_command(CLI::App &program);
Command average_command(CLI::App &program);
Command replay_command(CLI::App &program);
Command journal_command(CLI::App &program);
Command plot_command(CLI::App &program);
Command profile_command(CLI::App &program);
Command recipes_command(CLI::App &program);
Command corpora_command(CLI::App &program);

} // namespace mote::cli
