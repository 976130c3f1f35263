// Work that outlives the request: queued in the transaction that wants it, run by a worker process.
#pragma once

#include "kernel/db/pool.hpp"

#include <concejo/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kernel::jobs {

/// Heard (with the tenant's id) soon after something about its jobs changed. Workers gather their changes: a
/// NOTIFY in every step's COMMIT would make all of them wait for each other.
inline constexpr const char* jobs_channel = "concejo_jobs";

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

struct JobInfo {
    std::int64_t id = 0;
    std::string tenant, plugin, kind;
    std::string state;  ///< waiting, running, done, dead, cancelled, discarded
    int attempts = 0, max_attempts = 0, priority = 0;
    std::string run_at, created_at, started_at, finished_at;  ///< "2026-11-25T10:00:00Z"; empty: not yet
    std::string last_error, worker, unique_key, idempotency_key;
    bool cancel_requested = false;
    std::int64_t done = 0, total = 0;  ///< progress
    std::string message;
    concejo::Json payload;
};

/// Newest first; empty state: all; `before` (an id) continues a list. In a kernel transaction of the tenant.
std::vector<JobInfo> list(db::Transaction& tx, const std::string& state, std::size_t count = 100,
                          std::int64_t before = 0);
std::optional<JobInfo> find(db::Transaction& tx, std::int64_t id);
/// The plugin's own of that kind and unique key, the newest: for pages that show how it goes.
std::optional<JobInfo> find(db::Transaction& tx, const std::string& plugin, const std::string& kind,
                            const std::string& unique_key);

struct StateCount {
    std::string state;
    std::int64_t jobs = 0;  ///< at most `most_counted`
};
inline constexpr int most_counted = 1'000;
std::vector<StateCount> count(db::Transaction& tx);

/// A dead, cancelled or waiting job runs at once, with its attempts counted anew and the same idempotency
/// key. False where there is none. Throws Error{conflict} where another with its unique key waits or runs.
bool retry(db::Transaction& tx, std::int64_t id);

enum class Cancelled { no, at_once, asked };
/// Waiting: out of the queue at once. Running: its handler is told, and its commit refused.
Cancelled cancel(db::Transaction& tx, std::int64_t id);
/// In the transaction of whoever queued it: those of that key that wait or run.
void cancel(db::Transaction& tx, const std::string& plugin, const std::string& kind,
            const std::string& unique_key);
/// A dead job is put away by a person. False where there is none.
bool discard(db::Transaction& tx, std::int64_t id);

/// Tells whoever watches, when `tx` commits.
void changed(db::Transaction& tx);

}  // namespace kernel::jobs
