#include "c_header.h"

#include "model_kinds.h"
#include "precisions.h"

#include "errors.h"
#include "results.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <utility>
#include <vector>

namespace mote::cli {

namespace {

std::string upper(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return name;
}

void replace_all(std::string &text, const std::string &from, const std::string &to) {
    for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
}

/* In all of these `@` stands for the name in capitals. */
constexpr const char *opening = R"(#ifndef @_MOTE_H
#define @_MOTE_H

#include "mote.h"

)";

constexpr const char *sizes = R"(
/* Arena bytes: of the model opened in place, of a copy in RAM, of a state, of the scratch that a self-test and a save
 * need. */
#define @_OPEN_BYTES MOTE_OPEN_BYTES /* %zu */
#define @_MODEL_BYTES MOTE_MODEL_BYTES(@_SHAPE) /* %zu */
#define @_STATE_BYTES MOTE_STATE_BYTES(@_SHAPE) /* %zu */
#define @_SCRATCH_BYTES MOTE_SCRATCH_BYTES(@_SHAPE) /* %zu */
)";

constexpr const char *training_sizes = R"(
/* Of a trainer of the copy, and the bytes of a checkpoint. */
#define @_TRAINER_BYTES(batch, time, optimizer, workspace) \
    MOTE_TRAINER_BYTES(@_SHAPE, batch, time, optimizer, workspace)
#define @_CHECKPOINT_BYTES(batch, optimizer) MOTE_CHECKPOINT_BYTES(@_SHAPE, batch, optimizer)

)";

/* C99 has no word of its own for either. */
constexpr const char *alignment_and_assertions = R"(#if defined(__cplusplus)
#define @_ALIGN_TO(bytes) alignas(bytes)
#define @_ASSERT(what, holds, text) static_assert(holds, text)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define @_ALIGN_TO(bytes) _Alignas(bytes)
#define @_ASSERT(what, holds, text) _Static_assert(holds, text)
#else
#define @_ALIGN_TO(bytes) __attribute__((aligned(bytes)))
#define @_ASSERT(what, holds, text) typedef char @_assert_##what[(holds) ? 1 : -1]
#endif
#define @_ALIGNED @_ALIGN_TO(MOTE_ALIGN)

@_ASSERT(format, MOTE_FORMAT_MAJOR == @_FORMAT_MAJOR, "the blob is of another format than mote.h: export it again");
@_ASSERT(bytes, @_BLOB_BYTES == MOTE_BLOB_BYTES(@_SHAPE) + MOTE_SECTION_BYTES(@_OWN_BYTES), "the blob is not of this configuration: export it again");
@_ASSERT(align, @_BLOB_ALIGN % MOTE_ALIGN == 0, "the blob is not aligned as mote_model_open needs it");

)";

constexpr const char *declaration = R"(#ifdef __cplusplus
extern "C" {
#endif
extern const unsigned char %s_blob[@_BLOB_BYTES];
#ifdef __cplusplus
}
#endif
)";

constexpr const char *closing = "\n#endif\n";

/* `%%progbits` and `%%object`, since `@` begins a comment on Arm. The last section keeps the stack of a Linux program
 * from becoming executable. */
constexpr const char *assembler = R"(    .pushsection "%s", "a", %%progbits
    .balign %u
    .globl %s_blob
    .type %s_blob, %%object
%s_blob:
    .incbin "%s"
    .if . - %s_blob - %zu
    .error "the file is not the blob that was exported"
    .endif
    .size %s_blob, %zu
    .popsection

    .pushsection .note.GNU-stack, "", %%progbits
    .popsection
)";

using Size = std::pair<const char *, uint32_t>;

std::array<Size, 5> sizes_of(const mote_config &config) {
    return {{{"VOCAB", config.vocab},
             {"CONTEXT", config.context},
             {"EMBED", config.embed},
             {"HIDDEN", config.hidden},
             {"LAYERS", config.layers}}};
}

/* The shape as a macro of mote_sizes.h, its arguments written by `argument(name, value)`. */
template <typename F> std::string shape_of(const mote_config &config, F argument) {
    const ModelKind &kind = kind_of(config);
    std::string arguments;
    for (const auto &[name, value] : sizes_of(config)) {
        const bool taken =
            name == std::string("VOCAB") || (name == std::string("CONTEXT") ? kind.has_window : kind.has_layers());
        if (taken) arguments += (arguments.empty() ? "" : ", ") + argument(name, value);
    }
    const std::string shape = formatted("MOTE_SHAPE_%s(%s)", kind.macro, arguments.c_str());
    if (config.precision == MOTE_PRECISION_FLOAT32) return shape;
    return std::string(precision_name(config.precision).shape) + "(" + shape + ")";
}

const char *activation_name(const mote_config &config) {
    if (!kind_of(config).has_layers()) return "0";
    return config.activation == MOTE_TANH ? "MOTE_TANH" : "MOTE_RELU";
}

