#ifndef MOTE_TESTS_ZIP_REPAIR_H
#define MOTE_TESTS_ZIP_REPAIR_H

#include <string>

namespace mote_test {

/* A zip archive with the checksums of its stored entries made right, without which the fuzzer would not get beyond
 * them; anything else comes back as it is. */
std::string with_right_checksums(std::string archive);

} // namespace mote_test

#endif
