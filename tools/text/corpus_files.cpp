#include "corpus.h"

#include "built_in.h"
#include "errors.h"
#include "files.h"
#include "json_lines.h"
#include "system_files.h"
#include "text_encoding.h"
#include "text_scan.h"

#include <algorithm>

namespace mote::cli {

const BuiltIn *find_built_in(const std::string &name) {
    for (size_t i = 0; i < built_in_count; ++i) {
        if (name == built_in[i].name) return &built_in[i];
    }
    return nullptr;
}

std::string raw_corpus(const std::string &name) {
    const BuiltIn *found = find_built_in(name);
    if (found == nullptr) return read_text(name);
    return {reinterpret_cast<const char *>(found->bytes), found->count};
}

bool has_messages(const std::string &name) { return find_built_in(name) == nullptr && is_json_lines(name); }

bool have_messages(const std::vector<std::string> &names) {
    const auto other = std::find_if(names.begin(), names.end(), [&](const std::string &name) {
        return has_messages(name) != has_messages(names[0]);
    });
    if (other == names.end()) return has_messages(names[0]);
    const bool first = has_messages(names[0]);
    throw UsageError((first ? names[0] : *other) + " has JSON lines of messages, and " + (first ? *other : names[0]) +
                     " is text; give files of one kind");
}

void check_not_a_corpus(const std::string &option, const std::string &path, const std::vector<std::string> &corpora) {
    const bool is_one = std::any_of(corpora.begin(), corpora.end(), [&](const std::string &name) {
        return name != "-" && find_built_in(name) == nullptr && same_file(path, name);
    });
    if (is_one) throw UsageError(option + " " + path + ": is the corpus");
}

std::string corpus_name(const std::vector<std::string> &names) {
    std::vector<std::string> shown;
    shown.reserve(names.size());
    for (const std::string &name : names) shown.push_back(name == "-" ? "standard input" : name);
    return listed(shown, " and ");
}

namespace {

/* 0 for what is no regular file. */
size_t file_bytes(const std::string &name) {
    if (name == "-" || find_built_in(name) != nullptr || is_written_through(name)) return 0;
    return BytesOfFile(name).size();
}

Text text_of(const std::vector<std::string> &names, size_t most_in_memory) {
    if (std::count(names.begin(), names.end(), "-") > 1) throw UsageError("CORPUS -: can be read once, give it once");
    size_t bytes = 0;
    for (const std::string &name : names) bytes += file_bytes(name);
    Text text;
    for (const std::string &name : names) {
        const bool stays = bytes > most_in_memory && file_bytes(name) != 0;
        std::unique_ptr<TextBytes> piece;
        if (stays)
            piece = std::make_unique<BytesOfFile>(name);
        else
            piece = std::make_unique<BytesInMemory>(raw_corpus(name));
        text.add(corpus_name({name}), std::move(piece));
    }
    return text;
}

/* The messages as lines. Places in a file are told before they become lines. */
Text text_of_messages(const std::vector<std::string> &names) {
    std::vector<std::string> messages;
    for (const std::string &name : names) {
        Text file = text_of({name}, SIZE_MAX);
        scan(file);
        std::string lines, room;
        for (size_t i = 0; i < file.blocks(); ++i) lines += file.block(i, room);
        for (std::string &message : messages_of_json_lines(lines, corpus_name({name})))
            messages.push_back(std::move(message));
    }
    Text text;
    text.add(corpus_name(names), std::make_unique<BytesInMemory>(lines_of_messages(messages)));
    return text;
}

} // namespace

Corpus load_corpus(const std::vector<std::string> &names, size_t most_in_memory) {
    Corpus corpus;
    corpus.name = corpus_name(names);
    corpus.has_messages = have_messages(names);
    Text text = corpus.has_messages ? text_of_messages(names) : text_of(names, most_in_memory);
    TextScan found = scan(text);
    if (found.characters.empty()) throw Failure(corpus.name + ": empty; give one with text in it");
    corpus.text = std::make_shared<const Text>(std::move(text));
    corpus.hash = found.hash;
    corpus.characters = std::move(found.characters);
    corpus.ends = std::move(found.ends);
    return corpus;
}

Corpus load_corpus(const std::string &name) { return load_corpus(std::vector<std::string>{name}); }

} // namespace mote::cli
