#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct zip;

namespace mote::cli {

/* A zip archive in memory. Throws Failure where it is none, and, naming the entry, where an entry is encrypted, neither
 * stored nor deflated, named twice or said to be larger than its compressed bytes can become. All entries together have
 * no more compressed bytes than the archive. The list of entries takes at most 16 times the archive's size and 4 MiB:
 * libzip makes room for 65,536 more entries where it finds one more than the archive's end says. */
class ZipArchive {
  public:
    struct Entry {
        std::string name;
        uint64_t size; /* of what it holds, unpacked */
    };

    /* `bytes` has to outlive it. */
    explicit ZipArchive(const std::string &bytes);

    const std::vector<Entry> &entries() const { return entries_; }
    /* The entry of this name; null where there is none. */
    const Entry *find(const std::string &name) const;
    /* What an entry of this archive holds; its checksum is verified. */
    std::string read(const Entry &entry) const;

  private:
    struct Close {
        void operator()(zip *archive) const;
    };
    void list_entries(uint64_t archive_size);
    std::unique_ptr<zip, Close> archive_;
    std::vector<Entry> entries_; /* by index */
};

bool is_zip(const std::string &bytes);

} // namespace mote::cli
