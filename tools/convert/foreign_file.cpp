#include "foreign_file.h"

#include "affixes.h"
#include "errors.h"
#include "files.h"
#include "numpy_file.h"
#include "onnx_file.h"
#include "other_formats.h"
#include "safetensors_file.h"
#include "shards.h"
#include "torch_file.h"
#include "zip_archive.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

namespace mote::cli {

namespace {

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

void refuse_archive(const ZipArchive &archive) {
    std::vector<std::string> names;
    for (const ZipArchive::Entry &entry : archive.entries()) names.push_back(entry.name);
    refuse_other_archives(names);
    throw Failure("a zip archive with neither .npy arrays nor a data.pkl");
}

ForeignFile read_by_content(const std::string &path, std::string bytes, const std::string &key) {
    if (is_torch(bytes)) return read_torch(std::move(bytes), key);
    if (!is_lfs_pointer(bytes)) refuse_key(key);
    if (is_zip(bytes)) {
        ZipArchive archive(bytes);
        if (!holds_npy(archive)) refuse_archive(archive);
        return read_npz(bytes);
    }
    if (is_npy(bytes)) throw Failure("a single array; put the arrays into a folder or an .npz");
    if (is_safetensors(bytes)) return read_safetensors(std::move(bytes));
    refuse_other_formats(path, bytes);
    if (begins_with(bytes, "\x08")) return read_onnx(bytes, path); /* its first field, the version of the format */
    throw Failure("not a file of weights that mote knows: safetensors, npz, npy, ONNX, PyTorch");
}

ForeignFile read_file(const std::string &path, const std::string &key) {
    std::string bytes = read_text(path);
    try {
        return read_by_content(path, std::move(bytes), key);
    } catch (const Failure &failure) {
        throw Failure(path + ": " + failure.what());
    }
}

} // namespace

ForeignFile read_foreign(const std::string &path, const std::string &key) {
    std::error_code error;
    if (std::filesystem::is_directory(std::filesystem::u8path(path), error)) {
        refuse_key(key);
        return read_npy_folder(path);
    }
    std::optional<Shards> shards = shards_of(path);
    if (!shards) return read_file(path, key);
    return read_shards(*shards, [&](const std::string &shard) { return read_file(shard, key); });
}

} // namespace mote::cli
