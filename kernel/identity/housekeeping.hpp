// What has run out is removed: the audit keeps what happened.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/db/pool.hpp"

#include <cstdint>

namespace kernel::identity {

struct Removed {
    std::uint64_t sessions = 0, attempts = 0, idempotency_keys = 0;
};

/// Of every tenant of this cluster. Sessions that ended a week ago, attempts and idempotency keys of
/// more than 24 hours. For a job that runs every hour.
Removed remove_expired(db::Pool& pool, const base::Clock& clock);

}  // namespace kernel::identity
