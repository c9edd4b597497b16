#include "train_options.h"

#include "built_in.h"
#include "errors.h"
#include "files.h"
#include "option_values.h"

#include <algorithm>
#include <limits>

namespace mote::cli {

namespace {

constexpr uint32_t any_count = std::numeric_limits<uint32_t>::max();
constexpr float largest_rate = 65536.0f;
constexpr float below_one = 0x1.fffffep-1f;
constexpr float largest_value = 0x1p40f, largest_norm = 0x1p32f;

constexpr const char *notes =
    "--init uniform: weights and biases within SCALE / sqrt(hidden), embedding normal 1.\n"
    "--init normal: weights and embedding normal SCALE, biases 0.\n"
    "--init xavier: weights Xavier normal times SCALE, biases 0, embedding normal 1.\n\n"
    "--resume takes the same CORPUS again. Only -o, --steps, --checkpoint, --checkpoint-every, --log, --isa, --json\n"
    "and --quiet can be given with it; the checkpoint holds the rest. It is not written to unless --checkpoint says "
    "so.";

constexpr const char *allowed_with_resume[] = {"--help",   "--steps", "--checkpoint", "--checkpoint-every",
                                               "--resume", "--log",   "--json",       "--quiet",
                                               "--isa",    "--output"};

void add_files(CLI::App &app, TrainOptions &o) {
    app.option_defaults()->group("Files");
    add_path(app, "CORPUS", o.corpus, "", "a UTF-8 file, - for the standard input, or a built-in (mote corpora)")
        ->required();
    add_path(app, "-o,--output", o.output, "M.mote", "where the model goes")->required();
    add_text(app, "--recipe", o.recipe, "NAME",
             "options of a known setup (mote recipes); any option overrides its own");
    add_path(app, "--checkpoint", o.checkpoint, "FILE",
             "save all that is needed to go on, now and then and at the end");
    add_whole(app, "--checkpoint-every", o.checkpoint_every, {1, any_count}, "steps between checkpoints")
        ->needs("--checkpoint")
        ->default_str("a tenth of all");
    add_path(app, "--resume", o.resume, "FILE", "go on from a checkpoint, see below");
    add_path(app, "--log", o.log, "FILE", "a CSV file with a row for each step");
    add_text(app, "--isa", o.isa, "NAME", "the instruction set to use; every one gives the same bits");
    app.add_flag("--json", o.json, "one JSON object with the results as the last line of stdout");
    app.add_flag("--quiet", o.quiet, "no progress on stderr");
}

void add_model(CLI::App &app, TrainOptions &o) {
    app.option_defaults()->group("Model");
    add_choice(app, "--model", o.arch, {{"rnn", MOTE_RNN}}, "the model");
    add_whole(app, "--embed", o.embed, {0, MOTE_MAX_WIDTH}, "embedding width; 0: one-hot");
    add_whole(app, "--hidden", o.hidden, {1, MOTE_MAX_WIDTH}, "hidden width");
    add_whole(app, "--layers", o.layers, {1, MOTE_MAX_LAYERS}, "recurrent layers");
    add_choice(app, "--activation", o.activation, {{"tanh", MOTE_TANH}, {"relu", MOTE_RELU}}, "of the hidden layers");
    add_choice(app, "--init", o.init, {{"uniform", INIT_UNIFORM}, {"normal", INIT_NORMAL}, {"xavier", INIT_XAVIER}},
               "how weights begin, see below");
    add_real(app, "--init-scale", o.init_scale, {least, largest_rate, true}, "1; 0.01 for normal",
             "the SCALE of --init");
}

void add_data(CLI::App &app, TrainOptions &o) {
    app.option_defaults()->group("Data");
    app.add_flag("--lines,!--no-lines", o.lines, "each line is an item, with a boundary token between them");
    add_whole(app, "--batch", o.batch, {1, 65536}, "rows of a batch");
    add_whole(app, "--time", o.time, {1, 65536}, "characters of a row; gradients go back over these");
    CLI::Option *steps = add_whole(app, "--steps", o.steps, {1, any_count}, "batches to train on");
    add_whole(app, "--epochs", o.epochs, {1, any_count}, "passes over the training part, instead of --steps")
        ->excludes(steps)
        ->default_str("");
    add_choice(app, "--order", o.order, {{"stream", MOTE_ORDER_STREAM}, {"random", MOTE_ORDER_RANDOM}},
               "rows read on in order, or chunks from random places");
    add_choice(app, "--state", o.state, {{"carry", MOTE_STATE_CARRY}, {"reset", MOTE_STATE_RESET}},
               "hidden state from batch to batch")
        ->default_str("carry; reset in random order");
    add_split(app, "--split", o.split,
              "train, dev and test in percent: by position, or with --lines of shuffled items");
    add_whole(app, "--seed", o.seed, {0, std::numeric_limits<uint64_t>::max()}, "of weights, shuffles and splits");
}

void add_learning(CLI::App &app, TrainOptions &o) {
    app.option_defaults()->group("Learning");
    add_choice(app, "--optimizer", o.optimizer,
               {{"sgd", MOTE_SGD}, {"momentum", MOTE_MOMENTUM}, {"adagrad", MOTE_ADAGRAD}, {"adamw", MOTE_ADAMW}},
               "how weights learn");
    add_real(app, "--lr", o.rate, {least, largest_rate}, "0.002; sgd and adagrad 0.1, momentum 0.01", "learning rate");
    add_real(app, "--momentum", o.momentum, {least, below_one}, "of momentum");
    add_real(app, "--beta1", o.beta1, {least, below_one, true}, "of AdamW");
    add_real(app, "--beta2", o.beta2, {least, below_one, true}, "of AdamW");
    add_real(app, "--eps", o.eps, {least, 1}, "of Adagrad and AdamW");
    add_real(app, "--decay", o.decay, {least, largest_rate, true}, "weight decay of AdamW");
    add_choice(app, "--schedule", o.schedule,
               {{"constant", MOTE_SCHEDULE_CONSTANT}, {"step", MOTE_SCHEDULE_STEP}, {"cosine", MOTE_SCHEDULE_COSINE}},
               "of the learning rate");
    add_whole(app, "--warmup", o.warmup, {0, any_count}, "steps over which the rate rises to --lr");
    add_whole(app, "--period", o.period, {1, any_count}, "steps after which --schedule step multiplies the rate")
        ->default_str("");
    add_real(app, "--lr-factor", o.rate_factor, {least, 1, true}, "0.1",
             "step: the rate's factor after each period; cosine: the last rate as a share of --lr");
    add_real(app, "--clip-value", o.clip_value, {least, largest_value, true}, "clip each gradient to this; 0: off");
    add_real(app, "--clip-norm", o.clip_norm, {least, largest_norm, true}, "clip the gradients' global norm; 0: off");
    add_choice(app, "--loss", o.loss, {{"mean", MOTE_LOSS_MEAN}, {"sum", MOTE_LOSS_SUM}}, "over a batch's characters");
}

void check_resume(const CLI::App &app) {
    for (const CLI::Option *option : app.get_options()) {
        std::string long_name = "--" + (option->get_lnames().empty() ? "" : option->get_lnames().front());
        auto end = std::end(allowed_with_resume);
        bool allowed = option->get_positional() || std::find(std::begin(allowed_with_resume), end, long_name) != end;
        if (option->count() > 0 && !allowed) {
            throw UsageError(long_name + " cannot be given with --resume: the checkpoint holds what it says");
        }
    }
}

void check_paths(const TrainOptions &o) {
    bool corpus_is_file = o.corpus != "-" && find_built_in(o.corpus) == nullptr;
    const std::pair<const char *, const std::string *> outputs[] = {
        {"--output", &o.output}, {"--checkpoint", &o.checkpoint}, {"--log", &o.log}};
    for (size_t i = 0; i < 3; ++i) {
        const auto &[option, path] = outputs[i];
        if (path->empty()) continue;
        if (corpus_is_file && same_file(*path, o.corpus)) {
            throw UsageError(std::string(option) + " " + *path + ": is the corpus");
        }
        for (size_t j = 0; j < i; ++j) {
            if (same_file(*path, *outputs[j].second)) {
                throw UsageError(std::string(option) + " " + *path + ": is the file of " + outputs[j].first + " too");
            }
        }
    }
    if (!o.resume.empty() && same_file(o.output, o.resume)) {
        throw UsageError("--output " + o.output + ": is the checkpoint to resume");
    }
}

} // namespace

void add_train_options(CLI::App &app, TrainOptions &options) {
    add_files(app, options);
    add_model(app, options);
    add_data(app, options);
    add_learning(app, options);
    app.footer(notes);
}

void check_train_options(const CLI::App &app, const TrainOptions &o) {
    if (!o.resume.empty()) check_resume(app);
    if (o.order == MOTE_ORDER_RANDOM && o.state == MOTE_STATE_CARRY) {
        throw UsageError("--state carry: chunks from random places (--order random) have no state to carry on");
    }
    if (o.schedule == MOTE_SCHEDULE_STEP && o.period == 0) throw UsageError("--schedule step: needs --period");
    if (o.optimizer == MOTE_ADAMW && train_config_of(o).rate * o.decay >= 1) {
        throw UsageError("--decay: times --lr it must be below 1");
    }
    check_paths(o);
}

} // namespace mote::cli
