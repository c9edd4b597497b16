#include "progress.h"

#include "errors.h"
#include "system_start.h"

#include <cmath>
#include <cstdio>

namespace mote::cli {

namespace {

constexpr double seconds_between_draws = 0.1;
constexpr double seconds_between_lines = 30;
constexpr uint64_t lines_of_a_run = 10;

std::string duration(double seconds) {
    long whole = std::lround(seconds);
    if (whole >= 3600) return formatted("%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    return formatted("%ld:%02ld", whole / 60, whole % 60);
}

std::string speed(double characters_a_second) {
    if (characters_a_second >= 1e6) return formatted("%.2fM", characters_a_second / 1e6);
    if (characters_a_second >= 1e3) return formatted("%.0fk", characters_a_second / 1e3);
    return formatted("%.0f", characters_a_second);
}

} // namespace

void tell(bool quiet, const std::string &line) {
    if (!quiet) std::fprintf(stderr, "%s\n", line.c_str());
}

Progress::Progress(uint64_t first, uint64_t last, bool quiet)
    : first_(first), last_(last), quiet_(quiet), terminal_(draws_on_terminal()), shown_done_(first) {}

Progress::~Progress() {
    if (drawn_) std::fputc('\n', stderr);
}

bool Progress::is_due(uint64_t done, double seconds) {
    double since = seconds - shown_at_;
    bool due = done == last_;
    if (terminal_) {
        due = due || since >= seconds_between_draws;
    } else {
        uint64_t stride = (last_ - first_ + lines_of_a_run - 1) / lines_of_a_run;
        due = due || done - shown_done_ >= stride || since >= seconds_between_lines;
    }
    return due;
}

std::string Progress::bar(uint64_t done) const {
    constexpr uint64_t width = 24;
    auto full = static_cast<size_t>(done * width / last_);
    return "[" + std::string(full, '#') + std::string(width - full, '.') + "] ";
}

std::string Progress::line(uint64_t done, double loss, uint64_t characters, double seconds) const {
    double left = seconds / static_cast<double>(done - first_) * static_cast<double>(last_ - done);
    return formatted("step %llu/%llu  loss %.4f  %s characters/s  %s left", static_cast<unsigned long long>(done),
                     static_cast<unsigned long long>(last_), loss,
                     speed(static_cast<double>(characters) / (seconds > 0 ? seconds : 1)).c_str(),
                     duration(left).c_str());
}

void Progress::note(const std::string &line) {
    if (quiet_) return;
    std::fprintf(stderr, "%s%s\n", drawn_ ? "\r\033[K" : "", line.c_str());
    drawn_ = false;
}

void Progress::show(uint64_t done, double loss, uint64_t characters) {
    if (quiet_) return;
    double seconds = watch_.seconds();
    if (!is_due(done, seconds)) return;
    shown_at_ = seconds;
    shown_done_ = done;
    std::string text = line(done, loss, characters, seconds);
    if (terminal_) {
        std::fprintf(stderr, "\r\033[K%s%s", bar(done).c_str(), text.c_str());
        drawn_ = true;
    } else {
        std::fprintf(stderr, "%s\n", text.c_str());
    }
}

} // namespace mote::cli
