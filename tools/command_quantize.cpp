#include "commands.h"
#include "corpus.h"
#include "errors.h"
#include "files.h"
#include "model_file.h"
#include "option_values.h"
#include "quantization_report.h"

#include <limits>
#include <memory>
#include <optional>

namespace mote::cli {

namespace {

struct QuantizeOptions {
    std::string model, output, corpus;
    uint32_t limit = usual_limit;
    std::optional<uint32_t> part;
    bool json = false;
};

/* The part of the corpus that is asked for, split as in the model's training. */
MeasuredText text_of_corpus(const QuantizeOptions &options, const ModelFile &file) {
    RunRecord run{};
    Corpus corpus = load_corpus(options.corpus);
    std::string name = corpus.name;
    if (options.part) {
        const char *part = part_name(static_cast<Part>(*options.part));
        if (!file.run(run)) throw Failure(options.model + ": does not tell of its training, --split cannot be used");
        if (run.split[*options.part] == 0)
            throw Failure(formatted("%s: trained without a %s part", options.model.c_str(), part));
        name += formatted(", %s part", part);
    } else {
        run.split[TRAIN] = 100;
    }
    run.lines = file.vocab().boundary;
    Parts parts(tokens_of(corpus, file.vocab()), run);
    TokenView text = beginning_of(parts.read(static_cast<Part>(options.part.value_or(TRAIN))), options.limit);
    return {name, {text.data, text.data + text.count}};
}

MeasuredText text_for(const QuantizeOptions &options, const ModelFile &file) {
    if (!options.corpus.empty()) return text_of_corpus(options, file);
    if (options.part) throw UsageError("--split: needs --corpus");
    try {
        return {"its own text", text_of_its_own(file.model(), options.model)};
    } catch (const NotFinite &) {
        throw Failure(options.model + ": grows beyond all numbers on what it writes itself; give a text by --corpus");
    }
}

/* The record of the training stays with the model, so that `mote eval --split` finds its parts. */
void save(const QuantizeOptions &options, const ModelFile &file, const mote_model *model) {
    RunRecord run{};
    bool known = file.run(run);
    mote_section section = section_of(run);
    mote_config config{};
    check(mote_model_config(model, &config), options.output);
    OwnArena scratch(mote_scratch_bytes(&config));
    OutputFile output(options.output);
    check(mote_model_save(model, &section, known ? 1 : 0, scratch.get(), OutputFile::write_callback, &output),
          options.output);
    output.commit();
}

void run(const QuantizeOptions &options) {
    if (same_file(options.model, options.output))
        throw UsageError("--output: " + options.output + " is the model; give another file");
    ModelFile file(options.model);
    check_quantizable(file.config(), options.model);
    check_writable(options.output);
    MeasuredText text = text_for(options, file);
    Quantized made = quantize(file.model(), text.view(), options.model);
    Json report = quantization_report(file.model(), made, text);
    save(options, file, made.model);
    if (options.output == "/dev/stdout") print_line(""); /* a model does not end its line */
    if (options.json)
        print_json(report);
    else
        print_quantization_report(report);
}

} // namespace

Command quantize_command(CLI::App &program) {
    CLI::App *app = program.add_subcommand("quantize", "Make a model a quarter as large: weights of int8, to run only");
    auto options = std::make_shared<QuantizeOptions>();
    app->footer(
        "A scale for each output of a product; activations of tanh are 127 steps, those of ReLU are measured on\n"
        "--corpus, or on what the model itself writes. The loss is that of the same text.");
    add_path(*app, "M", options->model, "", "the model, a .mote file")->required();
    add_path(*app, "-o,--output", options->output, "M8.mote", "where the model with weights of int8 goes")->required();
    add_path(*app, "--corpus", options->corpus, "CORPUS", "what to measure on: a UTF-8 file, - or a built-in");
    add_choice(*app, "--split", options->part, {{"train", TRAIN}, {"dev", DEV}, {"test", TEST}}, "all of it",
               "only this part of the corpus, split as in the training of M");
    add_whole(*app, "--limit", options->limit, {1, std::numeric_limits<uint32_t>::max()},
              "characters of the corpus to read, the first ones");
    app->add_flag("--json", options->json, "one JSON object as the last line of stdout");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
