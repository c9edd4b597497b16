#pragma once

#include <string>

namespace mote::cli {

/* What names in exported sources begin with: a name N gives the array N_blob and macros that begin with N_ in capitals.
 * The sources include mote.h and standard headers, whose names they must leave alone. */

/* Whether the name is of letters, digits and _ alone and does not begin with a digit. */
bool is_identifier(const std::string &name);

/* Why the name cannot be used, although it is an identifier; empty: it can. */
std::string why_reserved(const std::string &name);

/* The nearest name that can be used. */
std::string usable_name(const std::string &text);

/* The file's name without its extension, made a name that can be used. */
std::string name_from(const std::string &path);

/* Whether every assembler and linker script takes the name of a section as it stands. */
bool is_section(const std::string &name);

/* Whether a header of this file name would be taken for one that it, or another source, includes. A file system may
 * ignore case. */
bool hides_another_header(const std::string &file_name);

} // namespace mote::cli
