#include "other_formats.h"

#include "affixes.h"
#include "errors.h"

#include <algorithm>
#include <string_view>

namespace mote::cli {

namespace {

constexpr const char *keras_advice = "in Python: model = keras.models.load_model(FILE); "
                                     "numpy.savez(\"weights.npz\", *model.get_weights())";
constexpr const char *tensorflow_advice =
    "load it by TensorFlow and save its variables by numpy.savez(\"weights.npz\", NAME=variable.numpy(), …)";

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

[[noreturn]] void refuse(const std::string &what, const std::string &advice) {
    throw Failure("is " + what + ", which is not read: " + advice);
}

struct Packed {
    std::string_view magic;
    const char *name, *unpack;
};

constexpr Packed packed[] = {{"\x1f\x8b", "gzip", "gunzip"},
                             {"BZh", "bzip2", "bunzip2"},
                             {"\xFD"
                              "7zXZ",
                              "xz", "unxz"},
                             {"\x28\xB5\x2F\xFD", "zstd", "unzstd"},
                             {"7z\xBC\xAF\x27\x1C", "7-Zip", "7z x"},
                             {"Rar!", "RAR", "unrar x"}};

void refuse_packed(std::string_view bytes) {
    for (const Packed &form : packed) {
        if (begins_with(bytes, form.magic)) refuse(form.name, std::string("unpack it first (") + form.unpack + ")");
    }
    constexpr size_t mark_of_tar = 257;
    if (begins_with(bytes, "ustar", mark_of_tar)) refuse("a tar archive", "unpack it first (tar -xf)");
}

/* A TensorFlow checkpoint is an index, a table of strings that ends in this number, and parts with the values. */
bool is_checkpoint_index(std::string_view bytes) { return ends_with(bytes, "\x57\xFB\x80\x8B\x24\x75\x47\xDB"); }

void refuse_tensorflow(const std::string &path, std::string_view bytes) {
    if (begins_with(bytes, "TFL3", 4)) refuse("TensorFlow Lite", "take the weights from the model it was made of");
    constexpr size_t beginning = 1u << 16;
    bool saved = ends_with(path, "saved_model.pb") ||
                 (begins_with(bytes, "\x08\x01\x12") && holds(bytes.substr(0, beginning), "VarHandleOp"));
    if (saved) refuse("a TensorFlow SavedModel", tensorflow_advice);
    if (ends_with(path, ".pb")) refuse("a graph of TensorFlow", tensorflow_advice);
    if (is_checkpoint_index(bytes) || holds(path, ".data-00000-of-") || begins_with(bytes, "model_checkpoint_path:"))
        refuse("a part of a TensorFlow checkpoint", tensorflow_advice);
}

/* The first character that is not a blank, where the file begins as a text. */
char first_character(std::string_view bytes) {
    size_t at = bytes.find_first_not_of(" \t\r\n");
    return at == std::string_view::npos ? '\0' : bytes[at];
}

void refuse_text(std::string_view bytes) {
    if (first_character(bytes) == '{' || first_character(bytes) == '[')
        throw Failure("is JSON, and no index of shards: weights are in a file beside it, or in arrays that "
                      "numpy.savez saves");
    constexpr size_t beginning = 256;
    std::string start(bytes.substr(0, beginning));
    std::transform(start.begin(), start.end(), start.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (first_character(start) == '<' && (holds(start, "<html") || holds(start, "<!doctype")))
        throw Failure("is a page of the web and not the file that it leads to; download the file itself");
}

} // namespace

bool is_lfs_pointer(const std::string &bytes) { return begins_with(bytes, "version https://git-lfs.github.com/spec/"); }

void refuse_other_formats(const std::string &path, const std::string &bytes) {
    if (bytes.empty()) throw Failure("is empty");
    if (is_lfs_pointer(bytes))
        throw Failure(
            "is a pointer of git-lfs and not the file that it stands for: run git lfs pull in its repository");
    if (begins_with(bytes, "\x89HDF\r\n\x1a\n")) refuse("HDF5, as Keras writes it", keras_advice);
    if (begins_with(bytes, "GGUF")) refuse("GGUF", "convert the safetensors or PyTorch file that it was made of");
    if (begins_with(bytes, "MATLAB 5.0")) refuse("a MAT-file", "load it by scipy.io.loadmat, save it by numpy.savez");
    if (begins_with(bytes, "MOTE")) throw Failure("already a model of mote");
    refuse_packed(bytes);
    refuse_tensorflow(path, bytes);
    refuse_text(bytes);
    if (begins_with(bytes, "\x80"))
        throw Failure(
            "a pickle that torch.save did not write: load it in Python and save its arrays by numpy.savez, or "
            "its state_dict by torch.save");
}

void refuse_other_archives(const std::vector<std::string> &names) {
    auto any = [&](auto is_it) { return std::any_of(names.begin(), names.end(), is_it); };
    if (any([](const std::string &name) { return ends_with(name, ".weights.h5"); }))
        refuse("a .keras archive", keras_advice);
    if (any([](const std::string &name) { return ends_with(name, "saved_model.pb"); }))
        refuse("a packed TensorFlow SavedModel", tensorflow_advice);
    if (any([](const std::string &name) {
            return holds(name, "serialized_exported_program") || holds(name, "archive_format") ||
                   ends_with(name, "models/model.json");
        }))
        refuse("a program of torch.export", "save model.state_dict() by torch.save");
    if (any([](const std::string &name) { return ends_with(name, "extern_modules"); }))
        refuse("a package of torch.package", "save model.state_dict() by torch.save");
    if (any([](const std::string &name) {
            return ends_with(name, ".safetensors") || ends_with(name, ".pt") || ends_with(name, ".pth") ||
                   ends_with(name, ".onnx") || ends_with(name, ".npz");
        }))
        refuse("a zip archive of other files", "unpack it and give the file of weights in it");
}

std::string folder_advice(const std::vector<std::string> &names) {
    for (const std::string &name : names) {
        if (name == "saved_model.pb")
            return std::string(", it is a TensorFlow SavedModel, which is not read: ") + tensorflow_advice;
        if (name == "checkpoint" || ends_with(name, ".ckpt.index") || holds(name, ".data-00000-of-"))
            return std::string(", it is a TensorFlow checkpoint, which is not read: ") + tensorflow_advice;
    }
    for (const char *end : {".index.json", ".safetensors", ".pt", ".pth", ".onnx", ".npz", ".bin"}) {
        for (const std::string &name : names) {
            if (ends_with(name, end)) return "; give the file of weights in it, such as " + name;
        }
    }
    return "";
}

} // namespace mote::cli
