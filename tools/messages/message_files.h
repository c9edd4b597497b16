#pragma once

#include "corpus_part.h"
#include "option_parser.h"

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
void add_message_file(CommandLine app, MessageFile &file, const std::string &what);

/* The name of a built-in corpus is that corpus, as for mote train. One message is read as it is; of lines, a byte order
 * mark and the CR of each CR LF are dropped. */
std::vector<std::string> read_messages(const MessageFile &file);

/* Throws UsageError where a part of the file cannot be asked for, or the options say of it what its name, by which
 * mote train read it, does not. */
void check_part_of(const MessageFile &file);

/* The messages of a part of the corpus that the model in `path` learned from, as it was split then. */
std::vector<std::string> messages_of_part(const ModelFile &model, const std::string &path, const std::string &corpus,
                                          ChosenPart part);

} // namespace mote::cli
