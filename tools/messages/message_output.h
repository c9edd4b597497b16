#pragma once

#include "files.h"
#include "option_parser.h"

#include <optional>
#include <string>

namespace mote::cli {

/* -o FILE, which is there whole or not at all; without it the standard output, as the bytes come. */
class MessageOutput {
  public:
    explicit MessageOutput(const std::string &path);
    void write(const std::string &bytes);
    void commit();

  private:
    std::optional<OutputFile> file_;
};

void add_message_output(CommandLine app, std::string &path, const std::string &what);
/* Throws UsageError where `path` is one of the files that are read. */
void check_message_output(const std::string &path, const std::string &input, const std::string &model);

} // namespace mote::cli
