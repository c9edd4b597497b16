#pragma once

#include "foreign.h"

#include <string>
#include <string_view>
#include <vector>

namespace mote::cli {

/* The number that `size` bytes hold, at most 8, the lowest first. */
uint64_t little_endian(const char *bytes, size_t size);

/* The bytes of a string that a ForeignFile owns. */
const unsigned char *bytes_of(const std::string &memory);

/* Text of a file in a message: quoted, on one line, cut where it is long. */
std::string shown(std::string_view text);

/* Throws unless the text can name a tensor: UTF-8 without control characters, of 1 to 1024 bytes. */
void check_name(std::string_view name);

/* Throws, naming it, where one name is that of two tensors. */
void check_names_differ(std::vector<std::string_view> names);
void check_names_differ(const ForeignFile &file);

/* No layer's weights have more than 5; without a bound, a shape could take more memory than its file. */
constexpr size_t most_dimensions = 8;

} // namespace mote::cli
