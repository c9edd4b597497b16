#include "commands.h"
#include "corpus.h"
#include "errors.h"
#include "files.h"
#include "gnuplot.h"
#include "isa_choice.h"
#include "lr_search.h"
#include "option_values.h"
#include "results.h"
#include "stop.h"
#include "train_options.h"

#include <memory>

namespace mote::cli {

namespace {

struct LrOptions {
    TrainOptions train;
    LrRange range{-3, 0, 1000};
    std::string log, plot;
};

void check_options(CommandLine app, const LrOptions &options) {
    check_recipe_options(app, options.train);
    if (options.train.count) throw UsageError("--count: counting has no learning rate");
    if (options.range.low >= options.range.high) throw UsageError("--from: must be below --to");
    if (!options.log.empty()) check_not_a_corpus("--log", options.log, options.train.corpora);
    if (!options.log.empty()) check_writable(options.log);
    if (!options.plot.empty()) check_picture_name("--plot", options.plot);
}

void write_log(const std::string &path, const std::vector<LrPoint> &points) {
    std::string text = "step,rate,loss,smoothed_loss\n";
    for (size_t i = 0; i < points.size(); ++i)
        text += formatted("%zu,%.9g,%.9g,%.9g\n", i + 1, points[i].rate, points[i].loss, points[i].smoothed);
    OutputFile file(path);
    file.write(text.data(), text.size());
    file.commit();
}

/* The search sets the learning rates: no schedule, and as many steps as it has. */
Session session_of(TrainOptions options, LrRange range) {
    options.steps = range.steps;
    options.epochs = options.warmup = 0;
    options.schedule = MOTE_SCHEDULE_CONSTANT;
    Corpus corpus = load_corpus(options.corpora);
    return new_session(options, corpus);
}

void run(CommandLine app, const LrOptions &options) {
    check_options(app, options);
    choose_isa(options.train.isa);
    StopSignals signals;
    Session session = session_of(options.train, options.range);
    use_threads(session, options.train.threads);
    std::vector<LrPoint> points =
        search_rate(session, corpus_name(options.train.corpora), options.range, options.train.quiet);
    double rate = proposed_rate(points);
    if (!options.log.empty()) write_log(options.log, points);
    if (!options.plot.empty()) plot_lr(points, rate, options.plot);
    if (options.train.json) {
        print_json({{"rate", rate}, {"smoothed_loss", points.back().smoothed}, {"steps", points.size()}});
    } else {
        print_line(formatted("rate %.3g, after %zu rates from %.3g to %.3g", rate, points.size(), points.front().rate,
                             points.back().rate));
    }
}

} // namespace

Command lr_find_command(CommandLine program) {
    const CommandLine app =
        program.add_subcommand("lr-find", "Find a learning rate: a step at each of ever higher ones");
    auto options = std::make_shared<LrOptions>();
    add_corpora(app, "CORPUS", options->train.corpora, std::string(corpus_help) + " (mote corpora)").required();
    add_real(app, "--from", options->range.low, {-12, 4}, "the exponent to begin with: a rate of 10^X");
    add_real(app, "--to", options->range.high, {-12, 4}, "the exponent to end with");
    add_path(app, "--log", options->log, "FILE", "a CSV file with a row for each step");
    add_path(app, "--plot", options->plot, "FILE", "draw the curve, as SVG or PNG");
    add_whole(app, "--steps", options->range.steps, {2, 1000000}, "learning rates to try");
    add_recipe_options(app, options->train);
    app.footer(app.get_footer() +
               "\n--lr and the schedule, which a recipe may have, are not used: the search sets the learning rate.");
    return {app, [app, options] { run(app, *options); }};
}

} // namespace mote::cli
