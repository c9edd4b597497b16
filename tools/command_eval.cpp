#include "adapter_file.h"
#include "commands.h"
#include "corpus_part.h"
#include "errors.h"
#include "option_values.h"
#include "results.h"
#include "surprise.h"

#include <cmath>
#include <limits>
#include <memory>
#include <optional>

namespace mote::cli {

namespace {

constexpr uint32_t most_rows = 4096;

struct EvalOptions {
    std::string model, adapter;
    std::vector<std::string> corpora;
    ChosenPart part;
    std::optional<uint32_t> rows;
    uint32_t limit = 0;
    bool json = false;
};

/* Whether what is measured is what the model learned from, which `mote train` measures in rows. */
bool is_training_part(const ModelFile &file, const EvalOptions &options, const Corpus &corpus) {
    if (options.part) return *options.part == TRAIN;
    const std::optional<RunRecord> run = file.run();
    return run && run->split[TRAIN] == 100 && run->corpus_hash == corpus.hash;
}

void run(const EvalOptions &options) {
    ModelFile file(options.model);
    AdaptedModel adapted(file, options.model, options.adapter);
    RunRecord run = run_for(file, options.model, options.part);
    Corpus corpus = load_corpus(options.corpora);
    tell_of_other_corpus(run, corpus, options.part);
    uint32_t rows = options.rows.value_or(is_training_part(file, options, corpus) ? rows_of_training : 1);
    Parts parts(tokens_of(corpus, file.vocab()), run);
    TokenView text = beginning_of(read_part(parts, options.part), options.limit);
    double loss = adapted.mean_nats(text, rows, corpus.name);
    double bits = bits_of_nats(loss), perplexity = std::exp(loss);
    size_t characters = text.count - 1;
    if (options.json) {
        print_json({{"loss", loss}, {"bits_per_char", bits}, {"perplexity", perplexity}, {"chars", characters}});
    } else {
        print_line(formatted("%.4f nats a character, %.4f bits, perplexity %.2f; %zu characters%s", loss, bits,
                             perplexity, characters, rows == 1 ? "" : formatted(" in %u rows", rows).c_str()));
    }
}

} // namespace

Command eval_command(CommandLine program) {
    const CommandLine app =
        program.add_subcommand("eval", "Measure a model on a text: nats and bits a character, perplexity");
    auto options = std::make_shared<EvalOptions>();
    add_path(app, "M", options->model, "", "the model, a .mote file").required();
    add_corpora(app, "CORPUS", options->corpora, corpus_help).required();
    add_adapter(app, options->adapter);
    add_part(app, options->part, "only this part, split as in the training of M");
    add_whole(app, "--rows", options->rows, {1, most_rows}, "64 of what M learned from, as in its train_loss; else 1",
              "cut the text into so many rows, each read from the zero state");
    add_whole(app, "--limit", options->limit, {1, std::numeric_limits<uint32_t>::max()},
              "characters to read, the first ones: what --eval-limit is in training")
        .default_str("all");
    app.add_flag("--json", options->json, "one JSON object as the last line of stdout");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
