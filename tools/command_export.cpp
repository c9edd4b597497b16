#include "c_header.h"
#include "commands.h"
#include "errors.h"
#include "export_forms.h"
#include "files.h"
#include "model_file.h"
#include "option_values.h"
#include "precisions.h"
#include "progress.h"
#include "source_names.h"
#include "system_files.h"
#ifdef MOTE_CONVERT
#include "npz_write.h"
#include "safetensors_write.h"
#endif

#include <charconv>
#include <filesystem>
#include <list>
#include <memory>

namespace mote::cli {

namespace {

namespace fs = std::filesystem;

struct ExportOptions {
    std::string model, output, vocab;
    Placement place;
    std::vector<Form> chosen;
    bool named = false, aligned = false, sectioned = false;
};

/* A file that an export writes. `about` is for people. */
struct Product {
    std::string path, bytes, about;
};

uint32_t read_alignment(const std::string &text) {
    constexpr uint32_t most = 65536;
    uint32_t number = 0;
    auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    bool whole = error == std::errc() && stop == text.data() + text.size();
    if (whole && number != 0 && number < MOTE_ALIGN && (number & (number - 1)) == 0)
        throw UsageError(
            "--align " + text +
            formatted(
                ": must be a power of two from %d to %u, as the library takes a blob at a multiple of %d bytes only",
                MOTE_ALIGN, most, MOTE_ALIGN));
    if (!whole || number == 0 || number > most || (number & (number - 1)) != 0)
        throw UsageError("--align " + text + formatted(": must be a power of two from %d to %u", MOTE_ALIGN, most));
    return number;
}

std::string beside(const std::string &path, const char *extension) {
    return fs::u8path(path).replace_extension(extension).u8string();
}

/* Of all that a form writes, the first is what was asked for. */
std::vector<std::string> paths_of(Form form, const std::string &output) {
    if (form == Form::c_source) return {output, beside(output, ".h")};
    if (form == Form::assembler) return {output, beside(output, ".bin"), beside(output, ".h")};
    return {output};
}

/* An option that the form has no use for. */
void check_meaning(const ExportOptions &options, Form form) {
    auto refuse = [form](const char *option, const char *wanted) {
        throw UsageError(std::string(option) + ": means nothing for " + named(form).option + ", only for " + wanted);
    };
    const char *source = "--c-header, --c-source and --assembler";
    if (options.named && !is_source(form)) refuse("--name", source);
    if (options.aligned && !is_source(form)) refuse("--align", source);
    if (options.sectioned && !is_source(form)) refuse("--section", source);
    if (!options.vocab.empty() && !is_tensors(form)) refuse("--vocab", "--safetensors and --npz");
}

/* The names in the sources must not be those of what they include. */
void check_name(const Placement &place) {
    if (!is_identifier(place.name)) throw UsageError("--name " + place.name + ": must be a C identifier");
    std::string why = why_reserved(place.name);
    if (!why.empty())
        throw UsageError("--name " + place.name + ": " + why + "; give another, such as " + usable_name(place.name));
}

/* Nor must a header have the name of one that a program includes. */
void check_header_names(const ExportOptions &options, const std::vector<std::string> &paths) {
    for (const std::string &path : paths) {
        fs::path file = fs::u8path(path).filename();
        if (!hides_another_header(file.u8string())) continue;
        fs::path output = fs::u8path(options.output);
        fs::path other = output.parent_path() / ("m_" + output.filename().u8string());
        throw UsageError("--output " + options.output + ": the header " + file.u8string() +
                         " would hide another of this name; give another file, such as " + other.u8string());
    }
}

/* What several files would have between them: a name that one of them holds, and that each of them is another. */
void check_paths(const ExportOptions &options, const std::vector<std::string> &paths, Form form) {
    for (size_t i = 0; i < paths.size(); ++i) {
        if (same_file(options.model, paths[i])) throw UsageError("--output: " + paths[i] + " is the model");
        for (size_t j = 0; j < i; ++j) {
            if (same_file(paths[j], paths[i]))
                throw UsageError("--output " + options.output + ": " + paths[i] + " would be written twice");
        }
    }
    if (paths.size() == 1 || is_tensors(form)) return;
    if (is_written_through(options.output))
        throw UsageError("--output " + options.output + ": " + named(form).option +
                         " writes files beside it, so it needs a file's name");
    for (char c : fs::u8path(options.output).stem().u8string()) {
        if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20u)
            throw UsageError("--output " + options.output +
                             ": its name stands in the source, where this character cannot");
    }
}

/* The model alone, whatever else the file holds: of a checkpoint, not the trainer. */
AlignedBytes model_blob(const ModelFile &file, const std::string &path) {
    const std::optional<RunRecord> run = file.run();
    const size_t run_bytes = run ? static_cast<size_t>(MOTE_SECTION_BYTES(sizeof *run)) : 0;
    AlignedBytes blob(mote_blob_bytes(&file.config()) + run_bytes);
    mote_buffer buffer{blob.data(), blob.size(), 0};
    check(write_model(file.model(), run ? &*run : nullptr, mote_buffer_write, &buffer), path);
    return blob;
}

std::string text_of(const AlignedBytes &bytes) { return {reinterpret_cast<const char *>(bytes.data()), bytes.size()}; }

std::vector<std::string> blob_texts(Form form, const std::vector<std::string> &paths, const Placement &place,
                                    const ModelFile &file, const AlignedBytes &blob) {
    auto file_name = [&](size_t i) { return fs::u8path(paths[i]).filename().u8string(); };
    switch (form) {
    case Form::c_header:
        return {c_header_with_blob(place, file, blob)};
    case Form::c_source:
        return {c_source(place, file_name(1), blob), c_header(place, file, blob)};
    case Form::assembler:
        return {assembler_source(place, file_name(1), blob), text_of(blob), c_header(place, file, blob)};
    default:
        return {text_of(blob)};
    }
}

std::vector<Product> blob_products(Form form, const ExportOptions &options, const std::vector<std::string> &paths,
                                   const ModelFile &file) {
    AlignedBytes blob = model_blob(file, options.model);
    std::vector<std::string> texts = blob_texts(form, paths, options.place, file, blob);
    std::vector<Product> products;
    for (size_t i = 0; i < texts.size(); ++i) products.push_back({paths[i], std::move(texts[i]), ""});
    std::string size = formatted("%zu bytes", blob.size());
    products[0].about = is_source(form) ? options.place.name + "_blob, " + size : size;
    return products;
}

#ifdef MOTE_CONVERT
std::vector<Product> tensor_products(Form form, const ExportOptions &options, const ModelFile &file) {
    if (file.config().precision != MOTE_PRECISION_FLOAT32)
        throw Failure(options.model + ": has weights of " + precision_name(file.config().precision).words + ", which " +
                      named(form).option + " cannot hold; export the model of float32 that it was made of");
    std::vector<Product> products = {
        {options.output, form == Form::npz ? npz_of(file) : safetensors_of(file), "the tensors by PyTorch's names"}};
    if (!options.vocab.empty())
        products.push_back(
            {options.vocab, vocabulary_list(file.vocab()).dump() + "\n", formatted("%u tokens", file.vocab().count)});
    return products;
}
#endif

std::vector<Product> products_of(Form form, const ExportOptions &options, const std::vector<std::string> &paths,
                                 const ModelFile &file) {
#ifdef MOTE_CONVERT
    if (is_tensors(form)) return tensor_products(form, options, file);
#endif
    return blob_products(form, options, paths, file);
}

/* All or, as far as that can be known before the first is renamed, none. */
void write_all(const std::vector<Product> &products) {
    std::list<OutputFile> files;
    for (const Product &product : products) {
        files.emplace_back(product.path).write(product.bytes.data(), product.bytes.size());
        files.back().flush_to_disk();
    }
    for (OutputFile &file : files) file.commit();
    for (const Product &product : products)
        tell(false, product.path + (product.about.empty() ? "" : ": " + product.about));
}

void run(ExportOptions options) {
    Form form = form_of(options.chosen, options.output);
    check_meaning(options, form);
    if (!options.named) options.place.name = name_from(options.output);
    check_name(options.place);
    if (options.sectioned && !is_section(options.place.section))
        throw UsageError("--section " + options.place.section + ": must be of letters, digits and _ . $ - alone");
    std::vector<std::string> paths = paths_of(form, options.output);
    if (!options.vocab.empty()) paths.push_back(options.vocab);
    if (is_source(form)) check_header_names(options, paths);
    check_paths(options, paths, form);
    for (const std::string &path : paths) check_writable(path);
    write_all(products_of(form, options, paths, ModelFile(options.model)));
}

} // namespace

