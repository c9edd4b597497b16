#include "run_jobs.h"

#include "errors.h"
#include "stop.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace mote::cli {

namespace {

using Done = std::pair<size_t, JobResult>;

class Workers {
  public:
    Workers(const std::vector<size_t> &jobs, const RunJob &run) : jobs_(jobs), run_(run) {}
    ~Workers() {
        given_up_ = true;
        for (std::thread &thread : threads_) thread.join();
    }
    Workers(const Workers &) = delete;
    Workers &operator=(const Workers &) = delete;

    void start(uint32_t count) {
        working_ = count;
        try {
            while (threads_.size() < count) threads_.emplace_back([this] { work(); });
        } catch (const std::system_error &error) {
            throw Failure(formatted("--workers %u: the system gives only %zu threads: %s", count, threads_.size(),
                                    error.code().message().c_str()));
        }
    }

    /* The next job that has ended; none: no more will. */
    std::optional<Done> next() {
        std::unique_lock<std::mutex> lock(mutex_);
        changed_.wait(lock, [this] { return !done_.empty() || working_ == 0 || error_; });
        if (error_) std::rethrow_exception(error_);
        if (done_.empty()) return std::nullopt;
        Done first = std::move(done_.front());
        done_.pop_front();
        return first;
    }

  private:
    bool stops() const { return given_up_ || stop_requested() != nullptr; }

    void work() {
        try {
            for (size_t i; !stops() && (i = taken_++) < jobs_.size();) {
                std::optional<JobResult> result = run_(jobs_[i], [this] { return stops(); });
                if (!result) break;
                std::lock_guard<std::mutex> lock(mutex_);
                done_.emplace_back(jobs_[i], std::move(*result));
                changed_.notify_one();
            }
        } catch (...) {
            std::lock_guard<std::mutex> lock(mutex_);
            if (!error_) error_ = std::current_exception();
        }
        std::lock_guard<std::mutex> lock(mutex_);
        --working_;
        changed_.notify_one();
    }

    const std::vector<size_t> &jobs_;
    const RunJob &run_;
    std::vector<std::thread> threads_;
    std::atomic<bool> given_up_{false};
    std::atomic<size_t> taken_{0};
    std::mutex mutex_; /* of what follows */
    std::condition_variable changed_;
    std::deque<Done> done_;
    std::exception_ptr error_;
    uint32_t working_ = 0;
};

} // namespace

void run_jobs(const std::vector<size_t> &jobs, uint32_t workers, const RunJob &run, const OnDone &on_done) {
    Workers pool(jobs, run);
    pool.start(workers);
    while (std::optional<Done> done = pool.next()) on_done(done->first, done->second);
}

} // namespace mote::cli
