#pragma once

#include <string>
#include <vector>

/* What a program needs of the operating system where it begins; a source for each kind of system. */
namespace mote::cli {

/* The arguments of main(), in UTF-8, without the program's name. */
std::vector<std::string> utf8_arguments(int argc, char **argv);

/* The path of the program that runs; empty: the system does not tell. */
std::string own_program();

/* Makes the standard streams what the program takes them for: bytes, which a terminal shows as UTF-8. No other file
 * gets the number of a stream that was closed when the program began, and to use that stream is an error. */
void prepare_standard_streams();

/* Whether the standard error is a terminal that knows the sequences of ANSI, as to erase a line. */
bool draws_on_terminal();

} // namespace mote::cli
