// How often one address, or one account, may ask. Token buckets in this worker's memory: N workers together
// let through up to N times as much, and account locks in the database count everywhere.
#pragma once

#include "kernel/config/platform_config.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace kernel::web {

/// One kind of request: a full bucket at first, refilled evenly. Thread-safe.
class RateLimit {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// 0: no limit. `burst` is how many may come at once.
    RateLimit(double per_minute, double burst) : per_second_(per_minute / 60), burst_(burst) {}

    /// Nothing: go on. Otherwise how long to wait for the next one.
    std::optional<std::chrono::seconds> take(std::string_view key, Time now);

    std::size_t keys() const;

private:
    struct Bucket {
        double tokens;
        Time seen;
    };
    void sweep(Time now);

    double per_second_, burst_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Bucket> buckets_;
    Time swept_{};
};

struct RateLimits {
    explicit RateLimits(const config::HttpRates& rates)
        : pages(rates.pages_per_address, rates.pages_per_address),
          writes(rates.writes_per_address, rates.writes_per_address / 2.0),
          logins(rates.logins_per_address, rates.logins_per_address),
          accounts(rates.logins_per_account, rates.logins_per_account) {}

    RateLimit pages, writes, logins, accounts;
};

}  // namespace kernel::web
