#include "rank_jobs.h"

#include "job_thread.h"
#include "stop.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace mote::cli {

namespace {

/* How long a rank waits from the end of a round to the beginning of the next, unless its job ends before. Whoever is in
 * a round waits for the last to begin it, so that this is also how long a rank may lie idle: a small part of what jobs
 * take. Rounds of 25 ms took 5% of each core from the trainings of MPICH's ranks, four on two cores. */
std::chrono::milliseconds pace(const JobThread &own) {
    using namespace std::chrono_literals;
    if (own.is_free()) return 25ms;
    return std::clamp(std::chrono::milliseconds(static_cast<int64_t>(own.seconds() * 1000 / 16)), 10ms, 100ms);
}

/* What a rank tells in each round; behind it come the texts of the result. */
struct Report {
    uint32_t is_free;
    uint32_t has_result;
    uint32_t sizes[measure_count + 1]; /* of the values and the error, in bytes */
    char signal[20];                   /* that asked it to stop; empty: none did */
};

/* What it is answered. */
enum Order : uint32_t { GO_ON, BEGIN_JOB, ALL_DONE, STOP };
struct Answer {
    Order order;
    uint64_t job;
};

/* A result as one text, and back. */
std::string packed(const JobResult &result, uint32_t (&sizes)[measure_count + 1]) {
    std::string text;
    for (size_t i = 0; i <= measure_count; ++i) {
        const std::string &part = i < measure_count ? result.values[i] : result.error;
        sizes[i] = static_cast<uint32_t>(part.size());
        text += part;
    }
    return text;
}

JobResult unpacked(const std::string &text, const uint32_t (&sizes)[measure_count + 1]) {
    JobResult result;
    size_t from = 0;
    for (size_t i = 0; i <= measure_count; from += sizes[i++])
        (i < measure_count ? result.values[i] : result.error) = text.substr(from, sizes[i]);
    return result;
}

size_t size_of(const Report &report) {
    size_t size = 0;
    for (const uint32_t one : report.sizes) size += one;
    return size;
}

/* What there is to tell of this rank, and the texts of its result. */
Report report_of(JobThread &own, std::string &texts) {
    Report report{};
    const std::optional<JobResult> result = own.take();
    texts.clear();
    if (result) texts = packed(*result, report.sizes);
    report.has_result = result.has_value();
    report.is_free = own.is_free();
    if (const char *signal = stop_requested()) std::snprintf(report.signal, sizeof report.signal, "%s", signal);
    return report;
}

class Manager {
  public:
    Manager(Ranks &ranks, const std::vector<size_t> &jobs, const RunJob &run, const OnDone &on_done)
        : ranks_(ranks), jobs_(jobs), on_done_(on_done), own_(run), given_(ranks.count()), reports_(ranks.count()),
          texts_(ranks.count()) {}

    std::optional<std::string> work() {
        for (;; own_.wait(pace(own_))) {
            hear();
            take_results();
            if (std::optional<std::string> signal = signal_heard()) {
                stop_all();
                return signal;
            }
            const bool is_done = ended_ == jobs_.size();
            answer(is_done ? std::vector<Answer>(ranks_.count(), Answer{ALL_DONE, 0}) : next_jobs());
            if (is_done) return std::nullopt;
        }
    }

  private:
    void hear() {
        std::vector<Ranks::Incoming> heads, tails;
        for (uint32_t rank = 1; rank < ranks_.count(); ++rank) heads.push_back({rank, &reports_[rank], sizeof(Report)});
        ranks_.exchange({}, heads);
        for (uint32_t rank = 1; rank < ranks_.count(); ++rank) {
            texts_[rank].resize(size_of(reports_[rank]));
            if (!texts_[rank].empty()) tails.push_back({rank, texts_[rank].data(), texts_[rank].size()});
        }
        ranks_.exchange({}, tails);
        reports_[0] = report_of(own_, texts_[0]);
    }

    void take_results() {
        for (uint32_t rank = 0; rank < ranks_.count(); ++rank) {
            if (reports_[rank].has_result == 0) continue;
            ++ended_;
            on_done_(given_[rank], unpacked(texts_[rank], reports_[rank].sizes));
        }
    }

    std::optional<std::string> signal_heard() const {
        for (const Report &report : reports_)
            if (report.signal[0] != '\0') return report.signal;
        return std::nullopt;
    }

    std::vector<Answer> next_jobs() {
        std::vector<Answer> answers(ranks_.count(), Answer{GO_ON, 0});
        for (uint32_t rank = 0; rank < ranks_.count() && begun_ < jobs_.size(); ++rank) {
            if (reports_[rank].is_free == 0) continue;
            given_[rank] = jobs_[begun_++];
            answers[rank] = {BEGIN_JOB, given_[rank]};
        }
        return answers;
    }

    void answer(const std::vector<Answer> &answers) {
        std::vector<Ranks::Outgoing> sent;
        for (uint32_t rank = 1; rank < ranks_.count(); ++rank) sent.push_back({rank, &answers[rank], sizeof(Answer)});
        ranks_.exchange(sent, {});
        if (answers[0].order == BEGIN_JOB) own_.start(static_cast<size_t>(answers[0].job));
    }

    /* mpirun ends all ranks by a signal where one has died, too: who confirms has not. */
    void stop_all() {
        answer(std::vector<Answer>(ranks_.count(), Answer{STOP, 0}));
        std::vector<char> confirmed(ranks_.count());
        std::vector<Ranks::Incoming> received;
        for (uint32_t rank = 1; rank < ranks_.count(); ++rank) received.push_back({rank, &confirmed[rank], 1});
        ranks_.exchange({}, received);
    }

    Ranks &ranks_;
    const std::vector<size_t> &jobs_;
    const OnDone &on_done_;
    JobThread own_;
    size_t begun_ = 0, ended_ = 0;
    std::vector<size_t> given_; /* the job that a rank has, or had */
    std::vector<Report> reports_;
    std::vector<std::string> texts_;
};

} // namespace

std::optional<std::string> hand_out_jobs(Ranks &ranks, const std::vector<size_t> &jobs, const RunJob &run,
                                         const OnDone &on_done) {
    return Manager(ranks, jobs, run, on_done).work();
}

void run_handed_out_jobs(Ranks &ranks, const RunJob &run) {
    JobThread own(run);
    std::string texts;
    for (Answer answer{GO_ON, 0};; own.wait(pace(own))) {
        const Report report = report_of(own, texts);
        std::vector<Ranks::Outgoing> sent{{0, &report, sizeof report}};
        if (!texts.empty()) sent.push_back({0, texts.data(), texts.size()});
        ranks.exchange(sent, {{0, &answer, sizeof answer}});
        if (answer.order == BEGIN_JOB) own.start(static_cast<size_t>(answer.job));
        if (answer.order == STOP) ranks.exchange({{0, "", 1}}, {});
        if (answer.order == STOP || answer.order == ALL_DONE) return;
    }
}

} // namespace mote::cli
