// Counters that all workers of a node share.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace kernel::web {

/// Thread-safe, and across processes where there is a file.
class SharedCounters {
public:
    /// In `file` (mapped), or in this process's own memory where it is empty or cannot be made.
    SharedCounters(const std::filesystem::path& file, std::size_t size);
    ~SharedCounters();
    SharedCounters(const SharedCounters&) = delete;
    SharedCounters& operator=(const SharedCounters&) = delete;

    std::size_t size() const noexcept { return size_; }
    void add(std::size_t n) noexcept {
        if (n < size_) counters_[n].fetch_add(1, std::memory_order_acq_rel);
    }
    std::uint64_t count(std::size_t n) const noexcept {
        return n < size_ ? counters_[n].load(std::memory_order_acquire) : 0;
    }

private:
    using Counter = std::atomic<std::uint64_t>;
    static_assert(Counter::is_always_lock_free && sizeof(Counter) == 8);

    std::size_t size_;
    Counter* counters_ = nullptr;
    std::unique_ptr<Counter[]> own_;
};

}  // namespace kernel::web
