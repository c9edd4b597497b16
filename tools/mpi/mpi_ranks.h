#pragma once

#include "program.h"
#include "ranks.h"

#include <set>
#include <string>

namespace mote::cli {

/* The processes of an MPI job. One object, for the whole of the program. */
class MpiRanks final : public Ranks {
  public:
    MpiRanks(int *argc, char ***argv, uint32_t version);
    ~MpiRanks() override;
    MpiRanks(const MpiRanks &) = delete;
    MpiRanks &operator=(const MpiRanks &) = delete;

    uint32_t rank() const override { return rank_; }
    uint32_t count() const override { return count_; }
    uint32_t version() const override { return version_; }
    void set_timeout(uint32_t seconds) override { timeout_ = seconds; }
    void exchange(const std::vector<Outgoing> &sent, const std::vector<Incoming> &received) override;

    /* Something has gone wrong here: what is to be said. Says it, unless another rank is the one to say what is wrong,
     * and ends all ranks. */
    [[noreturn]] void end_all(const Ending &ending);

  private:
    bool another_tells() const;
    bool another_tells_in(uint32_t milliseconds) const;
    void send_to_others(int tag) const;
    void hear_others(bool long_ago);
    template <typename Requests> void await(Requests &requests);
    uint32_t tellers_before() const;
    [[noreturn]] void await_end(int code) const;
    [[noreturn]] void give_up(std::set<uint32_t> silent, const char *signal, const std::string &reason);

    uint32_t rank_ = 0, count_ = 1, version_, timeout_ = 20;
    std::set<uint32_t> waiting_; /* during a wait: the ranks that wait too */
    std::set<uint32_t> silent_;  /* when a wait was given up */
};

} // namespace mote::cli
