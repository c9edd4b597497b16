#include "commands.h"
#include "errors.h"
#include "files.h"
#include "model_file.h"
#include "option_values.h"
#include "precisions.h"
#include "quantization_report.h"

#include <limits>
#include <memory>
#include <optional>

namespace mote::cli {

namespace {

struct QuantizeOptions {
    std::string model, output, corpus;
    std::optional<uint32_t> limit;
    uint32_t precision = MOTE_PRECISION_INT8;
    ChosenPart part;
    bool json = false;
};

void check_options(const QuantizeOptions &options) {
    if (same_file(options.model, options.output))
        throw UsageError("--output: " + options.output + " is the model; give another file");
    if (!options.corpus.empty()) return;
    if (options.part) throw UsageError("--split: needs --corpus");
    if (options.limit) throw UsageError("--limit: needs --corpus");
}

MeasuredText text_for(const QuantizeOptions &options, const ModelFile &file) {
    if (options.corpus.empty()) return measured_on_itself(file.model(), options.model, "give a text by --corpus");
    const RunRecord run = run_for(file, options.model, options.part);
    Corpus corpus = load_corpus(options.corpus);
    tell_of_other_corpus(run, corpus, options.part);
    return measured_on(corpus, file.vocab(), run, options.part, options.limit.value_or(usual_limit));
}

void run(const QuantizeOptions &options) {
    check_options(options);
    ModelFile file(options.model);
    check_quantizable(file.config(), options.model);
    check_writable(options.output);
    MeasuredText text = text_for(options, file);
    Quantized made = quantize(file.model(), options.precision, text.view(), options.model);
    Json report = quantization_report(file.model(), made, text);
    const std::optional<RunRecord> run = file.run();
    save_model(made.model, run ? &*run : nullptr, options.output);
    if (options.output == "/dev/stdout") print_line(""); /* a model does not end its line */
    if (options.json)
        print_json(report);
    else
        print_quantization_report(report);
}

} // namespace

Command quantize_command(CommandLine program) {
    const CommandLine app =
        program.add_subcommand("quantize", "Make the weights of a model integers of 8 or 4 bits, to run only");
    auto options = std::make_shared<QuantizeOptions>();
    app.footer(
        "A scale for each output of a product, of 4 bits also an integer for each 32 of its weights; activations of\n"
        "tanh and of a GRU are rounded to multiples of 1/127, those of ReLU are measured on --corpus, or on what the\n"
        "model itself writes. The loss is that of the same text. Weights of 4 bits lose less where the model has\n"
        "learned with them: mote train --quantize 4.");
    add_path(app, "M", options->model, "", "the model, a .mote file").required();
    add_path(app, "-o,--output", options->output, "Q.mote", "where the model with weights of integers goes").required();
    add_choice(app, "--bits", options->precision, bits_choices(), "of a weight");
    add_path(app, "--corpus", options->corpus, "CORPUS", std::string("what to measure on: ") + corpus_help);
    add_part(app, options->part, "only this part of the corpus, split as in the training of M");
    add_whole(app, "--limit", options->limit, {1, std::numeric_limits<uint32_t>::max()}, std::to_string(usual_limit),
              "characters of the corpus to read, the first ones");
    app.add_flag("--json", options->json, "one JSON object as the last line of stdout");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
