#pragma once

#include <string>
#include <vector>

namespace mote::cli {

/* True for a file's name that ends as JSON lines do, in .jsonl, in capitals or not. */
bool is_json_lines(const std::string &name);

/* The messages of a text whose lines are JSON: an object with the message as its "text", or a string. Lines of blanks
 * are skipped. `name`, of the file, begins the messages of failures. */
std::vector<std::string> messages_of_json_lines(const std::string &text, const std::string &name);

/* A text of messages that a model of items learns: one a line, each once, none empty. */
std::string lines_of_messages(const std::vector<std::string> &messages);

} // namespace mote::cli
