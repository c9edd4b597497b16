#include "commands.h"
#include "errors.h"
#include "model_file.h"
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

void run(const InspectOptions &options) {
    ModelFile file(options.model);
    OwnArena scratch(mote_scratch_bytes(&file.config()));
    mote_status selftest = mote_selftest(file.model(), scratch.get());
    Json report = model_report(file, options.batch, options.time);
    report["selftest"] = selftest == MOTE_OK;
    if (options.json) {
        print_json(report);
    } else {
        print_report(report);
    }
    check(selftest, options.model + ": self-test");
}

} // namespace

Command inspect_command(CLI::App &program) {
    CLI::App *app = program.add_subcommand("inspect", "What a model is: configuration, tensors, sizes, hashes, memory");
    auto options = std::make_shared<InspectOptions>();
    add_path(*app, "M", options->model, "", "the model, a .mote file")->required();
    add_whole(*app, "--batch", options->batch, {1, 65536}, "rows, for the memory of training");
    add_whole(*app, "--time", options->time, {1, 65536}, "characters of a row, for the memory of training");
    app->add_flag("--json", options->json, "one JSON object as the last line of stdout");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
