#pragma once

#include <string>

/* Windows takes names in UTF-16; everywhere else in the program they are UTF-8. */
namespace mote::cli {

std::wstring wide(const std::string &utf8);
std::string narrow(const std::wstring &utf16);

} // namespace mote::cli
