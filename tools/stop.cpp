#include "stop.h"

#include "errors.h"

#include <csignal>

namespace mote::cli {

static volatile std::sig_atomic_t signal_received = 0;

static void remember(int number) { signal_received = number; }

StopSignals::StopSignals() {
    struct sigaction action {};
    action.sa_handler = remember;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

StopSignals::~StopSignals() {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
}

const char *stop_requested() {
    return signal_received == 0 ? nullptr : signal_received == SIGINT ? "SIGINT" : "SIGTERM";
}

void throw_if_stopped(const std::string &what) {
    if (const char *name = stop_requested()) throw Failure(what + ": stopped by " + name);
}

} // namespace mote::cli
