#include "foreign_file.h"

#include "errors.h"
#include "files.h"
#include "numpy_file.h"
#include "onnx_file.h"
#include "safetensors_file.h"
#include "torch_file.h"
#include "zip_archive.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

namespace mote::cli {

namespace {

bool begins_with(const std::string &bytes, std::string_view magic, size_t at = 0) {
    return bytes.size() >= at && bytes.compare(at, magic.size(), magic) == 0;
}

/* Other formats, by which they are refused. */
const char *known_by_name(const std::string &bytes) {
    if (begins_with(bytes, "\x89HDF\r\n\x1a\n")) return "HDF5";
    if (begins_with(bytes, "GGUF")) return "GGUF";
    if (begins_with(bytes, "TFL3", 4)) return "TensorFlow Lite";
    if (begins_with(bytes, "\x1f\x8b")) return "gzip";
    if (begins_with(bytes, "MOTE")) return "a model of mote";
    if (begins_with(bytes, "\x80")) return "a pickle that torch.save did not write";
    return nullptr;
}

bool holds_npy(const ZipArchive &archive) {
    auto is_npy_entry = [](const ZipArchive::Entry &entry) {
        return entry.name.size() > 4 && entry.name.compare(entry.name.size() - 4, 4, ".npy") == 0;
    };
    return std::any_of(archive.entries().begin(), archive.entries().end(), is_npy_entry);
}

ForeignFile read_zip(std::string bytes, const std::string &key) {
    bool torch = false, npz = false;
    {
        ZipArchive archive(bytes);
        torch = is_torch_archive(archive);
        npz = holds_npy(archive);
    }
    if (torch) return read_torch(std::move(bytes), key);
    if (npz) return read_npz(bytes);
    throw Failure("a zip archive with neither .npy arrays nor a data.pkl");
}

ForeignFile read_by_content(std::string bytes, const std::string &key) {
    if (is_zip(bytes)) return read_zip(std::move(bytes), key);
    if (is_torch_stream(bytes)) return read_torch(std::move(bytes), key);
    if (is_npy(bytes)) throw Failure("a single array; put the arrays into a folder or an .npz");
    if (is_safetensors(bytes)) return read_safetensors(std::move(bytes));
    if (const char *format = known_by_name(bytes)) throw Failure(std::string("is ") + format + ", which is not read");
    if (begins_with(bytes, "\x08")) return read_onnx(bytes); /* its first field, the version of the format */
    throw Failure("not a file of weights that mote knows: safetensors, npz, npy, ONNX, PyTorch");
}

} // namespace

ForeignFile read_foreign(const std::string &path, const std::string &key) {
    std::error_code error;
    bool folder = std::filesystem::is_directory(path, error);
    std::string bytes = folder ? "" : read_text(path);
    bool torch = !folder && (is_zip(bytes) || is_torch_stream(bytes));
    if (!key.empty() && !torch) throw UsageError("--key " + key + ": only a PyTorch file has keys");
    if (folder) return read_npy_folder(path);
    try {
        return read_by_content(std::move(bytes), key);
    } catch (const Failure &failure) {
        throw Failure(path + ": " + failure.what());
    }
}

} // namespace mote::cli
