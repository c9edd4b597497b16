#include "message_files.h"

#include "byte_tokens.h"
#include "corpus.h"
#include "errors.h"
#include "files.h"
#include "json_lines.h"
#include "option_values.h"
#include "parts.h"
#include "text_encoding.h"
#include "utf8_text.h"

#include <algorithm>

namespace mote::cli {

MessageForm MessageFile::form() const {
    if (json_lines || (is_json_lines(path) && !lines)) return JSON_LINES;
    return lines ? MESSAGE_LINES : ONE_MESSAGE;
}

void add_message_file(CLI::App &app, MessageFile &file, const std::string &what) {
    add_path(app, "FILE", file.path, "", what + ", - for the standard input")->capture_default_str();
    CLI::Option *lines = app.add_flag("--lines", file.lines, "each line is a message; packets are lines of base64url");
    app.add_flag("--jsonl", file.json_lines,
                 "the same, and messages are JSON lines, {\"text\": …}; FILE.jsonl needs no option")
        ->excludes(lines);
}

std::vector<std::string> lines_of(const std::string &text) {
    std::vector<std::string> lines;
    for (size_t begin = 0, end = 0; begin < text.size(); begin = end + 1) {
        end = std::min(text.find('\n', begin), text.size());
        lines.push_back(text.substr(begin, end - begin));
    }
    return lines;
}

std::vector<std::string> read_messages(const MessageFile &file) {
    std::string text = read_text(file.path);
    switch (file.form()) {
    case JSON_LINES:
        drop_byte_order_mark(text);
        return messages_of_json_lines(text, file.name());
    case MESSAGE_LINES:
        return lines_of(text);
    default:
        return {text};
    }
}

std::vector<std::string> messages_of_part(const ModelFile &model, const std::string &name, uint32_t part) {
    RunRecord run{};
    const mote_vocab &vocab = model.vocab();
    if (!model.run(run) || run.split[part] == 0 || vocab.boundary == 0) {
        throw Failure(formatted("--split %s: the model was not trained on messages with such a part",
                                part_name(static_cast<Part>(part))));
    }
    Corpus corpus = load_corpus(name);
    if (corpus.hash != run.corpus_hash) throw Failure(corpus.name + ": not the corpus that the model was trained on");
    Parts parts(tokens_of(corpus, vocab), run);
    TokenView tokens = parts.read(static_cast<Part>(part));
    std::vector<std::string> messages;
    std::string message;
    for (size_t i = 1; i < tokens.count; ++i) {
        if (tokens.data[i] != 0) {
            message += utf8_of(vocab.code_points[tokens.data[i]]);
            continue;
        }
        messages.push_back(with_bytes(message));
        message.clear();
    }
    return messages;
}

} // namespace mote::cli
