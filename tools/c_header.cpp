#include "c_header.h"

#include "errors.h"
#include "results.h"

#include <algorithm>
#include <cctype>
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

/* `@` stands for the name in capitals. */
constexpr const char *opening = R"(#ifndef @_MOTE_H
#define @_MOTE_H

#include "mote.h"

#if MOTE_FORMAT_MAJOR != %u
#error "this model is of another format than mote.h: export it again"
#endif

)";

/* `$` stands for the model in the library's macros, `&` for its shape. */
constexpr const char *sizes = R"(
/* Arena bytes: of the model opened in place, of a copy in RAM that can learn, of a state, of the scratch that a self-test
 * and a save need, of a trainer, and the bytes of a checkpoint. */
#define @_OPEN_BYTES MOTE_OPEN_BYTES /* %zu */
#define @_MODEL_BYTES MOTE_$_MODEL_BYTES(&) /* %zu */
#define @_STATE_BYTES MOTE_$_STATE_BYTES(&) /* %zu */
#define @_SCRATCH_BYTES MOTE_$_SCRATCH_BYTES(&) /* %zu */
#define @_TRAINER_BYTES(batch, time, optimizer, workspace) \
    MOTE_$_TRAINER_BYTES(&, batch, time, optimizer, workspace)
#define @_CHECKPOINT_BYTES(batch, optimizer) MOTE_$_CHECKPOINT_BYTES(&, %soptimizer)

)";

/* C99 has no word of its own for alignment. */
constexpr const char *alignment = R"(#if defined(__cplusplus)
#define @_ALIGNED alignas(MOTE_ALIGN)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define @_ALIGNED _Alignas(MOTE_ALIGN)
#else
#define @_ALIGNED __attribute__((aligned(MOTE_ALIGN)))
#endif

)";

/* How an architecture is called in the library's macros, and the parts of its shape that they take. */
struct Arch {
    const char *name;
    std::vector<const char *> shape;
};

Arch arch_of(const mote_config &c) {
    if (c.arch == MOTE_BIGRAM) return {"BIGRAM", {"VOCAB"}};
    if (c.arch == MOTE_MLP) return {"MLP", {"VOCAB", "CONTEXT", "EMBED", "HIDDEN", "LAYERS"}};
    return {"RNN", {"VOCAB", "EMBED", "HIDDEN", "LAYERS"}};
}

std::string configuration(const ModelFile &file, const AlignedBytes &blob) {
    const mote_config &config = file.config();
    std::string text = formatted("#define @_ARCH MOTE_%s\n", arch_of(config).name);
    const std::pair<const char *, uint32_t> all[] = {{"VOCAB", config.vocab},
                                                     {"CONTEXT", config.context},
                                                     {"EMBED", config.embed},
                                                     {"HIDDEN", config.hidden},
                                                     {"LAYERS", config.layers}};
    for (const auto &[name, value] : all) text += formatted("#define @_%s %uu\n", name, value);
    if (config.arch != MOTE_BIGRAM)
        text += formatted("#define @_ACTIVATION %s\n", config.activation == MOTE_TANH ? "MOTE_TANH" : "MOTE_RELU");
    return text + formatted("#define @_BOUNDARY %uu /* 1: token 0 is the boundary of an item */\n"
                            "#define @_WEIGHTS_HASH 0x%sull\n#define @_BLOB_BYTES %zuu\n",
                            file.vocab().boundary, hash_text(mote_weights_hash(file.model())).c_str(), blob.size());
}

std::string arena_sizes(const mote_config &config) {
    Arch arch = arch_of(config);
    std::string shape;
    for (const char *part : arch.shape) shape += (shape.empty() ? "@_" : ", @_") + std::string(part);
    std::string text = formatted(sizes, size_t{MOTE_OPEN_BYTES}, mote_model_bytes(&config), mote_state_bytes(&config),
                                 mote_scratch_bytes(&config), config.arch == MOTE_RNN ? "batch, " : "");
    replace_all(text, "$", arch.name);
    replace_all(text, "&", shape);
    return text;
}

std::string array(const std::string &name, const AlignedBytes &blob) {
    constexpr size_t bytes_a_line = 24;
    std::string text = "@_ALIGNED static const unsigned char " + name + "_blob[@_BLOB_BYTES] = {";
    for (size_t i = 0; i < blob.size(); ++i) {
        text += i % bytes_a_line == 0 ? "\n    " : " ";
        text += std::to_string(blob.data()[i]) + ",";
    }
    return text + "\n};\n\n#endif\n";
}

} // namespace

std::string c_header(const std::string &name, const ModelFile &file, const AlignedBytes &blob) {
    std::string text = formatted(opening, MOTE_FORMAT_MAJOR) + configuration(file, blob) + arena_sizes(file.config()) +
                       alignment + array(name, blob);
    replace_all(text, "@", upper(name));
    return text;
}

} // namespace mote::cli
