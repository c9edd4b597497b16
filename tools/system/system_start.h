#pragma once

#include <string>
#include <vector>

/* What a program needs of the operating system where it begins; a source for each kind of system. */
namespace mote::cli {

/* The arguments of main(), in UTF-8, without the program's name. */
std::vector<std::string> utf8_arguments(int argc, char **argv);

/* The standard streams as the program uses them: bytes, that a terminal shows as UTF-8. While it lives, a stream that
 * was closed when the program began takes no other file's number, and to use it is an error. */
class StandardStreams {
  public:
    StandardStreams();
    ~StandardStreams();
    StandardStreams(const StandardStreams &) = delete;
    StandardStreams &operator=(const StandardStreams &) = delete;
};

/* Whether the standard error is a terminal that knows the sequences of ANSI, as to erase a line. */
bool draws_on_terminal();

/* Gives the whole pages among these bytes back to the system. What stood in them is lost. */
void give_back(const char *bytes, size_t count);

} // namespace mote::cli
