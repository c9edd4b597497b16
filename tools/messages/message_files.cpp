#include "message_files.h"

#include "byte_tokens.h"
#include "errors.h"
#include "json_lines.h"
#include "option_values.h"
#include "text_encoding.h"
#include "utf8_text.h"

namespace mote::cli {

MessageForm MessageFile::form() const {
    if (json_lines || (is_json_lines(path) && !lines)) return JSON_LINES;
    return lines ? MESSAGE_LINES : ONE_MESSAGE;
}

void add_message_file(CommandLine app, MessageFile &file, const std::string &what) {
    add_path(app, "FILE", file.path, "", what + ", - for the standard input");
    const Option lines = app.add_flag("--lines", file.lines,
                                      "each line is a message, without the CR of Windows; packets are lines of "
                                      "base64url");
    app.add_flag("--jsonl", file.json_lines,
                 "the same, and messages are JSON lines, {\"text\": …}; FILE.jsonl needs no option")
        .excludes(lines);
}

std::vector<std::string> read_messages(const MessageFile &file) {
    std::string text = raw_corpus(file.path);
    if (file.form() == ONE_MESSAGE) return {text};
    drop_windows_marks(text);
    return file.form() == JSON_LINES ? messages_of_json_lines(text, file.name()) : lines_of(text);
}

void check_part_of(const MessageFile &file) {
    if (file.form() == ONE_MESSAGE || file.path == "-")
        throw UsageError("--split: needs the FILE that the model was trained on, with --lines or as JSON lines");
    const bool learned_json = has_messages(file.path);
    if (learned_json == (file.form() == JSON_LINES)) return;
    if (learned_json)
        throw UsageError("--lines: with --split " + file.path +
                         " is read as in training, as JSON lines by its name; leave --lines out");
    throw UsageError("--jsonl: with --split " + file.path +
                     " is read as in training, as text by its name; give --lines in place of --jsonl");
}

std::vector<std::string> messages_of_part(const ModelFile &model, const std::string &path, const std::string &name,
                                          ChosenPart part) {
    const RunRecord run = run_for(model, path, part);
    const mote_vocab &vocab = model.vocab();
    if (vocab.boundary == 0)
        throw Failure(path + ": trained on a text without items, --split cannot be used; train one with --lines");
    Corpus corpus = load_corpus(name);
    if (corpus.hash != run.corpus_hash)
        throw Failure(corpus.name + ": not the corpus of " + path +
                      ", whose parts it does not have; give that one, or leave --split out");
    Parts parts(tokens_of(corpus, vocab), run);
    const std::vector<uint16_t> tokens = read_part(parts, part).all();
    std::vector<std::string> messages;
    std::string message;
    for (size_t i = 1; i < tokens.size(); ++i) {
        if (tokens[i] != 0) {
            message += utf8_of(vocab.code_points[tokens[i]]);
            continue;
        }
        messages.push_back(with_bytes(message));
        message.clear();
    }
    return messages;
}

} // namespace mote::cli
