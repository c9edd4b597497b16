#include "onnx_external.h"

#include "container.h"
#include "errors.h"
#include "file_beside.h"
#include "files.h"
#include "other_formats.h"
#include "sha1.h"

#include "onnx_subset.pb.h"

#include <algorithm>
#include <charconv>

namespace mote::cli {

namespace {

struct Entries {
    std::string location, checksum;
    uint64_t offset = 0, length = 0;
    bool has_length = false;
};

uint64_t number_of(const onnx::Entry &entry) {
    const std::string &text = entry.value();
    uint64_t number = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        throw Failure("its " + entry.key() + " is " + shown(text) + ", no number of bytes");
    return number;
}

Entries entries_of(const onnx::Tensor &tensor) {
    Entries entries;
    for (const onnx::Entry &entry : tensor.external_data()) {
        if (entry.key() == "location") entries.location = entry.value();
        if (entry.key() == "checksum") entries.checksum = entry.value();
        if (entry.key() == "offset") entries.offset = number_of(entry);
        if (entry.key() == "length") entries.length = number_of(entry);
        entries.has_length = entries.has_length || entry.key() == "length";
    }
    if (entries.location.empty()) throw Failure("is kept in another file, of which no name is told");
    return entries;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

} // namespace

const std::string &OnnxExternal::file(const std::string &location) {
    auto found = files_.find(location);
    if (found != files_.end()) return *found->second;
    std::string place = file_beside(path_, location);
    memory_.push_back(read_text(place));
    if (is_lfs_pointer(memory_.back()))
        throw Failure("is kept in " + place + ", which is a pointer of git-lfs: run git lfs pull in its repository");
    return *files_.emplace(location, &memory_.back()).first->second;
}

const unsigned char *OnnxExternal::data_of(const std::string &name, const onnx::Tensor &tensor, uint64_t size) {
    try {
        Entries entries = entries_of(tensor);
        const std::string &bytes = file(entries.location);
        std::string where = "is kept in " + shown(entries.location) + ", ";
        if (entries.has_length && entries.length != size)
            throw Failure(where + std::to_string(entries.length) + " bytes where its shape has " +
                          std::to_string(size));
        if (entries.offset > bytes.size() || size > bytes.size() - entries.offset)
            throw Failure(where + std::to_string(size) + " bytes from byte " + std::to_string(entries.offset) +
                          ", where the file has " + std::to_string(bytes.size()) + ": is it of this model?");
        if (!entries.checksum.empty() && lower(entries.checksum) != sha1(bytes))
            throw Failure(where + "which has another checksum: is it of this model?");
        return bytes_of(bytes) + entries.offset;
    } catch (const Failure &failure) {
        throw Failure("tensor " + shown(name) + ": " + failure.what());
    }
}

} // namespace mote::cli
