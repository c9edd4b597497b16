#include "large_pages.h"

namespace mote::cli {

/* Windows has them for those alone whom an administrator has given the right. */
void ask_for_large_pages(void *, size_t) {}

} // namespace mote::cli
