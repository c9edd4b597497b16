#include "adapter_file.h"
#include "commands.h"
#include "corpus.h"
#include "errors.h"
#include "model_file.h"
#include "option_values.h"
#include "results.h"
#include "surprise.h"
#include "utf8_text.h"

#include <memory>

namespace mote::cli {

namespace {

struct ScoreOptions {
    std::string model, adapter, text;
    bool json = false;
};

struct Score {
    std::vector<std::string> characters;
    std::vector<double> bits; /* of the last bits.size() characters */
    double total = 0;
};

Score score_of(const ScoreOptions &options) {
    ModelFile file(options.model);
    AdaptedModel adapted(file, options.model, options.adapter);
    std::vector<uint16_t> tokens = tokens_of_argument("TEXT", options.text, file.vocab());
    if (file.vocab().boundary != 0) tokens.insert(tokens.begin(), 0);
    if (tokens.size() < shortest_text) throw UsageError("TEXT: too short, there is no character to be surprised by");
    Score score;
    for (size_t offset = 0; offset < options.text.size();) {
        score.characters.push_back(quoted(next_code_point(options.text, offset)));
    }
    for (float nats : adapted.nats_of(tokens)) {
        score.bits.push_back(bits_of_nats(static_cast<double>(nats)));
        score.total += score.bits.back();
    }
    return score;
}

void print(const Score &score) {
    size_t unscored = score.characters.size() - score.bits.size();
    for (size_t i = 0; i < score.characters.size(); ++i) {
        std::string bits = i < unscored ? "       -" : formatted("%8.3f", score.bits[i - unscored]);
        print_line(bits + "  " + score.characters[i]);
    }
    print_line(formatted("%8.3f  in all, %.3f bits a character", score.total,
                         score.total / static_cast<double>(score.bits.size())));
}

Json json_of(const ScoreOptions &options, const Score &score) {
    Json bits = score.bits;
    if (score.bits.size() < score.characters.size()) bits.insert(bits.begin(), nullptr);
    return {{"text", options.text},
            {"bits", bits},
            {"total_bits", score.total},
            {"bits_per_char", score.total / static_cast<double>(score.bits.size())}};
}

void run(const ScoreOptions &options) {
    Score score = score_of(options);
    if (options.json) {
        print_json(json_of(options, score));
    } else {
        print(score);
    }
}

} // namespace

Command score_command(CommandLine program) {
    const CommandLine app = program.add_subcommand("score", "The surprise of each character of a text, in bits");
    auto options = std::make_shared<ScoreOptions>();
    app.footer("A model of items reads the boundary token first; for another model the first character, which nothing\n"
               "precedes, has no surprise.");
    add_path(app, "M", options->model, "", "the model, a .mote file").required();
    app.add_option("TEXT", options->text, "the text itself").required();
    add_adapter(app, options->adapter);
    app.add_flag("--json", options->json, "one JSON object as the last line of stdout");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
