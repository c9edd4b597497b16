#include "threads.h"

#include "errors.h"

#include <system_error>

namespace mote::cli {

namespace {

/* 33 microseconds where a look takes 16 nanoseconds: some times the 9 that waking a thread took there. */
constexpr uint32_t looks_before_sleep = 2000;

uint32_t job_of(uint64_t ticket) { return static_cast<uint32_t>(ticket >> 32); }

void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
    __asm__ volatile("yield");
#endif
}

} // namespace

Threads::Threads(uint32_t count) {
    try {
        while (threads_.size() + 1 < count) threads_.emplace_back([this] { serve(); });
    } catch (const std::system_error &error) {
        stop();
        throw Failure(formatted("--threads %u: the system gives only %zu: %s", count, threads_.size() + 1,
                                error.code().message().c_str()));
    }
}

Threads::~Threads() { stop(); }

void Threads::stop() {
    {
        std::lock_guard<std::mutex> lock(mutex_);
        stopping_ = true;
    }
    woken_.notify_all();
    for (std::thread &thread : threads_) thread.join();
    threads_.clear();
}

void Threads::share(mote_trainer *trainer) {
    check(mote_trainer_set_parallel(trainer, run_tasks, this, count()), "--threads");
}

void Threads::share(mote_shards *shards) {
    check(mote_shards_set_parallel(shards, run_tasks, this, count()), "--threads");
}

void Threads::run(uint32_t parts, const std::function<void(uint32_t)> &part) {
    auto function = part;
    start([](void *work, uint32_t index) { (*static_cast<std::function<void(uint32_t)> *>(work))(index); }, &function,
          parts);
}

void Threads::run_tasks(void *self, mote_task_fn part, void *work, uint32_t parts) {
    static_cast<Threads *>(self)->start(part, work, parts);
}

void Threads::start(mote_task_fn part, void *work, uint32_t parts) {
    part_ = part;
    work_ = work;
    done_ = 0;
    ticket_ = uint64_t{job_of(ticket_) + 1} << 32 | uint64_t{parts} << 24;
    if (sleeping_ != 0) {
        { std::lock_guard<std::mutex> lock(mutex_); } /* who has counted himself is asleep, or looks once more */
        woken_.notify_all();
    }
    take_parts();
    while (done_ != parts) pause();
}

void Threads::take_parts() {
    while (true) {
        const uint64_t ticket = ticket_++;
        const uint32_t parts = ticket >> 24 & 0xff, index = ticket & 0xffffff;
        if (index >= parts) return;
        part_(work_, index);
        ++done_;
    }
}

/* Returns when there is another job than the one seen last, or when all is over. */
void Threads::await_job(uint32_t seen) {
    const auto is_over = [&] { return job_of(ticket_) != seen || stopping_; };
    for (uint32_t i = 0; i < looks_before_sleep; ++i) {
        if (is_over()) return;
        pause();
    }
    std::unique_lock<std::mutex> lock(mutex_);
    ++sleeping_;
    woken_.wait(lock, is_over);
    --sleeping_;
}

void Threads::serve() {
    for (uint32_t seen = 0; !stopping_; seen = job_of(ticket_)) {
        take_parts();
        await_job(seen);
    }
}

} // namespace mote::cli
