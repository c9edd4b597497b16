#pragma once

#include "progress.h"
#include "run_jobs.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace mote::cli {

/* Runs one job at a time in a thread of its own, while the thread that owns it does other things. */
class JobThread {
  public:
    /* `run` must outlive it. */
    explicit JobThread(const RunJob &run) : run_(run) {}
    /* Gives up a job that runs, and waits for its end. */
    ~JobThread();
    JobThread(const JobThread &) = delete;
    JobThread &operator=(const JobThread &) = delete;

    /* It must be free. */
    void start(size_t job);
    /* Returns when a job has ended, or after that time. */
    void wait(std::chrono::milliseconds longest);
    /* The result of the job, once: none before it has ended, or where a signal to this process (stop.h) gave it up, or
     * where there was no job. Throws what `run` threw. */
    std::optional<JobResult> take();
    /* No job runs, and none has a result to take. */
    bool is_free() const { return !thread_.joinable(); }
    /* Since the job was started. */
    double seconds() const { return since_.seconds(); }

  private:
    bool stops() const;
    void work(size_t job);

    const RunJob &run_;
    std::thread thread_;
    Stopwatch since_;
    std::atomic<bool> given_up_{false};
    std::mutex mutex_; /* of what follows */
    std::condition_variable changed_;
    std::optional<JobResult> result_;
    std::exception_ptr error_;
    bool has_ended_ = false;
};

} // namespace mote::cli
