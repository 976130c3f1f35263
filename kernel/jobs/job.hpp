// Work that outlives the request: queued in the transaction that wants it, run by a worker process.
#pragma once

#include "kernel/db/pool.hpp"

#include <concejo/json.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kernel::jobs {

struct Job {
    std::string plugin;
    std::string kind;
    concejo::Json payload = concejo::Json::object();
    std::int64_t run_at = 0;  ///< Unix seconds; 0: at once
    int priority = 0;         ///< larger first
    std::string
        unique_key{};  ///< while one with this key waits or runs, another is not queued; empty: always queued
    int max_attempts = 8;  ///< then dead, for a person to look at
};

/// Part of `tx`: runs only if that commits. Answers its id; 0 where the unique key was taken.
std::int64_t enqueue(db::Transaction& tx, const Job& job);

/// One of every_seconds, cron.
struct Schedule {
    std::string plugin;
    std::string kind;
    std::int64_t every_seconds = 0;
    std::string cron{};  ///< five fields: minute hour day-of-month month day-of-week, in `zone`
    std::string zone = "Europe/Madrid";
    concejo::Json payload = concejo::Json::object();
};

/// Declares the tenant's schedules and removes those not in the list any more. One that did not change keeps
/// its next time. Throws Error{invalid} for a cron text that is wrong.
void declare_schedules(db::Pool& pool, const std::string& tenant, const std::vector<Schedule>& schedules);

struct JobInfo {
    std::int64_t id = 0;
    std::string tenant, plugin, kind, state;  ///< waiting, running, done, dead
    int attempts = 0, max_attempts = 0;
    std::string run_at, last_error;
    std::int64_t done = 0, total = 0;  ///< progress
    std::string message;
};

/// Newest first; empty tenant or state: all.
std::vector<JobInfo> list(db::Pool& pool, const std::string& tenant, const std::string& state,
                          std::size_t count = 100);
/// A dead or waiting job runs at once, with its attempts counted anew. False where there is none.
bool retry(db::Pool& pool, std::int64_t id);

}  // namespace kernel::jobs
