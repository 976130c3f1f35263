// How long to wait before a worker that died of nobody knows what is replaced.
#pragma once

#include <algorithm>
#include <chrono>

namespace kernel::supervisor {

/// At once the first time, doubling up to 30 s while they keep dying young (before 60 s).
class Backoff {
public:
    std::chrono::milliseconds next(std::chrono::steady_clock::duration lived) {
        using namespace std::chrono_literals;
        if (lived > 60s) wait_ = 0ms;
        const auto now = wait_;
        wait_ = wait_ == 0ms ? 200ms : std::min<std::chrono::milliseconds>(wait_ * 2, 30s);
        return now;
    }

private:
    std::chrono::milliseconds wait_{0};
};

}  // namespace kernel::supervisor
