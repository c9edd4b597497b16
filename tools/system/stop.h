#pragma once

#include <memory>
#include <string>

namespace mote::cli {

/* While it lives, the signals that ask a program to end (SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU) ask it to stop in
 * order instead, and a pipe without a reader is an error of writing instead of the end. A SIGHUP that was ignored
 * before, as by nohup, stays ignored. On Windows it is Ctrl-C, Ctrl-Break, a console that is closed, and the end of the
 * session. */
class StopSignals {
  public:
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals &) = delete;
    StopSignals &operator=(const StopSignals &) = delete;

  private:
    struct Before;
    std::unique_ptr<Before> before_;
};

/* The name of the signal or event that came first, or NULL: nobody asked. */
const char *stop_requested();

/* Throws Failure "what: stopped by …" when a stop was requested. */
void throw_if_stopped(const std::string &what);

/* While it lives, throw_if_stopped() does not throw: for work that has to be whole before a checkpoint is saved. */
class StopLater {
  public:
    explicit StopLater(bool later);
    ~StopLater();
    StopLater(const StopLater &) = delete;
    StopLater &operator=(const StopLater &) = delete;

  private:
    bool before_;
};

} // namespace mote::cli
