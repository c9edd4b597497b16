/* What every fuzz target holds of a reader. */
#ifndef MOTE_TESTS_FUZZ_BOUNDS_H
#define MOTE_TESTS_FUZZ_BOUNDS_H

#include "foreign.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace mote_test {

/* What a reader may take beside its multiple of the file: tables and buffers of libraries, messages. */
inline constexpr uint64_t fuzz_constant = 1 << 18;
/* Of zip archives: see zip_archive.h. */
inline constexpr uint64_t fuzz_zip_constant = fuzz_constant + (1 << 22);

/* Calls `act`, and ends the program, which the fuzzer takes for a finding, where it throws something else than Failure,
 * where what it throws has no text of one line, or where at some time it holds more memory than `most` bytes. */
void hold(uint64_t most, const std::function<void()> &act);

/* The same for a reader, from whose tensors values are read too, and whose names have to be UTF-8. */
void hold_reader(uint64_t most, const std::function<mote::cli::ForeignFile()> &read);

/* The bytes that the entries of a zip archive say to hold; 0 where it is none. */
uint64_t unpacked_size(const std::string &bytes);

} // namespace mote_test

#endif
