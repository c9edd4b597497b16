#include "fuzz_bounds.h"

#include "errors.h"
#include "zip_archive.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sanitizer/allocator_interface.h>

namespace mote_test {

using mote::cli::Dtype;
using mote::cli::Failure;
using mote::cli::ForeignFile;
using mote::cli::ForeignTensor;

namespace {

/* Of the one thread that reads. */
bool counting = false;
int64_t live = 0, most_live = 0;

[[noreturn]] void finding(const char *what) {
    counting = false;
    std::fprintf(stderr, "FINDING: %s\n", what);
    std::abort();
}

void note_allocation(const volatile void *, size_t size) {
    if (!counting) return;
    live += static_cast<int64_t>(size);
    if (live > most_live) finding("more memory than stated");
}

void note_release(const volatile void *memory) {
    if (!counting || memory == nullptr) return;
    live -= static_cast<int64_t>(__sanitizer_get_allocated_size(memory));
}

const int installed = __sanitizer_install_malloc_and_free_hooks(note_allocation, note_release);

class Count {
  public:
    explicit Count(uint64_t most) {
        if (installed == 0) finding("allocations cannot be counted");
        live = 0;
        most_live = static_cast<int64_t>(most);
        counting = true;
    }
    ~Count() { counting = false; }
    Count(const Count &) = delete;
    Count &operator=(const Count &) = delete;
};

/* Some values of each tensor, the first and the last among them; the sum keeps the reads. */
double read_some(const ForeignFile &file) {
    constexpr uint64_t most_read = 200;
    double sum = 0;
    for (const ForeignTensor &tensor : file.tensors) {
        nlohmann::json(tensor.name).dump();
        uint64_t count = tensor.count();
        if (tensor.dtype == Dtype::other || count == 0) continue;
        uint64_t step = std::max<uint64_t>(1, count / most_read);
        for (uint64_t i = 0; i < count; i += step) sum += tensor.at(i);
        sum += tensor.at(count - 1);
    }
    return sum;
}

} // namespace

void hold(uint64_t most, const std::function<void()> &act) {
    Count count(most);
    try {
        act();
    } catch (const Failure &failure) {
        std::string text = failure.what();
        if (text.empty() || text.find('\n') != std::string::npos) finding("a message that is not a line");
    } catch (const std::exception &other) {
        finding(other.what());
    }
}

void hold_reader(uint64_t most, const std::function<ForeignFile()> &read) {
    ForeignFile file;
    hold(most, [&] { file = read(); });
    volatile double sum = read_some(file);
    static_cast<void>(sum);
}

uint64_t unpacked_size(const std::string &bytes) {
    uint64_t sum = 0;
    try {
        mote::cli::ZipArchive archive(bytes);
        for (const mote::cli::ZipArchive::Entry &entry : archive.entries()) sum += entry.size;
    } catch (const Failure &) {
        return 0;
    }
    return sum;
}

} // namespace mote_test
