#include "commands.h"
#include "errors.h"
#include "files.h"
#include "gnuplot.h"
#include "option_values.h"
#include "plot_bigrams.h"
#include "plot_embedding.h"
#include "plot_hidden.h"
#include "plot_loss.h"
#include "plot_lr.h"
#include "plot_surprise.h"
#include "plot_sweep.h"

#include <charconv>
#include <memory>

namespace mote::cli {

namespace {

struct PlotOptions {
    LossPlot loss;
    SweepPlot sweep;
    std::string input, text, output;
    std::optional<float> mark;
    bool lines = false;
    Dimensions dimensions;
    uint32_t units = 32;
};
using SharedOptions = std::shared_ptr<PlotOptions>;

void check_output(const PlotOptions &options) {
    std::vector<std::string> inputs = options.loss.logs;
    inputs.push_back(options.input);
    inputs.push_back(options.sweep.table);
    for (const std::string &input : inputs) {
        if (input != "-" && same_file(input, options.output)) {
            throw UsageError("--output " + options.output + ": is what to draw");
        }
    }
}

void add_output(CommandLine kind, const SharedOptions &options) {
    auto read = [options](const std::string &path) {
        check_picture_name("--output", path);
        options->output = path;
    };
    kind.add_option_function("-o,--output", read, "the picture, an .svg or a .png")
        .take_last()
        .type_name("PICTURE")
        .required();
}

/* "1,2": two different dimensions. */
Dimensions read_dimensions(const std::string &text) {
    Dimensions two;
    const char *end = text.data() + text.size();
    auto [comma, first_error] = std::from_chars(text.data(), end, two.x);
    if (first_error == std::errc() && comma != end && *comma == ',') {
        auto [stop, error] = std::from_chars(comma + 1, end, two.y);
        if (error == std::errc() && stop == end && two.x > 0 && two.y > 0 && two.x != two.y) return two;
    }
    throw UsageError("--dimensions " + text + ": must be two different dimensions counted from 1, as 1,2");
}

Command loss_kind(CommandLine plot, const SharedOptions &options) {
    const CommandLine kind = plot.add_subcommand("loss", "The losses of runs, from what train --log wrote");
    kind.add_option("RUN.csv", options->loss.logs, "what train --log wrote of each run").required();
    add_output(kind, options);
    kind.add_flag("--log-x", options->loss.log_x, "steps on a logarithmic axis");
    kind.add_flag("--log-y", options->loss.log_y, "losses on a logarithmic axis");
    kind.add_flag("--no-raw", options->loss.no_raw, "without the loss of each step");
    kind.footer("A last row without an end of line is one that is still being written, and left out.");
    return {kind, [options] { plot_loss(options->loss, options->output); }};
}

Command lr_kind(CommandLine plot, const SharedOptions &options) {
    const CommandLine kind = plot.add_subcommand("lr", "The curve of lr-find, from what it wrote");
    add_path(kind, "FILE.csv", options->input, "", "what lr-find wrote").required();
    add_output(kind, options);
    add_real(kind, "--mark", options->mark, {least_magnitude, 0x1p16f}, "none", "a rate to point out");
    return {kind, [options] {
                std::optional<double> mark;
                if (options->mark) mark = static_cast<double>(*options->mark);
                plot_lr(read_lr_points(options->input), mark, options->output);
            }};
}

Command bigrams_kind(CommandLine plot, const SharedOptions &options) {
    const CommandLine kind =
        plot.add_subcommand("bigrams", "Which character follows which, of a corpus or a bigram model");
    kind.footer(
        "Counts of a corpus, percents of a model. Up to 32 characters each cell tells its pair and its number;\n"
        "up to 100 the rows and columns are named; more than 512 are refused.");
    add_path(kind, "SOURCE", options->input, "", "a bigram model, which is a .mote file, or a corpus as in train")
        .required();
    add_output(kind, options);
    kind.add_flag("--lines", options->lines, "each line of the corpus is an item; the boundary is shown as '.'");
    return {kind, [options] { plot_bigrams(options->input, options->lines, options->output); }};
}

Command embedding_kind(CommandLine plot, const SharedOptions &options) {
    const CommandLine kind = plot.add_subcommand("embedding", "Where the characters lie in a model's embedding");
    add_path(kind, "M", options->input, "", "the model, a .mote file").required();
    add_output(kind, options);
    auto read = [options](const std::string &text) { options->dimensions = read_dimensions(text); };
    kind.add_option_function("--dimensions", read, "which two to draw, counted from 1")
        .take_last()
        .type_name("X,Y")
        .default_str("both, or of more the two principal components");
    kind.footer("Characters that would cover each other are moved apart; a line leads to where such a one lies.");
    return {kind, [options] { plot_embedding(options->input, options->dimensions, options->output); }};
}

Command hidden_kind(CommandLine plot, const SharedOptions &options) {
    const CommandLine kind =
        plot.add_subcommand("hidden", "The hidden units of a model's last layer while it reads a text");
    add_path(kind, "M", options->input, "", "the model, a .mote file").required();
    add_text(kind, "--prompt", options->text, "TEXT", "what it reads; a model of items reads the boundary first")
        .required();
    add_output(kind, options);
    add_whole(kind, "--units", options->units, {1, 512}, "the first N units");
    return {kind, [options] { plot_hidden(options->input, options->text, options->units, options->output); }};
}

Command surprise_kind(CommandLine plot, const SharedOptions &options) {
    const CommandLine kind = plot.add_subcommand("surprise", "The surprise of each character of a text, in bits");
    add_path(kind, "M", options->input, "", "the model, a .mote file").required();
    kind.add_option("TEXT", options->text, "the text itself").required();
    add_output(kind, options);
    return {kind, [options] { plot_surprise(options->input, options->text, options->output); }};
}

Command sweep_kind(CommandLine plot, const SharedOptions &options) {
    const CommandLine kind =
        plot.add_subcommand("sweep", "The dev losses of a sweep over one option, from what it wrote");
    add_path(kind, "RESULTS.csv", options->sweep.table, "", "what mote sweep wrote").required();
    add_output(kind, options);
    add_text(kind, "--x", options->sweep.x, "KEY", "the option along the axis")
        .default_str("the first of numbers that differs");
    add_text(kind, "--lines", options->sweep.lines, "KEY", "the option with a line for each of its values")
        .default_str("the next of at most 7");
    kind.add_flag("--log-y", options->sweep.log_y, "losses on a logarithmic axis");
    kind.footer("A line goes through the means over the seeds, which stand on it as small crosses from the least to\n"
                "the largest. Where other options differ, too, each training is a point, and there are no lines.");
    return {kind, [options] { plot_sweep(options->sweep, options->output); }};
}

/* CLI11 would list all that follows an unknown word. */
void check_kind(CommandLine plot) {
    if (plot.parsed_subcommand()) return;
    std::vector<std::string> words = plot.remaining();
    throw UsageError(words.empty() ? "plot: give what to draw, mote plot --help lists it"
                                   : "plot " + words[0] + ": no such picture, mote plot --help lists them");
}

} // namespace

Command plot_command(CommandLine program) {
    const CommandLine app =
        program.add_subcommand("plot", "Draw a picture of runs, a corpus or a model, through gnuplot");
    auto options = std::make_shared<PlotOptions>();
    std::vector<Command> kinds = {loss_kind(app, options),      lr_kind(app, options),     bigrams_kind(app, options),
                                  embedding_kind(app, options), hidden_kind(app, options), surprise_kind(app, options),
                                  sweep_kind(app, options)};
    app.require_subcommand(0, 1);
    app.allow_extras();
    return {app, [app, options, kinds] {
                check_kind(app);
                check_output(*options);
                for (const Command &kind : kinds) {
                    if (kind.app.parsed()) kind.run();
                }
            }};
}

} // namespace mote::cli
