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
void refuse_known(const std::string &bytes) {
    if (begins_with(bytes, "\x89HDF\r\n\x1a\n")) throw Failure("is HDF5, which is not read");
    if (begins_with(bytes, "GGUF")) throw Failure("is GGUF, which is not read");
    if (begins_with(bytes, "TFL3", 4)) throw Failure("is TensorFlow Lite, which is not read");
    if (begins_with(bytes, "\x1f\x8b")) throw Failure("is gzip, which is not read");
    if (begins_with(bytes, "MOTE")) throw Failure("already a model of mote");
    if (begins_with(bytes, "\x80")) throw Failure("a pickle that torch.save did not write");
}

bool holds_npy(const ZipArchive &archive) {
    auto is_npy_entry = [](const ZipArchive::Entry &entry) {
        return entry.name.size() > 4 && entry.name.compare(entry.name.size() - 4, 4, ".npy") == 0;
    };
    return std::any_of(archive.entries().begin(), archive.entries().end(), is_npy_entry);
}

bool is_torch(const std::string &bytes) {
    return is_zip(bytes) ? is_torch_archive(ZipArchive(bytes)) : is_torch_stream(bytes);
}

void refuse_key(const std::string &key) {
    if (!key.empty()) throw UsageError("--key " + key + ": only a PyTorch file has keys");
}

ForeignFile read_by_content(std::string bytes, const std::string &key) {
    if (is_torch(bytes)) return read_torch(std::move(bytes), key);
    refuse_key(key);
    if (is_zip(bytes)) {
        if (!holds_npy(ZipArchive(bytes))) throw Failure("a zip archive with neither .npy arrays nor a data.pkl");
        return read_npz(bytes);
    }
    if (is_npy(bytes)) throw Failure("a single array; put the arrays into a folder or an .npz");
    if (is_safetensors(bytes)) return read_safetensors(std::move(bytes));
    refuse_known(bytes);
    if (begins_with(bytes, "\x08")) return read_onnx(bytes); /* its first field, the version of the format */
    throw Failure("not a file of weights that mote knows: safetensors, npz, npy, ONNX, PyTorch");
}

} // namespace

ForeignFile read_foreign(const std::string &path, const std::string &key) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) {
        refuse_key(key);
        return read_npy_folder(path);
    }
    std::string bytes = read_text(path);
    try {
        return read_by_content(std::move(bytes), key);
    } catch (const Failure &failure) {
        throw Failure(path + ": " + failure.what());
    }
}

} // namespace mote::cli
