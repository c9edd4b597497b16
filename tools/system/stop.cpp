#include "stop.h"

#include "errors.h"

namespace mote::cli {

static bool stop_later = false;

void throw_if_stopped(const std::string &what) {
    if (stop_later) return;
    if (const char *name = stop_requested()) throw Failure(what + ": stopped by " + name);
}

StopLater::StopLater(bool later) : before_(stop_later) { stop_later = later; }

StopLater::~StopLater() { stop_later = before_; }

} // namespace mote::cli
