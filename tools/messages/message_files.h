#pragma once

#include "model_file.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace mote::cli {

/* How messages, or their packets, lie in a file: the file is one; a line each; a line each, messages as JSON. */
enum MessageForm : uint32_t { ONE_MESSAGE = 0, MESSAGE_LINES = 1, JSON_LINES = 2 };

struct MessageFile {
    std::string path = "-";
    bool lines = false, json_lines = false;

    std::string name() const { return path == "-" ? "standard input" : path; }
    MessageForm form() const;
};
void add_message_file(CLI::App &app, MessageFile &file, const std::string &what);

/* The lines of a text, without their ends. */
std::vector<std::string> lines_of(const std::string &text);

std::vector<std::string> read_messages(const MessageFile &file);

/* The messages of a part of the corpus that the model learned from, as it was split then. */
std::vector<std::string> messages_of_part(const ModelFile &model, const std::string &corpus, uint32_t part);

} // namespace mote::cli
