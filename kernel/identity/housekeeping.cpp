#include "kernel/identity/housekeeping.hpp"

#include "kernel/identity/row_values.hpp"

namespace kernel::identity {

Removed remove_expired(db::Pool& pool, const base::Clock& clock) {
    using std::chrono::hours;
    const auto now = clock.now();
    const auto week_ago = sql_time(now - hours(24 * 7)), day_ago = sql_time(now - hours(24));
    Removed removed;
    auto tx = pool.begin_kernel();
    removed.sessions =
        tx.exec_kernel("delete from sessions where expires_at < $1 or revoked_at < $1", week_ago).affected();
    removed.attempts = tx.exec_kernel("delete from login_attempts where at < $1", day_ago).affected();
    removed.idempotency_keys =
        tx.exec_kernel("delete from idempotency_keys where created_at < $1", day_ago).affected();
    tx.commit();
    return removed;
}

}  // namespace kernel::identity
