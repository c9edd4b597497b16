#include "ranks.h"

#include "mote.h"

namespace mote::cli {

namespace {

/* A program that was not started as one of several. */
class OneRank final : public Ranks {
  public:
    uint32_t rank() const override { return 0; }
    uint32_t count() const override { return 1; }
    uint32_t version() const override { return mote_version(); }
    void set_timeout(uint32_t /*seconds*/) override {}
    void exchange(const std::vector<Outgoing> & /*sent*/, const std::vector<Incoming> & /*received*/) override {}
};

std::string version_text(uint32_t number) {
    return formatted("%u.%u.%u", number / 10000, number / 100 % 100, number % 100);
}

Ranks *&current() {
    static OneRank one;
    static Ranks *ranks = &one;
    return ranks;
}

} // namespace

Ranks &program_ranks() { return *current(); }

void use_ranks(Ranks &ranks) { current() = &ranks; }

std::string other_version(uint32_t first, uint32_t other) {
    return "is mote " + version_text(other) + ", and rank 0 is mote " + version_text(first) +
           "; install the same version everywhere";
}

void share_pieces(Ranks &ranks, const std::vector<Ranks::Incoming> &pieces) {
    std::vector<Ranks::Outgoing> sent;
    std::vector<Ranks::Incoming> received;
    const Ranks::Incoming &own = pieces[ranks.rank()];
    for (uint32_t other = 0; other < ranks.count(); ++other) {
        if (other == ranks.rank()) continue;
        sent.push_back({other, own.bytes, own.count});
        received.push_back(pieces[other]);
    }
    ranks.exchange(sent, received);
}

} // namespace mote::cli
