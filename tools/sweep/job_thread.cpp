#include "job_thread.h"

#include "errors.h"
#include "stop.h"

#include <system_error>
#include <utility>

namespace mote::cli {

JobThread::~JobThread() {
    given_up_ = true;
    if (thread_.joinable()) thread_.join();
}

void JobThread::start(size_t job) {
    has_ended_ = false;
    since_ = Stopwatch();
    try {
        thread_ = std::thread([this, job] { work(job); });
    } catch (const std::system_error &error) {
        throw Failure("the system gives no thread to wait for a training: " + error.code().message());
    }
}

void JobThread::wait(std::chrono::milliseconds longest) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, longest, [this] { return has_ended_ && !is_free(); });
}

std::optional<JobResult> JobThread::take() {
    {
        std::lock_guard<std::mutex> lock(mutex_);
        if (is_free() || !has_ended_) return std::nullopt;
    }
    thread_.join();
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    return std::exchange(result_, std::nullopt);
}

bool JobThread::stops() const { return given_up_ || stop_requested() != nullptr; }

void JobThread::work(size_t job) {
    std::optional<JobResult> result;
    std::exception_ptr error;
    try {
        result = run_(job, [this] { return stops(); });
    } catch (...) {
        error = std::current_exception();
    }
    std::lock_guard<std::mutex> lock(mutex_);
    result_ = std::move(result);
    error_ = error;
    has_ended_ = true;
    changed_.notify_one();
}

} // namespace mote::cli
