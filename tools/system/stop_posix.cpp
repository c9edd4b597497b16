#include "stop.h"

#include <csignal>
#include <ctime>

namespace mote::cli {

namespace {

constexpr int stopping[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU};
constexpr int kinds = sizeof stopping / sizeof *stopping;

volatile std::sig_atomic_t signal_received = 0;
timespec time_of_signal;

/* One wish to stop may arrive as several signals at once: timeout(1) signals its command and then its group, and a
 * shell that ends sends SIGHUP beside the terminal's. Who asks again a second later does not want to wait. */
bool is_repeated() {
    timespec now;
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    long seconds = static_cast<long>(now.tv_sec - time_of_signal.tv_sec);
    return seconds > 1 || (seconds == 1 && now.tv_nsec >= time_of_signal.tv_nsec);
}

/* Only functions that POSIX allows in a handler. */
void remember(int number) {
    if (signal_received == 0) {
        ::clock_gettime(CLOCK_MONOTONIC, &time_of_signal);
        signal_received = number;
    } else if (number != SIGHUP && is_repeated()) {
        std::signal(number, SIG_DFL);
        std::raise(number);
    }
}

struct sigaction handled_by(void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    for (int number : stopping) sigaddset(&action.sa_mask, number);
    return action;
}

} // namespace

struct StopSignals::Before {
    struct sigaction of[kinds], of_pipe;
};

/* SIGINT is handled even where it was ignored before: a shell that is not interactive starts every background command
 * so, and a SIGINT that reaches it nevertheless was sent to it on purpose. */
StopSignals::StopSignals() : before_(std::make_unique<Before>()) {
    struct sigaction stop = handled_by(remember), ignore = handled_by(SIG_IGN);
    for (int i = 0; i < kinds; ++i) {
        struct sigaction &before = before_->of[i];
        ::sigaction(stopping[i], &stop, &before);
        if (stopping[i] == SIGHUP && before.sa_handler == SIG_IGN) ::sigaction(SIGHUP, &before, nullptr);
    }
    ::sigaction(SIGPIPE, &ignore, &before_->of_pipe);
}

StopSignals::~StopSignals() {
    for (int i = 0; i < kinds; ++i) ::sigaction(stopping[i], &before_->of[i], nullptr);
    /* SIGPIPE stays ignored where a stop was requested: the message about it may find no reader, and the exit status is
     * to tell of the stop. */
    if (signal_received == 0) ::sigaction(SIGPIPE, &before_->of_pipe, nullptr);
}

const char *stop_requested() {
    switch (signal_received) {
    case 0:
        return nullptr;
    case SIGHUP:
        return "SIGHUP";
    case SIGINT:
        return "SIGINT";
    case SIGQUIT:
        return "SIGQUIT";
    case SIGXCPU:
        return "SIGXCPU";
    default:
        return "SIGTERM";
    }
}

} // namespace mote::cli
