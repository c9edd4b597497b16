#pragma once

#include <cstddef>

namespace mote::cli {

/* Where memory of so many bytes, or more, begins, large pages fit into it. */
constexpr size_t large_page = size_t{2} << 20;

/* Asks the system for large pages in this memory: a processor finds what lies in few pages sooner. It may have none,
 * which changes nothing else. A source for each kind of system. */
void ask_for_large_pages(void *memory, size_t bytes);

} // namespace mote::cli
