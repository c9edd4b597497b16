#include "commands.h"
#include "corpus.h"
#include "errors.h"
#include "isa_choice.h"
#include "model_file.h"
#include "model_kinds.h"
#include "optimizers.h"
#include "option_values.h"
#include "profile.h"
#include "results.h"
#include "train_options.h"

#include <memory>

namespace mote::cli {

namespace {

struct ProfileOptions {
    std::string model, corpus, isa;
    bool train = false, json = false;
    TrainOptions training; /* batch, time and optimizer of it */
    float seconds = 1;
};

void check_options(CommandLine app, const ProfileOptions &options) {
    for (const char *name : {"--batch", "--time", "--optimizer"})
        if (!options.train && app.count(name) != 0) throw UsageError(std::string(name) + ": only with --train");
}

/* A step as `mote train` makes it, but at a learning rate at which the weights stay what they are. */
mote_train_config train_config_for(const ModelFile &file, const ProfileOptions &options) {
    if (file.config().precision != MOTE_PRECISION_FLOAT32)
        throw Failure(options.model + ": has weights of integers, which do not learn; profile without --train, or the "
                                      "model of float32 that it was made of");
    TrainOptions training = options.training;
    training.cell = file.config().cell;
    mote_train_config train = train_config_of(training);
    train.learning_rate = least_magnitude;
    if (mote_trainer_bytes(&file.config(), &train) == 0)
        throw Failure(formatted("%s: a trainer of --batch %u, --time %u takes more than 4 GiB; lower them",
                                options.model.c_str(), train.batch, train.time_steps));
    return train;
}

std::vector<uint16_t> corpus_tokens(const ModelFile &file, const ProfileOptions &options, size_t shortest) {
    Corpus corpus = load_corpus(options.corpus);
    const std::vector<uint16_t> tokens = TokenView::of(*tokens_of(corpus, file.vocab())).all();
    if (tokens.size() < shortest)
        throw Failure(formatted("%s: has %zu characters, and %zu are needed; take a longer text%s",
                                options.corpus.c_str(), tokens.size(), shortest,
                                options.train ? " or a smaller --time" : ""));
    return tokens;
}

Profile profile_running(const ModelFile &file, const ProfileOptions &options) {
    const bool scores = !options.corpus.empty();
    std::unique_ptr<ProfiledWork> work =
        scores ? scoring_work(file.model(), options.model, corpus_tokens(file, options, 2))
               : sampling_work(file.model(), options.model);
    Profile profile = profile_of(*work, stages_of_step(file.config(), scores ? "score" : "draw"),
                                 static_cast<double>(options.seconds));
    measure_limits(profile, 4 * uint64_t{mote_weight_count(&file.config())});
    return profile;
}

Profile profile_training(const ModelFile &file, const ProfileOptions &options, const mote_train_config &train) {
    constexpr size_t drawn = 1000; /* to have different batches */
    const size_t shortest = size_t{train.time_steps} + 1;
    std::vector<uint16_t> text = options.corpus.empty() ? drawn_text(file.model(), options.model, shortest + drawn)
                                                        : corpus_tokens(file, options, shortest);
    std::unique_ptr<ProfiledWork> work = training_work(file.model(), options.model, train, text);
    Profile profile = profile_of(*work, stages_of_training(file.config(), train.batch, train.time_steps),
                                 static_cast<double>(options.seconds));
    measure_limits(profile, 0);
    return profile;
}

void run(CommandLine app, const ProfileOptions &options) {
    check_options(app, options);
    choose_isa(options.isa);
    ModelFile file(options.model);
    Json report = {{"model", kind_of(file.config()).name}};
    std::string about = options.corpus.empty() ? "reads and draws a character" : "reads and scores a character";
    if (options.train) {
        mote_train_config train = train_config_for(file, options);
        report["batch"] = train.batch;
        report["time"] = train.time_steps;
        report["optimizer"] = optimizer_name(train.optimizer);
        about = formatted("trains on %u x %u characters with %s", train.batch, train.time_steps,
                          optimizer_name(train.optimizer));
        report.update(json_of(profile_training(file, options, train)));
    } else {
        report.update(json_of(profile_running(file, options)));
    }
    if (options.json) {
        print_json(report);
    } else {
        print_line(options.model + " (" + kind_of(file.config()).name + ") " + about);
        print_profile(report);
    }
}

} // namespace

Command profile_command(CommandLine program) {
    const CommandLine app =
        program.add_subcommand("profile", "Time and multiply-adds of each layer and of the softmax");
    auto options = std::make_shared<ProfileOptions>();
    app.footer(
        "A step is timed by stages, with a clock read before and after each, in rounds of about a millisecond. A\n"
        "stage's time is its mean over a round, less what the two readings of the clock take, which is measured\n"
        "first (clock_ns in the JSON); of all rounds the fastest is told. Rounds without the hook, in turns with\n"
        "these, give the time of a step; it differs from the sum of the stages by what lies between them and by what\n"
        "a processor does of two at once.\n"
        "peak: the share of the multiply-adds, two FLOP each, that one core does in registers with this instruction\n"
        "set; bandwidth: of the bytes that it reads from a buffer as large as the weights, above 100% where a stage's\n"
        "stay in a nearer cache. Both are measured in the same run. bytes: the weights that a character reads; with\n"
        "--train all weights of a stage. All of it runs on one thread.");
    add_path(app, "M", options->model, "", "the model, a .mote file").required();
    add_path(app, "--corpus", options->corpus, "", std::string("score this text, or train on it: ") + corpus_help)
        .default_str("what the model draws");
    app.add_flag("--train", options->train, "profile a training step, of a copy of the model");
    add_whole(app, "--batch", options->training.batch, {1, 65536}, "rows of a batch, with --train");
    add_whole(app, "--time", options->training.time, {1, 65536}, usual_of_kinds(MOTE_CELL_RECURRENT, &ModelKind::time),
              "characters predicted in a row, with --train");
    add_choice(app, "--optimizer", options->training.optimizer, optimizer_choices(), "how weights learn, with --train");
    add_text(app, "--isa", options->isa, "NAME", "the instruction set to use; every one gives the same bits");
    add_real(app, "--seconds", options->seconds, {0.01f, 3600}, "to measure for");
    app.add_flag("--json", options->json, "one JSON object as the last line of stdout");
    return {app, [app, options] { run(app, *options); }};
}

} // namespace mote::cli
