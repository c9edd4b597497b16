#include "adapter_file.h"
#include "average.h"
#include "commands.h"
#include "errors.h"
#include "option_values.h"

#include <memory>

namespace mote::cli {

namespace {

void check_paths(const AverageOptions &options) {
    for (const std::string &path : options.files) {
        if (path.empty()) throw UsageError("FILE '': must be the name of a file");
        if (same_file(path, options.output))
            throw UsageError("--output: " + options.output + " is one of what is averaged; give another file");
    }
    if (!options.base.empty() && same_file(options.base, options.output))
        throw UsageError("--output: " + options.output + " is the --base; give another file");
}

void check_base(const AverageOptions &options, bool adapters) {
    const std::string &first = options.files[0];
    if (adapters && options.base.empty())
        throw UsageError("--base: " + first + " is an adapter; give the model that all of them were learned on");
    if (!adapters && !options.base.empty())
        throw UsageError("--base: " + first + " is not an adapter, and needs no base; leave the option out");
}

void run(const AverageOptions &options) {
    check_paths(options);
    const size_t count = options.files.size();
    const Shares shares = options.weights.empty() ? equal_shares(count) : shares_of(options.weights, count);
    const bool adapters = is_adapter(read_bytes(options.files[0]));
    for (const std::string &path : options.files) {
        if (!adapters && is_adapter(read_bytes(path)))
            throw Failure(path + ": an adapter, and " + options.files[0] +
                          " is a model; average models with models, or adapters with adapters");
    }
    check_base(options, adapters);
    check_writable(options.output);
    const Json report = adapters ? average_adapters(options, shares) : average_models(options, shares);
    if (options.output == "/dev/stdout") print_line(""); /* a model does not end its line */
    if (options.json)
        print_json(report);
    else if (report.contains("weights_hash"))
        print_line("weights hash   " + report["weights_hash"].get<std::string>());
}

} // namespace

Command average_command(CommandLine program) {
    const CommandLine app =
        program.add_subcommand("average", "Make one model of several that learned apart: their mean");
    auto options = std::make_shared<AverageOptions>();
    app.footer("All have one configuration and the same characters, as what mote train --base makes of one model.\n"
               "Checkpoints count as their models: the mean has no trainer. Adapters are averaged where all are of\n"
               "--base and learned the same part. Each weight is summed without rounding, and the mean is rounded\n"
               "once: the result does not depend on the order of the files.");
    app.add_option("FILES", options->files, "models, checkpoints, or adapters of one base").type_name("").required();
    add_path(app, "-o,--output", options->output, "M.mote", "where the mean goes").required();
    add_text(app, "--weights", options->weights, "W,W,...",
             "what each file counts, a decimal number, as the characters that it learned from; else all the same");
    add_path(app, "--base", options->base, "BASE", "of adapters: the model that they were learned on");
    app.add_flag("--json", options->json, "one JSON object as the last line of stdout");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
