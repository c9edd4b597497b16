#include "text_scan.h"

#include "mote.h"
#include "stop.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace mote::cli {

namespace {

/* A thread takes so many blocks at a time; a text of fewer is not worth a second thread. */
constexpr size_t blocks_at_once = 256;
/* Each has counts of its own, and a disk gives no more than that many can read. */
constexpr size_t most_workers = 8;

uint64_t hash_of(const Text &text) {
    uint64_t hash = MOTE_FNV_START;
    std::string room;
    for (size_t i = 0; i < text.blocks(); ++i) {
        const std::string_view block = text.block(i, room);
        hash = mote_fnv1a(hash, block.data(), block.size());
        if (i % blocks_at_once == 0) throw_if_stopped("reading the corpus");
    }
    return hash;
}

/* The first failure of several threads. */
class Failures {
  public:
    bool any() const { return any_; }
    void keep(std::exception_ptr failure) {
        std::lock_guard<std::mutex> lock(mutex_);
        if (failure_ == nullptr) failure_ = std::move(failure);
        any_ = true;
    }
    void rethrow() const {
        if (failure_ != nullptr) std::rethrow_exception(failure_);
    }

  private:
    std::atomic<bool> any_{false};
    std::mutex mutex_;
    std::exception_ptr failure_;
};

} // namespace

size_t workers_for(const Text &text) {
    const size_t cores = std::max(1u, std::thread::hardware_concurrency());
    return std::clamp<size_t>(text.blocks() / blocks_at_once, 1, std::min(cores, most_workers));
}

void for_each_block(const Text &text, size_t workers, const BlockWork &work, const std::function<void()> &meanwhile) {
    std::atomic<size_t> taken{0};
    Failures failures;
    auto guarded = [&](const std::function<void()> &what) {
        try {
            what();
        } catch (...) {
            failures.keep(std::current_exception());
        }
    };
    auto read = [&](size_t worker) {
        std::string room;
        for (size_t first; (first = blocks_at_once * taken++) < text.blocks() && !failures.any();)
            for (size_t i = first; i < std::min(first + blocks_at_once, text.blocks()); ++i)
                work(worker, i, text.block(i, room));
    };
    std::vector<std::thread> threads;
    for (size_t i = 0; i + 1 < workers; ++i) threads.emplace_back([&, i] { guarded([&] { read(i); }); });
    guarded(meanwhile);
    guarded([&] { read(workers - 1); });
    for (std::thread &thread : threads) thread.join();
    failures.rethrow();
}

void add_up(std::vector<size_t> &counts) {
    size_t sum = 0;
    for (size_t &count : counts) count = sum += count;
}

TextScan scan(const Text &text) {
    const size_t workers = workers_for(text);
    TextScan result{{}, std::vector<size_t>(text.blocks()), 0};
    std::vector<CharacterCounts> counts(workers);
    std::atomic<size_t> refused{SIZE_MAX}; /* the first block that is not UTF-8 */
    auto count = [&](size_t worker, size_t block, std::string_view characters) {
        result.ends[block] = counts[worker].add(characters);
        if (result.ends[block] != CharacterCounts::not_utf8) return;
        for (size_t first = refused; block < first && !refused.compare_exchange_weak(first, block);) continue;
    };
    for_each_block(text, workers, count, [&] { result.hash = hash_of(text); });
    if (refused != SIZE_MAX) text.refuse(refused);
    for (size_t i = 1; i < workers; ++i) counts[0].add(counts[i]);
    result.characters = counts[0].sorted();
    add_up(result.ends);
    return result;
}

} // namespace mote::cli
