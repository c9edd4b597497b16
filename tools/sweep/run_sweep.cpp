#include "run_sweep.h"

#include "errors.h"
#include "progress.h"
#include "rank_jobs.h"
#include "run_jobs.h"
#include "run_program.h"
#include "stop.h"
#include "system_start.h"
#include "training_job.h"

#include <algorithm>
#include <filesystem>
#include <thread>

namespace mote::cli {

namespace {

/* How the jobs share the cores. */
struct Shares {
    uint32_t workers, threads;
};

/* How many ranks a machine has is not known, so each has one core, unless it is told otherwise. */
Shares shares_of(const SweepRun &how, size_t jobs) {
    const uint32_t ranks = program_ranks().count(), cores = std::max(1u, std::thread::hardware_concurrency());
    const uint32_t wanted = ranks > 1 ? ranks : how.workers != 0 ? how.workers : cores;
    const auto workers = static_cast<uint32_t>(std::clamp<size_t>(jobs, 1, wanted));
    const uint32_t threads = ranks > 1 ? 1 : std::max(1u, cores / workers);
    return {workers, how.threads != 0 ? how.threads : threads};
}

/* A rank's own program is the one with MPI, which takes itself for a rank; beside it is mote. */
std::string program_of(const SweepRun &how) {
    if (!how.program.empty()) {
        check_program(how.program);
        return how.program;
    }
    std::string own = own_program();
    if (own.empty()) throw Failure("sweep: the system does not tell where mote is; give --program");
    if (program_ranks().count() == 1) return own;
    std::string beside = (std::filesystem::u8path(own).parent_path() / "mote").u8string();
    check_program(beside);
    return beside;
}

std::vector<std::string> command_of(const std::string &program, const std::vector<std::string> &corpora, const Job &job,
                                    uint32_t threads) {
    std::vector<std::string> command = {program, "train"};
    command.insert(command.end(), corpora.begin(), corpora.end());
    command.insert(command.end(), {"--output", null_file, "--json", "--quiet"});
    command.insert(command.end(), job.options.begin(), job.options.end());
    if (job.takes_threads && threads > 1) command.push_back(formatted("--threads=%u", threads));
    return command;
}

/* What all ranks must have in common. The version comes first, and stays there in later ones. */
struct Identity {
    uint32_t version, jobs;
    uint64_t ids;
};

void check_same_everywhere(Ranks &ranks, const SweepRun &how, const std::vector<Job> &jobs) {
    ranks.set_timeout(how.timeout);
    uint64_t ids = MOTE_FNV_START;
    for (const Job &job : jobs) ids = mote_fnv1a(ids, job.id.data(), job.id.size());
    std::vector<Identity> all(ranks.count(), {ranks.version(), static_cast<uint32_t>(jobs.size()), ids});
    std::vector<Ranks::Incoming> pieces;
    for (uint32_t rank = 0; rank < ranks.count(); ++rank) pieces.push_back({rank, &all[rank], sizeof all[rank]});
    share_pieces(ranks, pieces);
    for (uint32_t rank = 1; rank < ranks.count(); ++rank) {
        const std::string name = formatted("rank %u ", rank);
        if (all[rank].version != all[0].version) throw Failure(name + other_version(all[0].version, all[rank].version));
        if (all[rank].jobs != all[0].jobs || all[rank].ids != all[0].ids)
            throw Failure(name + "has other trainings than rank 0: another text, base or options; give all the same");
    }
}

/* The trainings of one table, and who runs them. */
class Run {
  public:
    Run(const Sweep &sweep, const std::vector<Job> &jobs, const SweepRun &how, std::string path, SweepTable &table)
        : sweep_(sweep), jobs_(jobs), how_(how), path_(std::move(path)), table_(table) {
        for (size_t i = 0; i < jobs.size(); ++i)
            if (table.result(i) == nullptr) missing_.push_back(i);
    }

    const std::vector<size_t> &missing() const { return missing_; }

    void by_workers(uint32_t workers, const RunJob &run) {
        run_jobs(missing_, workers, run, on_done_);
        if (table_.ended() < jobs_.size()) throw_if_stopped(where_it_is());
    }

    void by_ranks(Ranks &ranks, const RunJob &run) {
        std::optional<std::string> signal;
        try {
            signal = hand_out_jobs(ranks, missing_, run, on_done_);
        } catch (const LostRank &lost) {
            throw LostRank(where_it_is() + ": " + lost.what());
        }
        if (signal) throw Failure(where_it_is() + ": stopped by " + *signal);
    }

  private:
    std::string where_it_is() const {
        return formatted("%s: has %zu of %zu trainings, the same command goes on", path_.c_str(), table_.ended(),
                         jobs_.size());
    }

    void set(size_t job, const JobResult &result) {
        table_.set(job, result);
        const std::string outcome = result.error.empty() ? "dev loss " + result.values[0] : "failed: " + result.error;
        tell(how_.quiet, formatted("%zu/%zu %s: %s", table_.ended(), jobs_.size(),
                                   job_name(sweep_.keys, jobs_[job]).c_str(), outcome.c_str()));
    }

    const Sweep &sweep_;
    const std::vector<Job> &jobs_;
    const SweepRun &how_;
    std::string path_;
    SweepTable &table_;
    std::vector<size_t> missing_;
    OnDone on_done_ = [this](size_t job, const JobResult &result) { set(job, result); };
};

RunJob trainer_of(const Sweep &sweep, const std::vector<Job> &jobs, const SweepRun &how, uint32_t threads) {
    return [&sweep, &jobs, threads, program = program_of(how)](size_t job, const Stop &stop) {
        return run_training(command_of(program, sweep.corpora, jobs[job], threads), stop);
    };
}

} // namespace

void run_missing(const Sweep &sweep, const std::vector<Job> &jobs, const SweepRun &how, const std::string &path,
                 SweepTable &table) {
    Ranks &ranks = program_ranks();
    Run run(sweep, jobs, how, path, table);
    const size_t missing = run.missing().size();
    if (missing == 0 && ranks.count() == 1) return;
    const Shares shares = shares_of(how, missing);
    StopSignals signals;
    const RunJob train = trainer_of(sweep, jobs, how, shares.threads);
    check_same_everywhere(ranks, how, jobs);
    if (missing != 0)
        tell(how.quiet, formatted("%zu of %zu trainings to do, %u at a time, each with %u thread%s", missing,
                                  jobs.size(), shares.workers, shares.threads, shares.threads == 1 ? "" : "s"));
    if (ranks.count() > 1)
        run.by_ranks(ranks, train);
    else
        run.by_workers(shares.workers, train);
}

void run_for_first_rank(const Sweep &sweep, const std::vector<Job> &jobs, const SweepRun &how) {
    Ranks &ranks = program_ranks();
    StopSignals signals;
    const RunJob train = trainer_of(sweep, jobs, how, shares_of(how, jobs.size()).threads);
    check_same_everywhere(ranks, how, jobs);
    run_handed_out_jobs(ranks, train);
}

} // namespace mote::cli
