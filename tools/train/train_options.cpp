#include "train_options.h"

#include "model_kinds.h"
#include "optimizers.h"
#include "run_record.h"

#include "adapter_file.h"
#include "built_in.h"
#include "corpus.h"
#include "errors.h"
#include "files.h"
#include "option_values.h"
#include "precisions.h"

#include <algorithm>
#include <limits>

namespace mote::cli {

namespace {

constexpr uint32_t any_count = std::numeric_limits<uint32_t>::max();
constexpr float largest_scale = 65536.0f;
constexpr float largest_value = 0x1p40f, largest_norm = 0x1p32f;

/* Kinds of models by what they have, for texts. */
std::string with_window() {
    return kinds_where([](const ModelKind &kind) { return kind.has_window; });
}
std::string with_state() {
    return kinds_where([](const ModelKind &kind) { return kind.carries_state; });
}
std::string without_state() {
    return kinds_where([](const ModelKind &kind) { return !kind.carries_state; });
}

std::string init_notes() {
    auto by_width = [](const ModelKind &kind) { return kind.init == MOTE_INIT_HIDDEN_UNIFORM; };
    return "--init uniform: weights and biases within SCALE / sqrt(n), n the hidden width of " + kinds_where(by_width) +
           ", else the inputs.\n"
           "--init normal: weights normal SCALE, biases 0. --init xavier: Xavier normal times SCALE, biases 0. --init "
           "he:\n"
           "normal SCALE sqrt(2 / inputs), biases 0. The embedding: normal 1; with --init normal, normal SCALE.\n";
}

constexpr const char *notes =
    "--patience keeps the weights with the best dev loss, which are then what is saved and measured.\n\n"
    "--resume takes the same CORPUS again. Only -o, --steps, --checkpoint, --checkpoint-every, --log, --eval-limit,\n"
    "--isa, --threads, --quantize, with it --lr, --teacher, --json and --quiet can be given with it; the checkpoint "
    "holds\n"
    "the rest. It is not written to unless --checkpoint says so.\n\n"
    "--teacher M.mote: a target is now and then not the text's own character but one drawn from what M.mote, a larger\n"
    "model of the same CORPUS, --split and --seed, expects there. A small model then generalizes better, and long\n"
    "trainings do not learn the text by heart. The loss of a step is that of the targets drawn.\n\n"
    "--base M.mote: kind, sizes and characters are those of M.mote, and so are the weights that it begins with. With\n"
    "--learn output, biases or both only these learn, and -o is an adapter, which is used with its base (mote sample\n"
    "M.mote --adapter A) or made one model with it (mote merge). Of a base with weights of integers the output "
    "learns.\n"
    "With --learn all, all weights learn, and -o is a model.\n\n"
    "--shards S: the rows of a batch are cut into S pieces. The weights depend on S, and not on who computes: mpirun "
    "-n N\n"
    "mote train … --shards S shares the work among N processes, N up to S, on one machine or several, by Open MPI or\n"
    "MPICH. A checkpoint remembers S, and goes on with any N.\n\n"
    "--quantize learns with the weights that the quantized model has, so that M.mote loses less than one that is\n"
    "quantized afterwards. M.mote and all losses are of that model; a checkpoint holds the weights of float32. With\n"
    "--resume FILE --steps N it goes on from a training with weights of float32, with a learning rate that begins at\n"
    "--lr, else at 3% of the first one, and falls by a cosine to a fiftieth of that at step N.";

constexpr const char *allowed_with_resume[] = {
    "--help",     "--steps", "--checkpoint", "--checkpoint-every", "--resume",  "--log",
    "--json",     "--quiet", "--isa",        "--output",           "--threads", "--eval-limit",
    "--quantize", "--lr",    "--teacher",    "--teacher-share",    "--timeout"};

constexpr const char *allowed_with_base[] = {"--help",       "--output",     "--base",
                                             "--learn",      "--adapter",    "--log",
                                             "--json",       "--quiet",      "--isa",
                                             "--batch",      "--time",       "--order",
                                             "--state",      "--split",      "--seed",
                                             "--optimizer",  "--lr",         "--momentum",
                                             "--beta1",      "--beta2",      "--eps",
                                             "--decay",      "--schedule",   "--warmup",
                                             "--period",     "--lr-factor",  "--clip-value",
                                             "--clip-norm",  "--loss",       "--steps",
                                             "--epochs",     "--eval-every", "--eval-batches",
                                             "--eval-limit", "--threads",    "--shards",
                                             "--timeout",    "--checkpoint", "--checkpoint-every",
                                             "--patience",   "--teacher",    "--teacher-share"};

/* What needs a trainer of the whole model. */
constexpr const char *only_of_all[] = {"--threads",  "--shards",  "--checkpoint",   "--checkpoint-every",
                                       "--patience", "--teacher", "--teacher-share"};

constexpr const char *allowed_with_count[] = {"--help",  "--recipe",     "--model", "--count",   "--smoothing",
                                              "--lines", "--vocab-size", "--split", "--seed",    "--output",
                                              "--json",  "--quiet",      "--isa",   "--threads", "--eval-limit"};

void add_files(CommandLine app, TrainOptions &o) {
    app.begin_group("Files");
    add_corpora(app, "CORPUS", o.corpora, std::string(corpus_help) + " (mote corpora)").required();
    add_path(app, "-o,--output", o.output, "M.mote", "where the model goes").required();
    const Option checkpoint = add_path(app, "--checkpoint", o.checkpoint, "FILE",
                                       "save all that is needed to go on, now and then and at the end");
    add_whole(app, "--checkpoint-every", o.checkpoint_every, {1, any_count}, "steps between checkpoints")
        .needs(checkpoint)
        .default_str("a tenth of all");
    add_path(app, "--resume", o.resume, "FILE", "go on from a checkpoint, see below");
    const Option base = add_path(app, "--base", o.base, "M.mote", "begin with this model, see below");
    add_choice(app, "--learn", o.learned, learned_choices(), "all; with --adapter what that has learned",
               "what of --base learns, see below")
        .needs(base);
    add_path(app, "--adapter", o.adapter, "A.adapter", "go on from this adapter of --base").needs(base);
    add_choice(app, "--quantize", o.precision, bits_choices(), "float32; as the checkpoint of --resume says",
               "bits of a weight of M.mote, which is learned with, see below");
    add_path(app, "--log", o.log, "FILE", "a CSV file with a row for each step");
}

void add_common(CommandLine app, TrainOptions &o) {
    app.begin_group("Files");
    add_text(app, "--recipe", o.recipe, "NAME",
             "options of a known setup (mote recipes); any option overrides its own");
    add_text(app, "--isa", o.isa, "NAME", "the instruction set to use; every one gives the same bits");
    add_whole(app, "--threads", o.threads, {1, MOTE_MAX_TASKS},
              "threads to compute with; any number gives the same bits");
    app.add_flag("--json", o.json, "one JSON object with the results as the last line of stdout");
    app.add_flag("--quiet", o.quiet, "no progress on stderr");
}

void add_model(CommandLine app, TrainOptions &o) {
    app.begin_group("Model");
    add_choice(app, "--model", o.cell, kind_choices(), "the model");
    add_whole(app, "--context", o.context, {1, MOTE_MAX_CONTEXT},
              "characters that the model sees; only of " + with_window());
    add_whole(app, "--embed", o.embed, {0, MOTE_MAX_WIDTH}, usual_of_kinds(o.cell, &ModelKind::embed),
              "embedding width; 0: one-hot, not with " + with_window());
    add_whole(app, "--hidden", o.hidden, {1, MOTE_MAX_WIDTH}, "hidden width");
    add_whole(app, "--layers", o.layers, {1, MOTE_MAX_LAYERS}, "hidden layers; recurrent ones of " + with_state());
    add_choice(app, "--activation", o.activation, activation_choices(), "of the hidden layers");
    add_choice(app, "--init", o.init,
               {{"uniform", INIT_UNIFORM}, {"normal", INIT_NORMAL}, {"xavier", INIT_XAVIER}, {"he", INIT_HE}},
               "how weights begin, see below");
    add_real(app, "--init-scale", o.init_scale, {least_magnitude, largest_scale, true}, "1; normal 0.01, bigram 1",
             "the SCALE of --init");
    add_real(app, "--init-bias", o.init_bias, {least_magnitude, largest_scale, true}, "by --init",
             "deviation of normal biases instead");
    add_real(app, "--init-embed", o.init_embed, {least_magnitude, largest_scale, true}, "by --init",
             "deviation of a normal embedding instead");
    app.add_flag("--count,!--no-count", o.count, "fill a bigram by counting pairs instead of by gradient");
    add_real(app, "--smoothing", o.smoothing, {0x1p-20f, 0x1p20f, true}, "with --count: added to each pair's count");
}

void add_data(CommandLine app, TrainOptions &o) {
    app.begin_group("Data");
    app.add_flag("--lines,!--no-lines", o.lines, "each line is an item, with a boundary token between them");
    add_whole(app, "--vocab-size,--max-vocab", o.vocab_size, {2, MOTE_MAX_VOCAB},
              "tokens at most: the commonest characters, and bytes of which the others consist")
        .default_str("all characters");
    add_whole_or(app, "--batch", o.batch, {1, 65536}, {"full", FULL_BATCH},
                 "rows of a batch; full: all of the training part at once, only of " + without_state());
    add_whole(app, "--time", o.time, {1, 65536}, usual_of_kinds(o.cell, &ModelKind::time),
              "characters predicted in a row; gradients go back over these in " + with_state());
    add_choice(app, "--order", o.order,
               {{"stream", ORDER_STREAM}, {"random", ORDER_RANDOM}, {"shuffled", ORDER_SHUFFLED}},
               "stream; " + without_state() + " shuffled",
               "rows read on in order, chunks of --time from random places, or each chunk once a pass");
    add_choice(app, "--state", o.state, {{"carry", MOTE_STATE_CARRY}, {"reset", MOTE_STATE_RESET}},
               "hidden state from batch to batch")
        .default_str("carry; reset where the order is not stream");
    add_split(app, "--split", o.split,
              "train, dev and test in percent: by position, or with --lines of shuffled items");
    add_whole(app, "--seed", o.seed, {0, std::numeric_limits<uint64_t>::max()}, "of weights, shuffles and splits");
}

void add_learning(CommandLine app, TrainOptions &o) {
    app.begin_group("Learning");
    add_choice(app, "--optimizer", o.optimizer, optimizer_choices(), "how weights learn");
    add_real(app, "--lr", o.rate, hyperparameter_range("learning_rate"), usual_learning_rates(), "learning rate");
    auto add = [&](const char *option, float &value, const std::string &name, const std::string &what) {
        add_real(app, option, value, hyperparameter_range(name), what + "of " + optimizers_with(name));
    };
    add("--momentum", o.momentum, "momentum", "");
    add("--beta1", o.beta1, "beta1", "");
    add("--beta2", o.beta2, "beta2", "");
    add("--eps", o.eps, "eps", "");
    add("--decay", o.decay, "weight_decay", "weight decay ");
    add_choice(app, "--schedule", o.schedule,
               {{"constant", MOTE_SCHEDULE_CONSTANT}, {"step", MOTE_SCHEDULE_STEP}, {"cosine", MOTE_SCHEDULE_COSINE}},
               "of the learning rate");
    add_whole(app, "--warmup", o.warmup, {0, any_count}, "steps over which the learning rate rises to --lr");
    add_whole(app, "--period", o.period, {1, any_count},
              "steps after which --schedule step multiplies the learning rate")
        .default_str("");
    add_real(app, "--lr-factor", o.rate_factor, {least_magnitude, 1, true}, "0.1",
             "step: factor of the learning rate after each period; cosine: the last one as a share of --lr");
    add_real(app, "--clip-value", o.clip_value, {least_magnitude, largest_value, true},
             "clip each gradient to this; 0: off");
    add_real(app, "--clip-norm", o.clip_norm, {least_magnitude, largest_norm, true},
             "clip the gradients' global norm; 0: off");
    add_choice(app, "--loss", o.loss, {{"mean", MOTE_LOSS_MEAN}, {"sum", MOTE_LOSS_SUM}}, "over a batch's characters");
}

void add_teachers(CommandLine app, TrainOptions &o) {
    app.begin_group("Learning");
    const Option teacher =
        app.add_option("--teacher", o.teachers, "learn from this model too, see below; several: give the option again");
    teacher.type_name("M.mote").take_each();
    add_real(app, "--teacher-share", o.teacher_share, {least_magnitude, 1, false}, "0.5",
             "how often a target is what a teacher expects, and not the text's own")
        .needs(teacher);
}

void add_sharing(CommandLine app, TrainOptions &o) {
    app.begin_group("Learning");
    add_whole(
        app, "--shards", o.shards, {1, 65536},
        "pieces of a batch whose gradients are added along a tree; up to as many processes share them, see below");
    add_whole(app, "--timeout", o.timeout, {1, 86400}, "seconds that a process waits for another one");
}

void add_length(CommandLine app, TrainOptions &o) {
    app.begin_group("Data");
    const Option steps = add_whole(app, "--steps", o.steps, {0, any_count}, "batches to train on");
    add_whole(app, "--epochs", o.epochs, {1, any_count}, "passes over the training part, instead of --steps")
        .excludes(steps)
        .default_str("");
}

void add_evaluation(CommandLine app, TrainOptions &o) {
    app.begin_group("Evaluation");
    add_whole(app, "--eval-every", o.eval_every, {0, any_count},
              "steps between estimates of the losses of train, dev and test; 0: at the end only");
    add_whole(app, "--eval-batches", o.eval_batches, {0, any_count},
              "random batches of an estimate, always the same; 0: the whole part");
    add_whole(app, "--patience", o.patience, {0, any_count},
              "stop after so many estimates without a better dev loss; 0: do not");
    add_whole(app, "--eval-limit", o.eval_limit, {1, any_count},
              "characters of each part that are read at the end for its loss, its first ones")
        .default_str("all");
}

/* Refuses an option that is given and not in the list. */
template <size_t N> void check_only(CommandLine app, const char *const (&list)[N], const std::string &why) {
    for (const Option option : app.options()) {
        const std::string long_name = option.long_name();
        bool allowed = option.is_positional() || std::find(list, list + N, long_name) != list + N;
        if (option.count() > 0 && !allowed)
            throw UsageError(formatted("%s cannot be given with %s", long_name.c_str(), why.c_str()));
    }
}

/* Options of one model that another does not have. */
void check_model(CommandLine app, const TrainOptions &o) {
    auto refuse = [&](const char *option, const std::string &why) {
        if (app.count(option) > 0) throw UsageError(std::string(option) + ": " + why);
    };
    const ModelKind &kind = kind_of_cell(o.cell);
    if (!kind.has_window) refuse("--context", "only " + with_window() + " has one");
    if (!kind.has_layers()) {
        for (const char *option : {"--embed", "--hidden", "--layers", "--activation", "--init-bias", "--init-embed"})
            refuse(option, std::string("a ") + kind.name + " has none");
    } else if (o.count) {
        throw UsageError("--count: only a bigram can be counted, --model bigram");
    }
    if (kind.tanh_only && o.activation != MOTE_TANH)
        refuse("--activation", formatted("--model %s has tanh alone, leave the option out", kind.name));
    if (kind.has_window && o.embed == 0u)
        throw UsageError(formatted("--embed 0: --model %s needs an embedding, 1 or more wide", kind.name));
    if (kind.carries_state && o.batch == FULL_BATCH)
        throw UsageError(
            formatted("--batch full: --model %s reads on from batch to batch, give it --batch N", kind.name));
}

void check_base_options(CommandLine app, const TrainOptions &o) {
    check_only(app, allowed_with_base, "--base: it is as its base");
    if (o.adapter.empty() && o.learned.value_or(LEARN_ALL) == LEARN_ALL) return;
    for (const char *option : only_of_all) {
        if (app.count(option) > 0)
            throw UsageError(std::string(option) + ": only where all of the base learns, --learn all");
    }
}

void check_paths(const TrainOptions &o) {
    const std::pair<const char *, const std::string *> outputs[] = {
        {"--output", &o.output}, {"--checkpoint", &o.checkpoint}, {"--log", &o.log}};
    for (size_t i = 0; i < 3; ++i) {
        const auto &[option, path] = outputs[i];
        if (path->empty()) continue;
        check_not_a_corpus(option, *path, o.corpora);
        for (const std::string &teacher : o.teachers) {
            if (same_file(*path, teacher)) throw UsageError(std::string(option) + " " + *path + ": is a --teacher");
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
    for (const auto &[option, path] : outputs) {
        if (!o.base.empty() && !path->empty() && same_file(*path, o.base))
            throw UsageError(std::string(option) + " " + *path + ": is the file of --base");
        // --output takes its place when all has been learned.
        if (path != &o.output && !o.adapter.empty() && !path->empty() && same_file(*path, o.adapter))
            throw UsageError(std::string(option) + " " + *path + ": is the file of --adapter");
    }
}

} // namespace

void add_recipe_options(CommandLine app, TrainOptions &options) {
    add_common(app, options);
    add_model(app, options);
    add_data(app, options);
    add_learning(app, options);
    app.footer(init_notes());
}

void add_train_options(CommandLine app, TrainOptions &options) {
    add_files(app, options);
    add_recipe_options(app, options);
    add_teachers(app, options);
    add_sharing(app, options);
    add_length(app, options);
    add_evaluation(app, options);
    app.footer(init_notes() + notes);
}

void check_recipe_options(CommandLine app, const TrainOptions &o) {
    check_model(app, o);
    if (have_messages(o.corpora) && app.count("--lines") > 0 && !o.lines)
        throw UsageError("--no-lines: the messages of " + corpus_name(o.corpora) +
                         " are items, as its name says; leave the option out, or rename the file to learn it as text");
    if (kind_of_cell(o.cell).carries_state && order_of(o) != ORDER_STREAM && o.state == MOTE_STATE_CARRY) {
        throw UsageError("--state carry: only rows that are read on in order (--order stream) have a state to carry");
    }
    if (o.schedule == MOTE_SCHEDULE_STEP && o.period == 0) throw UsageError("--schedule step: needs --period");
    if (has_hyperparameter(o.optimizer, "weight_decay") && train_config_of(o).learning_rate * o.decay >= 1) {
        throw UsageError(formatted("--decay %g: times --lr %g it must be below 1; lower one of them, or give --decay 0",
                                   static_cast<double>(o.decay),
                                   static_cast<double>(train_config_of(o).learning_rate)));
    }
}

void check_train_options(CommandLine app, const TrainOptions &o) {
    if (!o.resume.empty()) check_only(app, allowed_with_resume, "--resume: the checkpoint holds what it says");
    if (!o.resume.empty() && o.rate && !o.precision)
        throw UsageError("--lr cannot be given with --resume alone: the checkpoint holds the learning rate; leave it "
                         "out, or give --quantize too, which begins with a new one");
    if (!o.base.empty()) check_base_options(app, o);
    if (o.count) check_only(app, allowed_with_count, "--count: nothing is learned by gradient");
    if (o.patience != 0 && o.split[1] == 0) throw UsageError("--patience: needs a dev part, as --split 80/10/10");
    if (o.patience != 0 && o.eval_every == 0) throw UsageError("--patience: needs --eval-every");
    check_recipe_options(app, o);
    check_paths(o);
}

} // namespace mote::cli
