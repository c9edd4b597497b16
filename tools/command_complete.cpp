#include "byte_tokens.h"
#include "commands.h"
#include "errors.h"
#include "model_file.h"
#include "option_values.h"
#include "results.h"
#include "text_encoding.h"
#include "utf8_text.h"

#include <cmath>
#include <memory>

namespace mote::cli {

namespace {

struct CompleteOptions {
    std::string model, prefix;
    mote_completer_options search = {8, 32, 3};
    uint32_t until = MOTE_UNTIL_WORD;
    bool json = false;
};

struct Completion {
    std::string text;
    double log_probability;
};

const Choices until_choices = {{"word", MOTE_UNTIL_WORD}, {"line", MOTE_UNTIL_LINE}};

/* Where the model has a boundary, a line is an item of its own: only the last one is read. */
size_t start_of_line(const std::string &prefix, const mote_vocab &vocab) {
    size_t end = vocab.boundary != 0 ? prefix.rfind('\n') : std::string::npos;
    return end != std::string::npos ? end + 1 : 0;
}

/* The library says only that there is something that it cannot read. */
void check_prefix(const std::string &prefix, const mote_vocab &vocab) {
    size_t whole = utf8_bytes(prefix);
    if (whole != prefix.size()) throw UsageError(formatted("PREFIX: not UTF-8 at byte %zu", whole + 1));
    for (size_t offset = start_of_line(prefix, vocab); offset < prefix.size();) {
        size_t begin = offset;
        uint32_t code_point = next_code_point(prefix, offset);
        std::string character = prefix.substr(begin, offset - begin);
        if (has_character(vocab, code_point) || with_byte_tokens(character, vocab) != character) continue;
        throw UsageError(formatted("PREFIX: the model does not have %s (character %zu)", quoted(code_point).c_str(),
                                   count_code_points(prefix.substr(0, begin)) + 1));
    }
}

UsageError no_end(const CompleteOptions &options) {
    if (options.until == MOTE_UNTIL_LINE)
        return UsageError(options.model + ": has no line ends, so that no line is complete; --until word may be");
    return UsageError(options.model + ": has no blank, line end or punctuation that would end a word");
}

class Completer {
  public:
    explicit Completer(const CompleteOptions &options)
        : options_(options), file_(options.model), arena_(mote_completer_bytes(&file_.config(), &options.search)) {
        check(mote_completer_init(&completer_, arena_.get(), file_.model(), &options.search), options.model);
    }

    std::vector<Completion> find() {
        const std::string &prefix = options_.prefix;
        check_prefix(prefix, file_.vocab());
        uint32_t found = 0;
        mote_status status = mote_complete(completer_, prefix.data(), prefix.size(), options_.until, &found);
        if (status == MOTE_ERR_MISSING) throw no_end(options_);
        check(status, options_.model);
        std::vector<Completion> completions;
        for (uint32_t i = 0; i < found; ++i) completions.push_back(completion(i));
        return completions;
    }

  private:
    Completion completion(uint32_t index) const {
        std::string text(static_cast<size_t>(MOTE_ENDING_BYTES(options_.search.length)), '\0');
        size_t size = 0;
        float log_probability = 0;
        check(mote_completion(completer_, index, text.data(), text.size(), &size, &log_probability), options_.model);
        text.resize(size);
        return {text, static_cast<double>(log_probability)};
    }

    const CompleteOptions &options_;
    ModelFile file_;
    OwnArena arena_;
    mote_completer *completer_ = nullptr;
};

Json json_of(const CompleteOptions &options, const std::vector<Completion> &completions) {
    Json endings = Json::array();
    for (const Completion &each : completions) {
        endings.push_back({{"text", each.text},
                           {"probability", std::exp(each.log_probability)},
                           {"log_probability", each.log_probability}});
    }
    return {{"prefix", options.prefix}, {"endings", endings}};
}

void run(const CompleteOptions &options) {
    std::vector<Completion> completions = Completer(options).find();
    if (options.json) {
        print_json(json_of(options, completions));
    } else if (completions.empty()) {
        throw Failure(formatted("no ending of at most %u tokens was found; a larger --length or --width may find one",
                                options.search.length));
    } else {
        for (const Completion &each : completions) print_line(each.text);
    }
}

} // namespace

Command complete_command(CommandLine program) {
    const CommandLine app =
        program.add_subcommand("complete", "The likeliest endings of a word or a line that has begun");
    auto options = std::make_shared<CompleteOptions>();
    app.footer(
        "Each ending is a line of stdout, the likeliest first, without PREFIX and without what ends it: a blank or\n"
        "punctuation other than ' - _ ends a word, a line end or the end of an item a line. An empty line means that\n"
        "PREFIX may be complete. The search keeps the --width likeliest beginnings, and reads at most --width times\n"
        "--length tokens, which are characters, or bytes of those that the model has no token for. lib/mote_run.h "
        "(completion) describes it.");
    add_path(app, "M", options->model, "", "the model, a .mote file").required();
    app.add_option("PREFIX", options->prefix, "what stands before the ending, from the beginning of the line")
        .required();
    add_whole(app, "--count", options->search.count, {1, MOTE_COMPLETER_MAX_COUNT}, "endings, or less");
    add_whole(app, "--width", options->search.width, {1, MOTE_COMPLETER_MAX_WIDTH}, "beginnings that are kept");
    add_whole(app, "--length", options->search.length, {1, MOTE_COMPLETER_MAX_LENGTH},
              "tokens of an ending at most: characters, or bytes of those that the model lacks");
    add_choice(app, "--until", options->until, until_choices, "what is to be ended");
    app.add_flag("--json", options->json, "one JSON object as the last line of stdout, with the probabilities");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
