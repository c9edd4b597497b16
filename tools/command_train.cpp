#include "byte_tokens.h"
#include "commands.h"
#include "errors.h"
#include "estimate.h"
#include "files.h"
#include "isa_choice.h"
#include "model_file.h"
#include "precisions.h"
#include "progress.h"
#include "results.h"
#include "sharing.h"
#include "stop.h"
#include "surprise.h"
#include "train_adapter.h"
#include "train_count.h"
#include "train_integers.h"
#include "train_options.h"
#include "utf8_text.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace mote::cli {

namespace {

struct Trained {
    Pace pace;
    Json losses; /* train_loss, dev_loss, test_loss; eval_limit */
    size_t read_of_train = 0;
};

void check_outputs(const TrainOptions &options) {
    if (!program_ranks().is_first()) return;
    for (const std::string *path : {&options.output, &options.checkpoint, &options.log}) {
        if (!path->empty()) check_writable(*path);
    }
}

uint32_t byte_tokens_of(const mote_vocab &vocab) {
    return static_cast<uint32_t>(std::count_if(vocab.code_points, vocab.code_points + vocab.count, is_byte_token));
}

std::string shown_vocabulary(const mote_vocab &vocab) {
    constexpr uint32_t most_shown = 200;
    std::string text;
    for (uint32_t i = vocab.boundary; i < vocab.count && i < most_shown; ++i) {
        uint32_t code_point = vocab.code_points[i];
        if (is_byte_token(code_point)) continue;
        text += code_point == '\n'         ? "\\n"
                : is_invisible(code_point) ? formatted("\\u%04X", code_point)
                                           : utf8_of(code_point);
    }
    return text + (vocab.count > most_shown ? "…" : "");
}

void tell_what_is_trained(const Session &session, bool counts, bool quiet) {
    mote_vocab vocab{};
    check(mote_model_vocab(session.base != nullptr ? session.base->model() : session.model, &vocab), "vocabulary");
    std::string plan = counts ? "by counting"
                              : formatted("%u steps, batch %u, time %u", session.run.steps, session.train.batch,
                                          session.train.time_steps);
    uint32_t bytes = byte_tokens_of(vocab);
    tell(quiet, formatted("vocabulary: %u characters%s%s: \"%s\"", vocab.count - vocab.boundary - bytes,
                          bytes != 0 ? formatted(", %u bytes", bytes).c_str() : "",
                          vocab.boundary != 0 ? " and the boundary" : "", shown_vocabulary(vocab).c_str()));
    tell(quiet, formatted("parameters: %zu; %s; %s", mote_param_count(&session.config), plan.c_str(), mote_isa()));
    if (session.run.precision != MOTE_PRECISION_FLOAT32)
        tell(quiet, std::string("weights of ") + precision_name(session.run.precision).words);
}

Json json_of(const Losses &losses, uint32_t limit) {
    Json json;
    for (Part part : {TRAIN, DEV, TEST}) {
        const std::optional<double> &loss = losses.of[part];
        json[std::string(part_name(part)) + "_loss"] = loss ? Json(*loss) : Json();
    }
    if (limit != 0) json["eval_limit"] = limit;
    return json;
}

Json results_of(const Session &session, const Trained &trained) {
    Json json;
    json["params"] = mote_param_count(&session.config);
    json["vocab"] = session.config.vocab;
    json["steps"] = session.run.position;
    json.update(trained.losses);
    bool stepped = session.run.position != 0;
    json["smoothed_loss"] = stepped ? Json(double_of(session.run.smoothed_bits)) : Json();
    if (session.run.pass_mean_bits != 0) json["epoch_loss"] = double_of(session.run.pass_mean_bits);
    if (session.run.best_position != 0) json["best_step"] = session.run.best_position;
    json["chars_per_second"] =
        trained.pace.seconds > 0 ? static_cast<double>(trained.pace.characters) / trained.pace.seconds : 0.0;
    json["seconds"] = trained.pace.seconds;
    if (session.run.precision != MOTE_PRECISION_FLOAT32) json["precision"] = precision_name(session.run.precision).part;
    if (session.base != nullptr) json["base_hash"] = hash_text(mote_weights_hash(session.base->model()));
    if (!runs_by_adapter(session)) json["weights_hash"] = hash_text(mote_weights_hash(measured_model(session).model));
    if (session.sharded != nullptr) json["shards"] = session.sharded->shards();
    json["isa"] = mote_isa();
    return json;
}

/* Rows so short that their beginnings, which nothing precedes, weigh in the loss. */
void tell_of_short_rows(const Trained &trained) {
    constexpr size_t short_row = 256;
    size_t row = trained.read_of_train / rows_of_training;
    if (row >= short_row) return;
    print_line(formatted("%-14s in %u rows of %zu characters, each from the zero state; in order: mote eval --rows 1",
                         "", rows_of_training, row));
}

void print_losses(const Json &json, const Trained &trained) {
    std::string limit;
    if (json.contains("eval_limit")) limit = "; of no more than its first " + json["eval_limit"].dump() + " characters";
    for (Part part : {TRAIN, DEV, TEST}) {
        const Json &loss = json[std::string(part_name(part)) + "_loss"];
        if (loss.is_null()) continue;
        double nats = loss.get<double>();
        print_line(formatted("%-14s %.4f nats a character, perplexity %.2f%s",
                             (std::string(part_name(part)) + " loss").c_str(), nats, std::exp(nats), limit.c_str()));
        if (part == TRAIN) tell_of_short_rows(trained);
    }
}

void print_results(const Session &session, const Trained &trained) {
    Json json = results_of(session, trained);
    print_losses(json, trained);
    if (!json["smoothed_loss"].is_null())
        print_line(formatted("%-14s %.4f", "smoothed loss", json["smoothed_loss"].get<double>()));
    if (json.contains("epoch_loss"))
        print_line(formatted("%-14s %.4f in the last whole pass", "mean loss", json["epoch_loss"].get<double>()));
    if (json.contains("best_step"))
        print_line(formatted("%-14s of step %s, of %s", "weights", json["best_step"].dump().c_str(),
                             json["steps"].dump().c_str()));
    print_line(formatted("%-14s %.1f s, %.0f characters a second", "time", trained.pace.seconds,
                         json["chars_per_second"].get<double>()));
    if (json.contains("weights_hash")) print_line("weights hash   " + json["weights_hash"].get<std::string>());
}

[[noreturn]] void give_advice(const Session &session, const TrainOptions &options) {
    std::string message =
        formatted("after step %llu the numbers are not finite any more; try a lower --lr, or --clip-norm 1",
                  static_cast<unsigned long long>(session.run.position));
    if (session.saved_at) {
        message += formatted(" (%s holds step %llu)", options.checkpoint.c_str(),
                             static_cast<unsigned long long>(*session.saved_at));
    }
    throw Failure(message);
}

Trained train_and_save(Session &session, const TrainOptions &options, const std::string &corpus) {
    StopSignals signals;
    tell_what_is_trained(session, options.count, options.quiet);
    Traces traces{corpus, options.checkpoint, options.checkpoint_every, options.log, options.quiet};
    try {
        Trained trained{options.count ? count(session, options.smoothing) : train(session, traces), {}};
        return_to_best(session);
        if (!program_ranks().is_first()) return trained;
        Losses losses = whole_losses(session, corpus, options.eval_limit);
        trained.losses = json_of(losses, options.eval_limit);
        trained.read_of_train = losses.read_of_train;
        if (session.part != nullptr)
            save_adapter(session, options.output);
        else
            save_model(measured_model(session).model, &session.run, options.output);
        return trained;
    } catch (const NotFinite &) {
        give_advice(session, options);
    }
}

/* Files are written, and progress is told, by the first rank alone. All keep to its checkpoints, for which it needs
 * what they have. */
void be_silent_beside_the_first(TrainOptions &options) {
    if (program_ranks().is_first()) return;
    options.quiet = true;
    options.log.clear();
}

void run(CommandLine app, TrainOptions options) {
    take_cell_of_base(options);
    check_train_options(app, options);
    choose_isa(options.isa);
    be_silent_beside_the_first(options);
    const bool reads_input = std::find(options.corpora.begin(), options.corpora.end(), "-") != options.corpora.end();
    if (reads_input && program_ranks().count() > 1)
        throw UsageError("CORPUS -: several processes cannot read one standard input; give a file that each can read");
    check_outputs(options);
    Corpus corpus = load_corpus(options.corpora);
    std::string name = corpus.name;
    Session session = options.resume.empty() ? new_session(options, corpus) : resumed_session(options, corpus);
    use_threads(session, options.threads);
    learn_from_teachers(session, options);
    check_same_everywhere(session, options, name);
    Trained trained = train_and_save(session, options, name);
    if (!program_ranks().is_first()) return;
    if (options.output == "/dev/stdout") print_line(""); /* a model does not end its line */
    if (options.json) {
        print_json(results_of(session, trained));
    } else {
        print_results(session, trained);
    }
}

} // namespace

Command train_command(CommandLine program) {
    const CommandLine app = program.add_subcommand("train", "Learn from a text, and save the model");
    auto options = std::make_shared<TrainOptions>();
    add_train_options(app, *options);
    return {app, [app, options] {
                options->steps_given = app.count("--steps") > 0;
                run(app, *options);
            }};
}

} // namespace mote::cli
