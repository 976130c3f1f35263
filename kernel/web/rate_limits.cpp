#include "kernel/web/rate_limits.hpp"

#include <algorithm>
#include <cmath>

namespace kernel::web {

std::optional<std::chrono::seconds> RateLimit::take(std::string_view key, Time now) {
    if (per_second_ <= 0) return std::nullopt;
    const double room = std::max(1.0, burst_);
    std::lock_guard lock(mutex_);
    sweep(now);
    auto& bucket = buckets_.try_emplace(std::string(key), Bucket{room, now}).first->second;
    const std::chrono::duration<double> passed = now - bucket.seen;
    bucket.tokens = std::min(room, bucket.tokens + passed.count() * per_second_);
    bucket.seen = now;
    if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return std::nullopt;
    }
    return std::chrono::seconds(static_cast<long>(std::ceil((1 - bucket.tokens) / per_second_)));
}

std::size_t RateLimit::keys() const {
    std::lock_guard lock(mutex_);
    return buckets_.size();
}

// A bucket that is full again says nothing: it is forgotten, so that memory is bounded by who asked lately.
void RateLimit::sweep(Time now) {
    if (now - swept_ < std::chrono::minutes(1)) return;
    swept_ = now;
    const std::chrono::duration<double> full(std::max(1.0, burst_) / per_second_);
    std::erase_if(buckets_, [&](const auto& entry) { return now - entry.second.seen > full; });
}

}  // namespace kernel::web
