#include "train_check.h"

#include "errors.h"
#include "files.h"
#include "recipes.h"
#include "run_program.h"

#include <algorithm>

namespace mote::cli {

namespace {

constexpr const char *own_options[] = {"output",           "json",   "quiet", "log", "seed", "threads", "checkpoint",
                                       "checkpoint-every", "resume", "help"};

std::string advice_for(const std::string &option) {
    if (option == "seed") return "give --seeds to the sweep";
    if (option == "threads") return "give it to the sweep, before --";
    if (option == "resume") return "a sweep begins each training anew";
    if (option == "help") return "mote train --help lists what can";
    return "the sweep gives it itself, or keeps none";
}

/* Reads options of `mote train`. */
struct TrainParser {
    OptionParser parser;
    CommandLine app = parser.command_line();
    TrainOptions options;

    TrainParser() { add_train_options(app, options); }

    void parse(const std::vector<std::string> &corpora, const std::vector<std::string> &given) {
        std::vector<std::string> arguments = {"--output", null_file};
        arguments.insert(arguments.end(), corpora.begin(), corpora.end());
        arguments.insert(arguments.end(), given.begin(), given.end());
        parser.parse(arguments);
        if (options.corpora.size() > corpora.size())
            throw UsageError(options.corpora[corpora.size()] +
                             ": not an option of mote train; a corpus stands before --");
    }
};

std::vector<std::string> with_recipe_options(const std::vector<std::string> &options) {
    std::vector<std::string> arguments = {"train"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments = with_recipe(arguments);
    arguments.erase(arguments.begin());
    return arguments;
}

uint64_t hash_more(uint64_t hash, const std::string &text) {
    return mote_fnv1a(hash, text.c_str(), text.size() + 1); /* with its end, so that two texts are not one */
}

} // namespace

void check_shared_options(const Sweep &sweep) {
    TrainParser parser;
    const std::vector<std::string> &given = sweep.options;
    for (const char *own : own_options) {
        const std::string option = std::string("--") + own;
        auto names = [&](const std::string &word) {
            if (word == option || word.rfind(option + "=", 0) == 0) return true;
            return (option == "--output" && word.rfind("-o", 0) == 0) || (option == "--help" && word == "-h");
        };
        if (std::any_of(given.begin(), given.end(), names))
            throw UsageError(option + ": cannot be given to each training; " + advice_for(own));
    }
    parser.parse(sweep.corpora, given);
    for (const std::string &key : sweep.keys) {
        const Option option = parser.app.option("--" + key);
        if (!option) throw UsageError(key + ": unknown option of mote train, mote train --help lists them");
        if (std::find(std::begin(own_options), std::end(own_options), key) != std::end(own_options))
            throw UsageError(key + ": cannot be swept over; " + advice_for(key));
        if (option.count() > 0) throw UsageError("--" + key + ": is swept over and given to all trainings as well");
        if (std::count(sweep.keys.begin(), sweep.keys.end(), key) > 1) throw UsageError(key + ": is swept over twice");
    }
}

TrainOptions checked_train_options(const std::vector<std::string> &corpora, const std::vector<std::string> &options) {
    TrainParser parser;
    parser.parse(corpora, with_recipe_options(options));
    take_cell_of_base(parser.options);
    check_train_options(parser.app, parser.options);
    if (parser.options.split[1] == 0)
        throw UsageError("sweep: there is no dev part, whose loss is to compare; give -- --split 90/10");
    return parser.options;
}

InputHashes::InputHashes(uint64_t corpus_hash, bool has_messages)
    : corpus_(mote_fnv1a(corpus_hash, has_messages ? "m" : "t", 1)) {}

uint64_t InputHashes::of_file(const std::string &path) {
    auto known = files_.find(path);
    if (known != files_.end()) return known->second;
    const std::string bytes = read_text(path);
    return files_[path] = mote_fnv1a(MOTE_FNV_START, bytes.data(), bytes.size());
}

uint64_t InputHashes::of(const std::vector<std::string> &options, const TrainOptions &parsed) {
    uint64_t hash = corpus_;
    for (const std::string &option : with_recipe_options(options)) hash = hash_more(hash, option);
    std::vector<std::string> paths = parsed.teachers;
    for (const std::string &path : {parsed.base, parsed.adapter}) {
        if (!path.empty()) paths.push_back(path);
    }
    for (const std::string &path : paths) hash = hash_more(hash, std::to_string(of_file(path)));
    return hash;
}

} // namespace mote::cli
