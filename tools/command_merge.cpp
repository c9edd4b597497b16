#include "adapter_file.h"
#include "commands.h"
#include "errors.h"
#include "option_values.h"
#include "precisions.h"
#include "results.h"

#include <memory>

namespace mote::cli {

namespace {

struct MergeOptions {
    std::string base, adapter, output;
    bool json = false;
};

void check_paths(const MergeOptions &options) {
    for (const std::string *path : {&options.base, &options.adapter}) {
        if (same_file(*path, options.output))
            throw UsageError("--output: " + options.output + " is what is merged; give another file");
    }
}

/* A model's output layer has the precision of its other weights. */
void check_precision(const ModelFile &base, const MergeOptions &options) {
    const uint32_t precision = base.config().precision;
    if (precision == MOTE_PRECISION_FLOAT32) return;
    throw Failure(formatted("%s: has weights of %s, among which a model has no place for the output layer of floats "
                            "that was learned; use the two together (mote sample %s --adapter %s), or learn on the "
                            "model of float32, merge, and quantize what was merged",
                            options.base.c_str(), precision_name(precision).words, options.base.c_str(),
                            options.adapter.c_str()));
}

void run(const MergeOptions &options) {
    check_paths(options);
    ModelFile base(options.base);
    AdaptedModel adapted(base, options.base, options.adapter);
    check_precision(base, options);
    const std::optional<RunRecord> run = base.run();
    save_model(adapted.model(), run ? &*run : nullptr, options.output);
    const std::string base_hash = hash_text(mote_weights_hash(base.model())),
                      hash = hash_text(mote_weights_hash(adapted.model()));
    if (options.output == "/dev/stdout") print_line(""); /* a model does not end its line */
    if (options.json)
        print_json({{"base_hash", base_hash}, {"weights_hash", hash}});
    else
        print_line("weights hash   " + hash);
}

} // namespace

Command merge_command(CommandLine program) {
    const CommandLine app =
        program.add_subcommand("merge", "Make one model of a base and its adapter, with the same bits");
    auto options = std::make_shared<MergeOptions>();
    app.footer("mote train --base M --learn makes adapters. A base with weights of integers is refused.");
    add_path(app, "BASE", options->base, "", "the model that the adapter was learned on, a .mote file").required();
    add_path(app, "ADAPTER", options->adapter, "", "what was learned").required();
    add_path(app, "-o,--output", options->output, "M.mote", "where the merged model goes").required();
    app.add_flag("--json", options->json, "one JSON object as the last line of stdout");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