std::string configuration(const Placement &place, const ModelFile &file, const AlignedBytes &blob) {
    const mote_config &config = file.config();
    std::string text = "#define @_SHAPE " +
                       shape_of(config, [](const char *name, uint32_t) { return "@_" + std::string(name); }) + "\n";
    for (const auto &[name, value] : sizes_of(config)) text += formatted("#define @_%s %uu\n", name, value);
    if (kind_of(config).has_layers()) text += formatted("#define @_ACTIVATION %s\n", activation_name(config));
    text += formatted("#define @_BOUNDARY %uu /* 1: token 0 is the boundary of an item */\n"
                      "#define @_WEIGHTS_HASH 0x%sull\n",
                      file.vocab().boundary, hash_text(mote_weights_hash(file.model())).c_str());
    return text + formatted("#define @_FORMAT_MAJOR %u\n#define @_FORMAT_MINOR %u\n"
                            "#define @_BLOB_BYTES %zuu\n#define @_OWN_BYTES %zuu /* of the section of mote train */\n"
                            "#define @_BLOB_ALIGN %uu\n",
                            MOTE_FORMAT_MAJOR, MOTE_FORMAT_MINOR, blob.size(), blob.size() - mote_blob_bytes(&config),
                            place.align);
}

/* The parts that the program of this model alone does not need. */
std::string left_out(const mote_config &config) {
    constexpr const char *inputs[] = {"one_hot", "embedding", "window"};
    constexpr const char *cells[] = {"none", "dense", "recurrent", "gated"};
    static_assert(std::size(inputs) == MOTE_INPUT_COUNT && std::size(cells) == MOTE_CELL_COUNT,
                  "the names are those of mote.h");
    std::string text;
    const auto add = [&text](const char *macro, const char *name) {
        text += formatted("%sMOTE_WITHOUT_%s(%s)", text.empty() ? "" : "; ", macro, name);
    };
    for (uint32_t i = 0; i < MOTE_INPUT_COUNT; ++i)
        if (config.input != MOTE_INPUT_ONE_HOT + i) add("INPUT", inputs[i]);
    for (uint32_t i = 0; i < MOTE_CELL_COUNT; ++i)
        if (config.cell != MOTE_CELL_NONE + i) add("CELL", cells[i]);
    for (uint32_t i = 0; i < MOTE_PRECISION_COUNT; ++i)
        if (config.precision != i) add("PRECISION", precision_name(i).part);
    return formatted(
        "/* In one file of a program that runs no other model, at file scope, `@_RUNS_ALONE;` keeps what it "
        "does not need from\n * being linked. */\n#define @_RUNS_ALONE \\\n    %s\n\n",
        text.c_str());
}

/* How the library is compiled for this model alone. */
std::string library_alone(const mote_config &config) {
    const std::string shape = shape_of(config, [](const char *, uint32_t value) { return std::to_string(value); });
    return formatted("/* A library for this model alone is smaller: its sources, or its CMake, are given\n"
                     " *     -D'MOTE_ONLY_MODEL=%s, %s'%s\n"
                     " * See lib/README.md of mote, \"A library for one model\". */\n\n",
                     shape.c_str(), activation_name(config),
                     config.activation == MOTE_RELU ? "" : " -DMOTE_WITHOUT_RELU");
}

std::string arena_sizes(const mote_config &config) {
    const bool learns = config.precision == MOTE_PRECISION_FLOAT32;
    return formatted(sizes, size_t{MOTE_OPEN_BYTES}, mote_model_bytes(&config), mote_state_bytes(&config),
                     mote_scratch_bytes(&config)) +
           (learns ? training_sizes : "\n");
}

/* What stands before the blob, and its declaration or definition, with the names in. */
std::string header_with(const std::string &array, const Placement &place, const ModelFile &file,
                        const AlignedBytes &blob) {
    const mote_config &config = file.config();
    std::string text = opening + configuration(place, file, blob) + arena_sizes(config) + left_out(config) +
                       library_alone(config) + alignment_and_assertions;
    replace_all(text, "@", upper(place.name));
    return text + array + closing;
}

std::string definition(const char *linkage, const Placement &place, const AlignedBytes &blob) {
    constexpr size_t bytes_a_line = 24;
    std::string text, attribute, macros = upper(place.name);
    if (!place.section.empty()) {
        text = "#ifndef __GNUC__\n#error \"the blob's section is an attribute of GCC and clang\"\n#endif\n";
        attribute = " __attribute__((section(\"" + place.section + "\")))";
    }
    text += formatted("%s_ALIGN_TO(%s_BLOB_ALIGN) %sconst unsigned char %s_blob[%s_BLOB_BYTES]%s = {", macros.c_str(),
                      macros.c_str(), linkage, place.name.c_str(), macros.c_str(), attribute.c_str());
    for (size_t i = 0; i < blob.size(); ++i) {
        text += i % bytes_a_line == 0 ? "\n    " : " ";
        text += std::to_string(blob.data()[i]) + ",";
    }
    return text + "\n};\n";
}

} // namespace

std::string c_header(const Placement &place, const ModelFile &file, const AlignedBytes &blob) {
    std::string array = formatted(declaration, place.name.c_str());
    replace_all(array, "@", upper(place.name));
    return header_with(array, place, file, blob);
}

std::string c_header_with_blob(const Placement &place, const ModelFile &file, const AlignedBytes &blob) {
    return header_with(definition("static ", place, blob), place, file, blob);
}

std::string c_source(const Placement &place, const std::string &header, const AlignedBytes &blob) {
    return "#include \"" + header + "\"\n\n" + definition("", place, blob);
}

std::string assembler_source(const Placement &place, const std::string &binary, const AlignedBytes &blob) {
    const char *name = place.name.c_str();
    std::string section = place.section.empty() ? ".rodata." + place.name + "_blob" : place.section;
    return formatted(assembler, section.c_str(), place.align, name, name, name, binary.c_str(), name, blob.size(), name,
                     blob.size());
}

} // namespace mote::cli
