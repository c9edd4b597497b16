#include "mpi_ranks.h"

#include "errors.h"
#include "progress.h"
#include "stop.h"
#include "utf8_text.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iterator>
#include <mpi.h>
#include <thread>

namespace mote::cli {

namespace {

/* A message of MPI counts its bytes by an int; longer ones are cut. */
constexpr size_t longest_message = size_t{1} << 30;

/* What a message is: a part of an exchange; a rank has told what is wrong, and ends the job; a rank has waited for
 * long, but lives. */
enum Tag { EXCHANGED = 0, TOLD = 1, WAITING = 2 };

/* A mpirun that ends a job because a rank died sends SIGTERM, and a second later SIGKILL: what is to be said about the
 * rank must be said in between. Who lives answers sooner, but for a step that takes longer. */
constexpr double patience_when_ended = 0.5;

/* How a wait goes on: awake while the others are about to be there too, so that a step loses no time, then less and
 * less so. Processes that share a core must let each other run. */
void pause(double waited) {
    if (waited < 0.002)
        std::this_thread::yield();
    else
        std::this_thread::sleep_for(std::chrono::microseconds(waited < 0.1 ? 50 : 1000));
}

std::string names(const std::set<uint32_t> &ranks) {
    std::vector<std::string> list;
    list.reserve(ranks.size());
    for (uint32_t rank : ranks) list.push_back(std::to_string(rank));
    if (list.size() > 4) list = {list[0], list[1], list[2], std::to_string(list.size() - 3) + " more"};
    return (ranks.size() == 1 ? "rank " : "ranks ") + listed(list, " and ");
}

/* The line that says most of what MPI says of an error: its last. */
std::string text_of(int error) {
    char text[MPI_MAX_ERROR_STRING + 1] = "";
    int length = 0;
    MPI_Error_string(error, text, &length);
    std::string last = formatted("error %d", error);
    for (const std::string &line : lines_of(text))
        if (!line.empty()) last = line;
    return last;
}

/* Messages under way, and whom each one is from or to. One that MPI cannot transfer is under way for ever: most likely
 * its rank has died, and whoever started that one says so sooner than the timeout. */
class Requests {
  public:
    ~Requests() {
        for (MPI_Request &request : requests_)
            if (request != MPI_REQUEST_NULL) MPI_Request_free(&request);
    }
    void receive(uint32_t rank, void *bytes, size_t count) {
        expect(rank, MPI_Irecv(bytes, static_cast<int>(count), MPI_BYTE, static_cast<int>(rank), EXCHANGED,
                               MPI_COMM_WORLD, add(rank)));
    }
    void send(uint32_t rank, const void *bytes, size_t count) {
        expect(rank, MPI_Isend(bytes, static_cast<int>(count), MPI_BYTE, static_cast<int>(rank), EXCHANGED,
                               MPI_COMM_WORLD, add(rank)));
    }
    bool are_done() {
        if (requests_.empty()) return true;
        int done = 0;
        const int error = MPI_Testall(static_cast<int>(requests_.size()), requests_.data(), &done, ends_.data());
        if (error == MPI_SUCCESS) return done != 0 && lost_.empty();
        if (error == MPI_ERR_IN_STATUS) {
            /* Only those that have ended can have failed. */
            for (size_t i = 0; i < ends_.size(); ++i)
                if (requests_[i] == MPI_REQUEST_NULL) expect(whose_[i], ends_[i].MPI_ERROR);
        } else if (reason_.empty()) {
            reason_ = text_of(error);
        }
        return false;
    }
    /* What MPI said of the first failure; empty where there was none. */
    const std::string &reason() const { return reason_; }
    std::set<uint32_t> silent() {
        std::set<uint32_t> ranks = lost_;
        for (size_t i = 0; i < requests_.size(); ++i) {
            int done = 1;
            if (requests_[i] != MPI_REQUEST_NULL) MPI_Request_get_status(requests_[i], &done, MPI_STATUS_IGNORE);
            if (done == 0) ranks.insert(whose_[i]);
        }
        if (ranks.empty()) ranks.insert(whose_.begin(), whose_.end());
        return ranks;
    }

  private:
    MPI_Request *add(uint32_t rank) {
        whose_.push_back(rank);
        requests_.push_back(MPI_REQUEST_NULL);
        ends_.emplace_back();
        return &requests_.back();
    }
    void expect(uint32_t rank, int error) {
        if (error == MPI_SUCCESS) return;
        lost_.insert(rank);
        if (reason_.empty()) reason_ = text_of(error);
    }
    std::vector<MPI_Request> requests_;
    std::vector<MPI_Status> ends_;
    std::vector<uint32_t> whose_;
    std::set<uint32_t> lost_; /* the ranks of messages that failed */
    std::string reason_;
};

/* piece(bytes, count) for the pieces of a message. */
template <typename Byte, typename F> void in_pieces(Byte *bytes, size_t count, const F &piece) {
    for (size_t first = 0; first < count; first += longest_message)
        piece(bytes + first, std::min(count - first, longest_message));
}

} // namespace

MpiRanks::MpiRanks(int *argc, char ***argv, uint32_t version) : version_(version) {
    int provided = 0, rank = 0, count = 1;
    MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided);
    /* Else a rank that cannot reach one that has died would end the job before anybody has named that one. */
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    rank_ = static_cast<uint32_t>(rank);
    count_ = static_cast<uint32_t>(count);
}

MpiRanks::~MpiRanks() { MPI_Finalize(); }

