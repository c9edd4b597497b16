#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace mote::cli {

class Stopwatch {
  public:
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

  private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/* What a training tells on stderr: a bar that is drawn again and again on a terminal, elsewhere a line now and then. */
class Progress {
  public:
    Progress(uint64_t first, uint64_t last, bool quiet);
    ~Progress();
    Progress(const Progress &) = delete;
    Progress &operator=(const Progress &) = delete;

    /* `done` steps in all; `characters` since the progress began. */
    void show(uint64_t done, double loss, uint64_t characters);
    /* A line that stays. */
    void note(const std::string &line);

  private:
    bool is_due(uint64_t done, double seconds);
    std::string line(uint64_t done, double loss, uint64_t characters, double seconds) const;
    std::string bar(uint64_t done) const;

    uint64_t first_, last_;
    bool quiet_, terminal_;
    bool drawn_ = false;
    double shown_at_ = 0;
    uint64_t shown_done_ = 0;
    Stopwatch watch_;
};

/* A line for people, on stderr. */
void tell(bool quiet, const std::string &line);

} // namespace mote::cli
