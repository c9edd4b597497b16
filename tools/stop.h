#pragma once

#include <string>

namespace mote::cli {

/* While it lives, SIGINT and SIGTERM ask the program to stop instead of ending it; a second one ends it. */
class StopSignals {
  public:
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals &) = delete;
    StopSignals &operator=(const StopSignals &) = delete;
};

/* "SIGINT", "SIGTERM", or NULL: nobody asked. */
const char *stop_requested();

/* Throws Failure "what: stopped by …" when a stop was requested. */
void throw_if_stopped(const std::string &what);

} // namespace mote::cli
