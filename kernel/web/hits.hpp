// How often each route was visited, counted by all workers together: tests ask which ones they forgot.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace kernel::web {

/// Thread-safe, and across processes where there is a file.
class Hits {
public:
    /// One counter for each route, in `file` (mapped; its name should tell the table apart), or in memory
    /// where it is empty or cannot be made.
    Hits(const std::filesystem::path& file, std::size_t routes);
    ~Hits();
    Hits(const Hits&) = delete;
    Hits& operator=(const Hits&) = delete;

    void add(std::size_t route) noexcept {
        if (route < size_) counters_[route].fetch_add(1, std::memory_order_relaxed);
    }
    std::uint64_t count(std::size_t route) const noexcept {
        return route < size_ ? counters_[route].load(std::memory_order_relaxed) : 0;
    }

private:
    using Counter = std::atomic<std::uint64_t>;
    static_assert(Counter::is_always_lock_free && sizeof(Counter) == 8);

    std::size_t size_;
    Counter* counters_ = nullptr;
    std::unique_ptr<Counter[]> own_;
};

}  // namespace kernel::web
