#include "commands.h"
#include "corpus.h"
#include "errors.h"
#include "model_file.h"
#include "option_values.h"
#include "progress.h"
#include "results.h"
#include "surprise.h"

#include <cmath>
#include <limits>
#include <memory>
#include <optional>

namespace mote::cli {

namespace {

constexpr uint32_t whole_corpus = 3;
constexpr uint32_t most_rows = 4096;

struct EvalOptions {
    std::string model, corpus;
    uint32_t part = whole_corpus;
    std::optional<uint32_t> rows;
    uint32_t limit = 0;
    bool json = false;
};

/* Whether what is measured is what the model learned from, which `mote train` measures in rows. */
bool is_training_part(const ModelFile &file, const EvalOptions &options, const Corpus &corpus) {
    RunRecord run{};
    if (options.part != whole_corpus) return options.part == TRAIN;
    return file.run(run) && run.split[TRAIN] == 100 && run.corpus_hash == corpus.hash;
}

/* The training that made the model, or where no part is asked for, one that leaves the corpus whole. */
RunRecord run_of(const ModelFile &file, const EvalOptions &options) {
    RunRecord run{};
    bool known = file.run(run);
    if (options.part != whole_corpus) {
        const char *name = part_name(static_cast<Part>(options.part));
        if (!known) throw Failure(options.model + ": does not tell of its training, --split cannot be used");
        if (run.split[options.part] == 0)
            throw Failure(formatted("%s: trained without a %s part", options.model.c_str(), name));
        return run;
    }
    run.split[TRAIN] = 100;
    run.split[DEV] = run.split[TEST] = 0;
    return run;
}

void run(const EvalOptions &options) {
    ModelFile file(options.model);
    RunRecord run = run_of(file, options);
    run.lines = file.vocab().boundary;
    Corpus corpus = load_corpus(options.corpus);
    if (options.part != whole_corpus && corpus.hash != run.corpus_hash) {
        tell(false, "note: " + corpus.name + " is not the corpus of the training; it is split in the same way");
    }
    uint32_t rows = options.rows.value_or(is_training_part(file, options, corpus) ? rows_of_training : 1);
    Parts parts(tokens_of(corpus, file.vocab()), run);
    TokenView part = parts.read(options.part == whole_corpus ? TRAIN : static_cast<Part>(options.part));
    TokenView text = beginning_of(part, options.limit);
    double loss = mean_surprise(file.model(), text, rows, nullptr, corpus.name);
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

Command eval_command(CLI::App &program) {
    CLI::App *app = program.add_subcommand("eval", "Measure a model on a text: nats and bits a character, perplexity");
    auto options = std::make_shared<EvalOptions>();
    add_path(*app, "M", options->model, "", "the model, a .mote file")->required();
    add_path(*app, "CORPUS", options->corpus, "", "a UTF-8 file, - for the standard input, or a built-in")->required();
    add_choice(*app, "--split", options->part, {{"train", TRAIN}, {"dev", DEV}, {"test", TEST}},
               "only this part, split as in the training of M")
        ->default_str("");
    add_whole(*app, "--rows", options->rows, {1, most_rows}, "64 of what M learned from, as in its train_loss; else 1",
              "cut the text into so many rows, each read from the zero state");
    add_whole(*app, "--limit", options->limit, {1, std::numeric_limits<uint32_t>::max()},
              "characters to read, the first ones: what --eval-limit is in training")
        ->default_str("all");
    app->add_flag("--json", options->json, "one JSON object as the last line of stdout");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
