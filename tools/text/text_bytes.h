#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mote::cli {

/* The bytes of a text, which may be in a file. Several threads may read at once. */
class TextBytes {
  public:
    TextBytes() = default;
    virtual ~TextBytes() = default;
    TextBytes(const TextBytes &) = delete;
    TextBytes &operator=(const TextBytes &) = delete;

    virtual size_t size() const = 0;
    virtual bool is_in_memory() const = 0;
    /* The bytes offset … offset + count - 1, all below size(). Valid until `room`, which may hold them, changes. */
    virtual std::string_view read(size_t offset, size_t count, std::string &room) const = 0;
};

class BytesInMemory final : public TextBytes {
  public:
    explicit BytesInMemory(std::string bytes) : bytes_(std::move(bytes)) {}
    size_t size() const override { return bytes_.size(); }
    bool is_in_memory() const override { return true; }
    std::string_view read(size_t offset, size_t count, std::string &) const override {
        return std::string_view(bytes_).substr(offset, count);
    }

  private:
    std::string bytes_;
};

/* A regular file, read where it is asked for. Its size is that of when it was opened. */
class BytesOfFile final : public TextBytes {
  public:
    explicit BytesOfFile(const std::string &path);
    ~BytesOfFile() override;
    size_t size() const override { return size_; }
    bool is_in_memory() const override { return false; }
    /* Throws Failure where the file cannot be read, or has become shorter. */
    std::string_view read(size_t offset, size_t count, std::string &room) const override;

  private:
    std::string path_;
    int descriptor_;
    size_t size_;
};

} // namespace mote::cli
