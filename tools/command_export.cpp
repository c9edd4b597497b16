#include "c_header.h"
#include "commands.h"
#include "errors.h"
#include "files.h"
#include "model_file.h"
#include "option_values.h"
#include "progress.h"

#include <cctype>
#include <filesystem>
#include <memory>

namespace mote::cli {

namespace {

struct ExportOptions {
    std::string model, output, name;
};

bool is_identifier(const std::string &name) {
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0])) != 0) return false;
    for (char c : name) {
        bool good =
            c == '_' || (std::isalnum(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80);
        if (!good) return false;
    }
    return true;
}

/* The file's name without its extension, made an identifier. */
std::string name_from(const std::string &path) {
    std::string name = std::filesystem::path(path).stem().string();
    for (char &c : name) {
        if (!is_identifier(std::string("_") + c)) c = '_';
    }
    return is_identifier(name) ? name : "m_" + name;
}

/* The model alone, whatever else the file holds: of a checkpoint, not the trainer. */
AlignedBytes model_blob(const ModelFile &file, const std::string &path) {
    AlignedBytes blob(mote_blob_bytes(&file.config()));
    mote_buffer buffer{blob.data(), blob.size(), 0};
    OwnArena scratch(mote_scratch_bytes(&file.config()));
    mote_run run{};
    bool known = file.run(run);
    check(mote_model_save(file.model(), known ? &run : nullptr, scratch.get(), mote_buffer_write, &buffer), path);
    return blob;
}

void run(const ExportOptions &options) {
    std::string name = options.name.empty() ? name_from(options.output) : options.name;
    if (!is_identifier(name)) throw UsageError("--name " + name + ": must be a C identifier");
    if (same_file(options.model, options.output)) throw UsageError("--output " + options.output + ": is the model");
    check_writable(options.output);
    ModelFile file(options.model);
    AlignedBytes blob = model_blob(file, options.model);
    std::string text = c_header(name, file, blob);
    OutputFile output(options.output);
    output.write(text.data(), text.size());
    output.commit();
    tell(false, formatted("%s: %s_blob, %zu bytes", options.output.c_str(), name.c_str(), blob.size()));
}

} // namespace

Command export_command(CLI::App &program) {
    CLI::App *app = program.add_subcommand("export", "Write a model as a C header, for firmware");
    auto options = std::make_shared<ExportOptions>();
    add_path(*app, "M", options->model, "", "the model, a .mote file")->required();
    add_path(*app, "-o,--output", options->output, "M.h", "where the header goes")->required();
    add_text(*app, "--name", options->name, "NAME", "what the header's names begin with")->default_str("the file's");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
