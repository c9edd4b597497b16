#include "large_pages.h"

#include <sys/mman.h>

namespace mote::cli {

void ask_for_large_pages(void *memory, size_t bytes) {
#if defined(MADV_HUGEPAGE)
    ::madvise(memory, bytes / large_page * large_page, MADV_HUGEPAGE);
#else
    (void)memory;
    (void)bytes;
#endif
}

} // namespace mote::cli
