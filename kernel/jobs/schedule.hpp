// What repeats: declared by plugins, kept in the database, queued when it is due by whichever worker looks
// first.
#pragma once

#include "kernel/db/pool.hpp"

#include <concejo/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kernel::jobs {

/// One of every_seconds, cron, rrule.
struct Schedule {
    std::string plugin;
    std::string kind;
    std::int64_t every_seconds = 0;
    std::string cron{};   ///< five fields: minute hour day-of-month month day-of-week, in `zone`
    std::string rrule{};  ///< RFC 5545, in `zone`; see rrule.hpp
    std::string start{};  ///< its DTSTART: "2026-01-31T03:00", in `zone`
    std::string zone = "Europe/Madrid";
    std::int64_t late_seconds = 0;  ///< a run later than this is left out; 0: it runs however late
    int priority = 0;
    int max_attempts = 8;
    concejo::Json payload = concejo::Json::object();
};

/// Declares the tenant's schedules and removes those not in the list any more. One that did not change keeps
/// its next time. Throws Error{invalid} for a wrong text or zone.
void declare_schedules(db::Pool& pool, const std::string& tenant, const std::vector<Schedule>& schedules);

/// Queues what is due. However many times one was missed, it runs once, and not at all where it is later than
/// its `late_seconds`, or while the run before it waits or runs. Answers how many were due.
std::size_t queue_due_schedules(db::Transaction& tx);

}  // namespace kernel::jobs
