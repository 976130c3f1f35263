// Wall clocks of zones: what a rule's local time is as an instant.
#pragma once

#include "kernel/db/transaction.hpp"
#include "kernel/jobs/cron.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace kernel::jobs {

/// Seconds east of UTC that a zone keeps at an instant (Unix seconds).
class Zone {
public:
    virtual ~Zone() = default;
    virtual std::int64_t offset_at(std::int64_t instant) = 0;

    /// The wall clock, to the minute begun.
    LocalMinute local(std::int64_t instant);
    /// As RFC 5545 (section 3.3.5) reads a local time: one that comes twice is the first, one that summer
    /// time skips counts with the offset before the gap (02:30 is what the clock shows as 03:30).
    std::int64_t instant(LocalMinute local);
};

/// What the database server knows of zones: the system's tzdata, the same that every query uses. Throws
/// Error{invalid} for a zone that it does not know.
class ServerZone final : public Zone {
public:
    ServerZone(db::Transaction& tx, std::string name) : tx_(tx), name_(std::move(name)) {}
    std::int64_t offset_at(std::int64_t instant) override;

private:
    db::Transaction& tx_;
    const std::string name_;
    std::map<std::int64_t, std::int64_t> known_;
};

std::int64_t to_seconds(LocalMinute time);

}  // namespace kernel::jobs
