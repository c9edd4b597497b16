/* The memory of the program's arenas. */
#include "aligned_memory.h"
#include "large_pages.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <utility>

using mote::cli::AlignedBytes;
using mote::cli::large_page;

namespace {

bool is_aligned(AlignedBytes &bytes, size_t to) { return reinterpret_cast<uintptr_t>(bytes.data()) % to == 0; }

} // namespace

TEST_CASE("memory is aligned for the library, and where large pages fit for these") {
    for (const size_t count : {size_t{0}, size_t{1}, large_page - 1, large_page, 3 * large_page + 1}) {
        CAPTURE(count);
        AlignedBytes bytes(count);
        CHECK(bytes.size() == count);
        CHECK(is_aligned(bytes, count >= large_page ? large_page : MOTE_ALIGN));
        std::memset(bytes.data(), 0x5a, count);
        CHECK((count == 0 || bytes.data()[count - 1] == 0x5a));
    }
}

TEST_CASE("memory of either alignment is freed as it was allocated, wherever it was moved") {
    AlignedBytes small(1), large(large_page);
    large.data()[large_page - 1] = 7;
    std::swap(small, large);
    CHECK(small.data()[large_page - 1] == 7);
    large = std::move(small);
    CHECK(large.data()[large_page - 1] == 7);
}
