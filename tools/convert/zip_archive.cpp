#include "zip_archive.h"

#include "container.h"
#include "errors.h"

#include <algorithm>
#include <string_view>
#include <zip.h>

namespace mote::cli {

namespace {

constexpr uint64_t best_deflation = 1032; /* a run of 258 bytes takes two bits */
constexpr size_t least_entry = 46;        /* of the central directory */

std::string text_of(zip_error_t &error) {
    std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    return text;
}

std::string entry_text(const std::string &name) { return "zip entry " + shown(name); }

void check_entry(const zip_stat_t &entry, const std::string &name) {
    constexpr zip_uint64_t wanted = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    if ((entry.valid & wanted) != wanted) throw Failure(entry_text(name) + ": its size is not known");
    if ((entry.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && entry.encryption_method != ZIP_EM_NONE)
        throw Failure(entry_text(name) + " is encrypted");
    bool stored = entry.comp_method == ZIP_CM_STORE;
    if (!stored && entry.comp_method != ZIP_CM_DEFLATE)
        throw Failure(entry_text(name) + ": compression " + std::to_string(entry.comp_method) +
                      " is neither stored nor deflated");
    if (stored ? entry.size != entry.comp_size : entry.size / best_deflation > entry.comp_size)
        throw Failure(entry_text(name) + ": " + std::to_string(entry.comp_size) + " bytes cannot become " +
                      std::to_string(entry.size));
}

void check_count(uint64_t entries, uint64_t archive_size) {
    if (entries > archive_size / least_entry)
        throw Failure("no zip archive: " + std::to_string(entries) + " entries in " + std::to_string(archive_size) +
                      " bytes");
}

/* The number of entries in the record of 64 bits that the 20 bytes at `locator` lead to. */
void check_large_record(const std::string &bytes, size_t locator) {
    constexpr size_t record_size = 56;
    uint64_t at = little_endian(bytes.data() + locator + 8, 8);
    if (bytes.size() < record_size || at > bytes.size() - record_size) return;
    check_count(little_endian(bytes.data() + at + 24, 8), bytes.size());
    check_count(little_endian(bytes.data() + at + 32, 8), bytes.size());
}

/* libzip makes room for as many entries as the end of the archive says there are, before it looks for any. It takes
 * each place that could be the end for one and reads all entries again, of which a comment could ask a thousand times.
 */
void check_ends(const std::string &bytes) {
    constexpr size_t end_size = 22, longest_comment = 0xFFFF, locator_size = 20;
    int ends_left = 8;
    size_t begin = bytes.size() - std::min(bytes.size(), end_size + longest_comment + locator_size);
    for (size_t at = begin; (at = bytes.find("PK\x05\x06", at)) != std::string::npos; ++at) {
        if (bytes.size() - at < end_size) return;
        if (ends_left-- == 0) throw Failure("not a zip archive: its end cannot be found");
        if (at >= locator_size && bytes.compare(at - locator_size, 4, "PK\x06\x07") == 0) {
            check_large_record(bytes, at - locator_size);
        } else {
            check_count(little_endian(bytes.data() + at + 8, 2), bytes.size());
            check_count(little_endian(bytes.data() + at + 10, 2), bytes.size());
        }
    }
}

struct CloseEntry {
    void operator()(zip_file_t *file) const { zip_fclose(file); }
};

} // namespace

bool is_zip(const std::string &bytes) {
    return bytes.compare(0, 4, "PK\x03\x04") == 0 || bytes.compare(0, 4, "PK\x05\x06") == 0;
}

void ZipArchive::Close::operator()(zip *archive) const { zip_discard(archive); }

ZipArchive::ZipArchive(const std::string &bytes) {
    check_ends(bytes);
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    if (source == nullptr) throw Failure("no zip archive: " + text_of(error));
    archive_.reset(zip_open_from_source(source, ZIP_RDONLY, &error));
    if (archive_ == nullptr) {
        zip_source_free(source);
        throw Failure("no zip archive: " + text_of(error));
    }
    zip_error_fini(&error);
    list_entries(bytes.size());
}

void ZipArchive::list_entries(uint64_t archive_size) {
    uint64_t count = static_cast<uint64_t>(zip_get_num_entries(archive_.get(), 0)), compressed = 0;
    entries_.reserve(count);
    for (uint64_t index = 0; index < count; ++index) {
        zip_stat_t about;
        const char *name = zip_get_name(archive_.get(), index, ZIP_FL_ENC_RAW);
        if (name == nullptr || zip_stat_index(archive_.get(), index, 0, &about) != 0)
            throw Failure("zip entry " + std::to_string(index) + ": " + zip_strerror(archive_.get()));
        entries_.push_back({name, about.size});
        check_entry(about, entries_.back().name);
        if (about.comp_size > archive_size - compressed)
            throw Failure(entry_text(entries_.back().name) + " lies where other entries lie, or beyond the file");
        compressed += about.comp_size;
    }
    std::vector<std::string_view> names;
    names.reserve(entries_.size());
    for (const Entry &entry : entries_) names.emplace_back(entry.name);
    std::sort(names.begin(), names.end());
    auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) throw Failure("two zip entries are named " + shown(*twice));
}

const ZipArchive::Entry *ZipArchive::find(const std::string &name) const {
    zip_int64_t index = zip_name_locate(archive_.get(), name.c_str(), ZIP_FL_ENC_RAW);
    return index < 0 ? nullptr : &entries_[static_cast<size_t>(index)];
}

std::string ZipArchive::read(const Entry &entry) const {
    uint64_t index = static_cast<uint64_t>(&entry - entries_.data());
    std::unique_ptr<zip_file_t, CloseEntry> file(zip_fopen_index(archive_.get(), index, 0));
    if (file == nullptr) throw Failure(entry_text(entry.name) + ": " + zip_strerror(archive_.get()));
    std::string held(entry.size, '\0');
    zip_int64_t got = zip_fread(file.get(), held.data(), held.size());
    char more;
    /* The end of an entry, where its checksum is verified, is not seen before it is read. */
    zip_int64_t rest = got < 0 ? -1 : zip_fread(file.get(), &more, 1);
    if (rest < 0) throw Failure(entry_text(entry.name) + ": " + zip_file_strerror(file.get()));
    if (static_cast<uint64_t>(got) != held.size() || rest != 0)
        throw Failure(entry_text(entry.name) + " does not hold the " + std::to_string(entry.size) +
                      " bytes that it says");
    return held;
}

} // namespace mote::cli
