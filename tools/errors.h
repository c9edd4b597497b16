#pragma once

#include "mote.h"

#include <stdexcept>
#include <string>
#include <vector>

namespace mote::cli {

/* Arguments that cannot be used: exit code 2. */
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/* Everything else that goes wrong: exit code 1. */
struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/* MOTE_ERR_NUMERIC: NaN, infinity or a number out of range. */
struct NotFinite : Failure {
    using Failure::Failure;
};

/* printf into a string. What mingw-w64 calls printf is an older one, of Windows. */
#if defined(__MINGW_PRINTF_FORMAT)
#define MOTE_PRINTF __MINGW_PRINTF_FORMAT
#else
#define MOTE_PRINTF printf
#endif
[[gnu::format(MOTE_PRINTF, 1, 2)]] std::string formatted(const char *format, ...);

/* "a, b or c", where `last` is " or ". */
std::string listed(const std::vector<std::string> &names, const char *last);

/* What an errno says, in words. */
std::string system_text(int error);

/* A status in words and by its name. */
std::string status_text(mote_status status);

/* Throws Failure (NotFinite for MOTE_ERR_NUMERIC) "what: …" unless the status is MOTE_OK. */
void check(mote_status status, const std::string &what);

} // namespace mote::cli
