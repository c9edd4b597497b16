#include "npz_write.h"

#include "errors.h"

#include <zip.h>

namespace mote::cli {

namespace {

/* Version 1.0: magic, the length of the header in 16 bits, the header; all of it a multiple of 64. */
std::string npy_header(const std::vector<uint32_t> &shape) {
    constexpr size_t align = 64, before = 10;
    std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
    for (size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    text += shape.size() == 1 ? ",), }" : "), }";
    size_t whole = (before + text.size() + 1 + align - 1) / align * align;
    text.append(whole - before - text.size() - 1, ' ');
    text += '\n';
    std::string magic("\x93NUMPY\x01\x00", 8);
    return magic + static_cast<char>(text.size() & 0xFFu) + static_cast<char>(text.size() >> 8) + text;
}

[[noreturn]] void fail(zip_error_t *error) { throw Failure(std::string("zip: ") + zip_error_strerror(error)); }

/* A zip in memory. */
class ZipWriter {
  public:
    ZipWriter() {
        zip_error_init(&error_);
        memory_ = zip_source_buffer_create(nullptr, 0, 0, &error_);
        if (memory_ == nullptr) fail(&error_);
        zip_source_keep(memory_); /* closing the archive gives one of the two up */
        archive_ = zip_open_from_source(memory_, ZIP_CREATE | ZIP_TRUNCATE, &error_);
        if (archive_ == nullptr) fail(&error_);
    }
    ~ZipWriter() {
        if (archive_ != nullptr) zip_discard(archive_);
        zip_source_free(memory_);
        zip_error_fini(&error_);
    }
    ZipWriter(const ZipWriter &) = delete;
    ZipWriter &operator=(const ZipWriter &) = delete;

    /* `bytes` must stay until finish(). */
    void add(const std::string &name, const std::string &bytes) {
        zip_source_t *source = zip_source_buffer(archive_, bytes.data(), bytes.size(), 0);
        if (source == nullptr) fail(zip_get_error(archive_));
        zip_int64_t index = zip_file_add(archive_, name.c_str(), source, ZIP_FL_ENC_UTF_8);
        if (index < 0) {
            zip_source_free(source);
            fail(zip_get_error(archive_));
        }
        constexpr zip_uint16_t first_day = 1 << 5 | 1; /* 1980-01-01, since the time would change the bytes */
        auto entry = static_cast<zip_uint64_t>(index);
        if (zip_set_file_compression(archive_, entry, ZIP_CM_STORE, 0) != 0 ||
            zip_file_set_dostime(archive_, entry, 0, first_day, 0) != 0)
            fail(zip_get_error(archive_));
    }

    std::string finish() {
        if (zip_close(archive_) != 0) fail(zip_get_error(archive_));
        archive_ = nullptr;
        zip_stat_t about;
        if (zip_source_open(memory_) != 0 || zip_source_stat(memory_, &about) != 0) fail(zip_source_error(memory_));
        std::string bytes(about.size, '\0');
        zip_int64_t got = zip_source_read(memory_, bytes.data(), bytes.size());
        zip_source_close(memory_);
        if (got < 0 || static_cast<zip_uint64_t>(got) != about.size) fail(zip_source_error(memory_));
        return bytes;
    }

  private:
    zip_error_t error_{};
    zip_source_t *memory_ = nullptr;
    zip_t *archive_ = nullptr;
};

} // namespace

std::string npz_of(const ModelFile &file) {
    std::vector<NamedTensor> tensors = state_dict(file);
    ZipWriter zip;
    for (NamedTensor &tensor : tensors) {
        tensor.bytes.insert(0, npy_header(tensor.shape));
        zip.add(tensor.name + ".npy", tensor.bytes);
    }
    return zip.finish();
}

} // namespace mote::cli
