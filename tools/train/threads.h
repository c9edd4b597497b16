#pragma once

#include "mote_shards.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace mote::cli {

/* Threads that share work: above all a trainer's steps. A step is made of stages of some ten microseconds, so that a
 * thread waits for the next one awake for a while before it sleeps. */
class Threads {
  public:
    /* `count` in all, the one that calls included. Throws Failure where the system gives none. */
    explicit Threads(uint32_t count);
    ~Threads();
    Threads(const Threads &) = delete;
    Threads &operator=(const Threads &) = delete;

    /* From now on the trainer's steps are cut into as many parts as there are threads. */
    void share(mote_trainer *trainer);
    void share(mote_shards *shards);

    uint32_t count() const { return static_cast<uint32_t>(threads_.size() + 1); }
    /* Calls part(i) once for each i below `parts` (1 … 255), and returns when all have returned. It must not throw. */
    void run(uint32_t parts, const std::function<void(uint32_t)> &part);

  private:
    static void run_tasks(void *self, mote_task_fn part, void *work, uint32_t parts);
    void start(mote_task_fn part, void *work, uint32_t parts);
    void take_parts();
    void serve();
    void stop();
    void await_job(uint32_t seen);

    std::vector<std::thread> threads_;
    mote_task_fn part_ = nullptr; /* the job: it stays as it is until its last part is done */
    void *work_ = nullptr;
    /* Job (32 bits), its parts (8) and the next of them (24) in one number: whoever takes a part knows by it that the
     * job still lasts, so that nobody has to wait for a thread that has not come. */
    std::atomic<uint64_t> ticket_{0};
    std::atomic<uint32_t> done_{0};
    std::atomic<bool> stopping_{false};
    std::atomic<uint32_t> sleeping_{0};
    std::mutex mutex_; /* of those who sleep */
    std::condition_variable woken_;
};

} // namespace mote::cli
