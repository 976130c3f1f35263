// Threads for what may block, with a bounded queue before them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace kernel::http {

class WorkerPool {
public:
    WorkerPool(unsigned threads, std::size_t queue_limit);
    ~WorkerPool() { finish(); }

    /// Drops what waits, waits for what runs, ends the threads. Offers after it are refused.
    void finish();

    /// False when the queue is full. Tasks must not throw.
    bool offer(std::function<void()> task);
    /// Without the limit: the continuation of an answer that has begun.
    void push(std::function<void()> task);

    std::size_t waiting() const;
    std::size_t running() const noexcept { return running_; }

private:
    void work();

    const std::size_t limit_;
    mutable std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<std::function<void()>> queue_;
    std::atomic<std::size_t> running_{0};
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace kernel::http
