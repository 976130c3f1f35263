#include "kernel/http/worker_pool.hpp"

#include <utility>

namespace kernel::http {

WorkerPool::WorkerPool(unsigned threads, std::size_t queue_limit) : limit_(queue_limit) {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

void WorkerPool::finish() {
    std::deque<std::function<void()>> dropped;  // destroyed without the lock
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        dropped.swap(queue_);
    }
    ready_.notify_all();
    for (auto& thread : threads_)
        if (thread.joinable()) thread.join();
}

bool WorkerPool::offer(std::function<void()> task) {
    {
        std::lock_guard lock(mutex_);
        if (stopping_ || queue_.size() >= limit_) return false;
        queue_.push_back(std::move(task));
    }
    ready_.notify_one();
    return true;
}

void WorkerPool::push(std::function<void()> task) {
    {
        std::lock_guard lock(mutex_);
        queue_.push_back(std::move(task));
    }
    ready_.notify_one();
}

std::size_t WorkerPool::waiting() const {
    std::lock_guard lock(mutex_);
    return queue_.size();
}

void WorkerPool::work() {
    for (;;) {
        std::function<void()> task;
        {
            std::unique_lock lock(mutex_);
            ready_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (stopping_) return;
            task = std::move(queue_.front());
            queue_.pop_front();
        }
        ++running_;
        task();
        --running_;
    }
}

}  // namespace kernel::http
