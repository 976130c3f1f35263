// When schedules come next. Internal to kernel/jobs.
#pragma once

#include "kernel/db/transaction.hpp"

#include <string>

namespace kernel::jobs {

/// The next time of a cron text in a zone, as PostgreSQL's timestamptz. The server knows the zones' rules: an
/// hour that summer time skips runs an hour later, one that it repeats runs once. Throws Error{invalid} for a
/// wrong text or zone.
std::string next_time(db::Transaction& tx, const std::string& cron, const std::string& zone);

/// Queues what is due, at most once each however long the platform was away. Answers how many.
std::size_t queue_due_schedules(db::Transaction& tx);

}  // namespace kernel::jobs