Command export_command(CommandLine program) {
    const CommandLine app =
        program.add_subcommand("export", "Write a model for firmware, or its tensors for other frameworks");
    auto options = std::make_shared<ExportOptions>();
    add_path(app, "M", options->model, "", "the model, a .mote file").required();
    add_path(app, "-o,--output", options->output, "FILE", "where it goes; its extension names the form").required();
    for (const FormName &form : forms()) {
        std::string extensions;
        for (const char *extension : form.extensions) extensions += " " + std::string(extension);
        auto choose = [options, &form] { options->chosen.push_back(form.form); };
        app.add_flag_callback(form.option, choose, form.about + (";" + extensions));
    }
    auto name = [options](const std::string &text) { options->place.name = text, options->named = true; };
    auto section = [options](const std::string &text) { options->place.section = text, options->sectioned = true; };
    auto align = [options](const std::string &text) {
        options->place.align = read_alignment(text), options->aligned = true;
    };
    app.add_option_function("--name", name, "what the names in a source begin with")
        .take_last()
        .type_name("NAME")
        .default_str("the file's");
    app.add_option_function("--section", section, "of the object file, where the blob lies")
        .take_last()
        .type_name("NAME")
        .default_str("where constants are");
    app.add_option_function("--align", align, "of the blob, in bytes: a power of two from 64 to 65536")
        .take_last()
        .type_name("N")
        .default_str(std::to_string(MOTE_ALIGN));
#ifdef MOTE_CONVERT
    add_path(app, "--vocab", options->vocab, "V.json", "with the tensors: where the list of the characters goes");
#endif
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