void MpiRanks::exchange(const std::vector<Outgoing> &sent, const std::vector<Incoming> &received) {
    Requests requests;
    for (const Incoming &one : received)
        in_pieces(static_cast<char *>(one.bytes), one.count,
                  [&](char *bytes, size_t count) { requests.receive(one.rank, bytes, count); });
    for (const Outgoing &one : sent)
        in_pieces(static_cast<const char *>(one.bytes), one.count,
                  [&](const char *bytes, size_t count) { requests.send(one.rank, bytes, count); });
    if (!requests.are_done()) await(requests);
}

/* A rank that lives but waits for another one is not the one to be named: it says so in time. */
template <typename Requests> void MpiRanks::await(Requests &requests) {
    /* A process that was stopped for a while has not waited meanwhile. */
    constexpr double longest_turn = 0.1;
    double waited = 0, ended_at = 0;
    bool has_said_so = false;
    waiting_.clear();
    for (Stopwatch turn; !requests.are_done(); turn = Stopwatch()) {
        const char *const signal = stop_requested();
        const bool is_ended = signal != nullptr && std::string(signal) == "SIGTERM";
        if (!is_ended) ended_at = waited;
        if (waited > 0.001) hear_others(waited < timeout_ / 4.0 && !is_ended);
        if (!has_said_so && (is_ended || waited > timeout_ / 2.0)) {
            send_to_others(WAITING);
            has_said_so = true;
        }
        if (waited > timeout_) give_up(requests.silent(), nullptr, requests.reason());
        if (is_ended && waited - ended_at > patience_when_ended) give_up(requests.silent(), signal, requests.reason());
        pause(waited);
        waited += std::min(turn.seconds(), longest_turn);
    }
}

/* Who waits. Of those who said so long ago it is not known whether they still do. */
void MpiRanks::hear_others(bool long_ago) {
    if (another_tells()) await_end(EXIT_FAILED);
    for (;;) {
        int there = 0;
        MPI_Status from;
        MPI_Iprobe(MPI_ANY_SOURCE, WAITING, MPI_COMM_WORLD, &there, &from);
        if (there == 0) return;
        if (MPI_Recv(nullptr, 0, MPI_BYTE, from.MPI_SOURCE, WAITING, MPI_COMM_WORLD, MPI_STATUS_IGNORE) != MPI_SUCCESS)
            return; /* it would be found again and again */
        if (!long_ago) waiting_.insert(static_cast<uint32_t>(from.MPI_SOURCE));
    }
}

void MpiRanks::give_up(std::set<uint32_t> silent, const char *signal, const std::string &reason) {
    silent_.clear();
    std::set_difference(silent.begin(), silent.end(), waiting_.begin(), waiting_.end(),
                        std::inserter(silent_, silent_.end()));
    if (!silent_.empty()) silent = silent_;
    const std::string because = reason.empty() ? "" : "; MPI says: " + reason;
    if (signal != nullptr)
        throw LostRank(names(silent) + " did not answer any more when the job was ended by " + signal + because);
    throw LostRank(names(silent) + formatted(" did not answer for %u seconds (--timeout)", timeout_) + because);
}

bool MpiRanks::another_tells() const {
    int told = 0;
    MPI_Iprobe(MPI_ANY_SOURCE, TOLD, MPI_COMM_WORLD, &told, MPI_STATUS_IGNORE);
    return told != 0;
}

bool MpiRanks::another_tells_in(uint32_t milliseconds) const {
    for (Stopwatch watch; watch.seconds() * 1000 < milliseconds; pause(1))
        if (another_tells()) return true;
    return another_tells();
}

/* A message without content; one that does not answer is not waited for. */
void MpiRanks::send_to_others(int tag) const {
    std::vector<MPI_Request> sent(count_, MPI_REQUEST_NULL);
    for (uint32_t other = 0; other < count_; ++other)
        if (other != rank_) MPI_Isend(nullptr, 0, MPI_BYTE, static_cast<int>(other), tag, MPI_COMM_WORLD, &sent[other]);
    int done = 0;
    for (Stopwatch watch; done == 0 && watch.seconds() < 0.1; pause(0))
        MPI_Testall(static_cast<int>(count_), sent.data(), &done, MPI_STATUSES_IGNORE);
    for (MPI_Request &request : sent)
        if (request != MPI_REQUEST_NULL) MPI_Request_free(&request);
}

/* How many ranks tell before this one does: all with a lower number, but for those that do not answer. */
uint32_t MpiRanks::tellers_before() const {
    uint32_t tellers = 0;
    for (uint32_t other = 0; other < rank_; ++other) tellers += silent_.count(other) == 0;
    return tellers;
}

void MpiRanks::await_end(int code) const {
    std::this_thread::sleep_for(std::chrono::seconds(5));
    std::_Exit(code);
}

/* What goes wrong on all ranks is told by the first; what goes wrong on one rank, by that one a little later. */
void MpiRanks::end_all(const Ending &ending) {
    if (another_tells_in(250 * std::min(tellers_before(), 12u))) await_end(ending.code);
    send_to_others(TOLD);
    report({ending.code, rank_ == 0 ? ending.message : formatted("rank %u: ", rank_) + ending.message});
    /* The message goes through mpirun, which must not end before it is there. */
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    /* Where MPI itself hangs, the process ends all the same. */
    std::thread([this, code = ending.code] { await_end(code); }).detach();
    MPI_Abort(MPI_COMM_WORLD, ending.code);
    std::_Exit(ending.code);
}

} // namespace mote::cli
