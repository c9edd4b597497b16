#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "errors.h"

namespace mote::cli {

/* Another rank has ended, or does not answer. */
struct LostRank : Failure {
    using Failure::Failure;
};

/* The processes that share a training, or the trainings of a sweep, each with a rank 0 … count - 1. */
class Ranks {
  public:
    struct Outgoing {
        uint32_t rank;
        const void *bytes;
        size_t count;
    };
    struct Incoming {
        uint32_t rank;
        void *bytes;
        size_t count;
    };

    virtual ~Ranks() = default;
    virtual uint32_t rank() const = 0;
    virtual uint32_t count() const = 0;
    /* The number of the program's version, as mote_version() has it. */
    virtual uint32_t version() const = 0;
    /* How long a wait for another rank may last. */
    virtual void set_timeout(uint32_t seconds) = 0;
    /* Sends and receives all of these, to and from other ranks. What one rank sends another arrives in the order in
     * which it is sent, and must be received in the same sizes. Throws LostRank, which names it, where one does
     * not answer in time. */
    virtual void exchange(const std::vector<Outgoing> &sent, const std::vector<Incoming> &received) = 0;

    bool is_first() const { return rank() == 0; }
};

/* Those of this program: one process alone, until the start of the program says otherwise. */
Ranks &program_ranks();
void use_ranks(Ranks &ranks);

/* What is wrong with a rank whose version() is another than the first one's: "is mote 1.2.3, and …". */
std::string other_version(uint32_t first, uint32_t other);

/* Every rank's piece goes to all others: `pieces` has one for each, of which the own one is there already. */
void share_pieces(Ranks &ranks, const std::vector<Ranks::Incoming> &pieces);

} // namespace mote::cli
