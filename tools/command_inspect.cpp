#include "adapter_file.h"
#include "adapter_report.h"
#include "commands.h"
#include "errors.h"
#include "inspection.h"
#include "model_report.h"
#include "option_values.h"
#include "results.h"

#include <memory>

namespace mote::cli {

namespace {

struct InspectOptions {
    std::string model;
    uint32_t batch = 1, time = 16;
    bool json = false;
};

/* True: it was an adapter, and has been told of. */
bool report_adapter(const InspectOptions &options, const AlignedBytes &bytes) {
    if (!is_adapter(bytes)) return false;
    const Json report = adapter_report(bytes, options.model, options.batch, options.time);
    if (options.json)
        print_json(report);
    else
        print_adapter_report(report);
    return true;
}

void run(const InspectOptions &options) {
    AlignedBytes bytes = read_bytes(options.model);
    if (report_adapter(options, bytes)) return;
    Inspection found = inspect_bytes(std::move(bytes));
    Json report = model_report(found, options.batch, options.time);
    if (options.json) {
        print_json(report);
    } else {
        print_report(report);
    }
    if (!found.findings.empty()) throw Failure(options.model + ": " + damage_text(found));
}

} // namespace

Command inspect_command(CommandLine program) {
    const CommandLine app = program.add_subcommand(
        "inspect", "What a model is: configuration, parts, tensors, hashes, memory, and where it is damaged");
    auto options = std::make_shared<InspectOptions>();
    app.footer("A damaged file is described as far as it can be read; the exit status is then 1.");
    add_path(app, "M", options->model, "", "the model, a .mote file, or an adapter").required();
    add_whole(app, "--batch", options->batch, {1, 65536}, "rows, for the memory of training");
    add_whole(app, "--time", options->time, {1, 65536}, "characters of a row, for the memory of training");
    app.add_flag("--json", options->json, "one JSON object as the last line of stdout");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
