#pragma once

#include "option_parser.h"

#include <functional>
#include <string>
#include <vector>

namespace mote::cli {

/* A command of the program: its options in `app`, and what it does once they are parsed. */
struct Command {
    CommandLine app;
    std::function<void()> run;
};

Command train_command(CommandLine program);
Command lr_find_command(CommandLine program);
Command sweep_command(CommandLine program, const std::vector<std::string> &train_options);
Command eval_command(CommandLine program);
Command sample_command(CommandLine program);
Command score_command(CommandLine program);
Command complete_command(CommandLine program);
Command quantize_command(CommandLine program);
Command compress_command(CommandLine program);
Command decompress_command(CommandLine program);
Command export_command(CommandLine program);
#if defined(MOTE_CONVERT)
Command convert_command(CommandLine program);
#endif
Command inspect_command(CommandLine program);
Command merge_command(CommandLine program);
Command average_command(CommandLine program);
Command replay_command(CommandLine program);
Command journal_command(CommandLine program);
Command plot_command(CommandLine program);
Command profile_command(CommandLine program);
Command recipes_command(CommandLine program);
Command corpora_command(CommandLine program);

} // namespace mote::cli
