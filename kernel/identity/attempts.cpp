#include "kernel/identity/attempts.hpp"

#include "kernel/identity/row_values.hpp"

#include <algorithm>

namespace kernel::identity {
namespace {

using std::chrono::seconds;

/// One at a time for each login and each prefix, in this order everywhere, so that no two wait for each
/// other.
void take_turn(db::Transaction& tx, std::string_view login, std::string_view ip_prefix) {
    const auto& tenant = tx.tenant().id;
    tx.exec_kernel(
        "select pg_advisory_xact_lock(hashtextextended('concejo.login.' || $1 || '.' || lower($2), 0))",
        db::Params(tenant, login));
    if (!ip_prefix.empty())
        tx.exec_kernel(
            "select pg_advisory_xact_lock(hashtextextended('concejo.address.' || $1 || '.' || $2, 0))",
            db::Params(tenant, ip_prefix));
}

struct Failures {
    int count = 0;
    std::optional<base::TimePoint> last;
};

Failures read(const db::Rows& rows) {
    return {static_cast<int>(rows.integer(0, 0)), optional_time_at(rows, 0, 1)};
}

Failures of_account(db::Transaction& tx, std::string_view login, base::TimePoint since) {
    return read(tx.exec_kernel(
        "select count(*), (extract(epoch from max(at)) * 1000)::bigint from login_attempts "
        "where tenant = $1 and lower(login) = lower($2) and not succeeded and at > $3 and id > coalesce("
        "(select max(id) from login_attempts where tenant = $1 and lower(login) = lower($2) and succeeded), "
        "0)",
        db::Params(tx.tenant().id, login, sql_time(since))));
}

Failures of_address(db::Transaction& tx, std::string_view ip_prefix, base::TimePoint since) {
    return read(
        tx.exec_kernel("select count(*), (extract(epoch from max(at)) * 1000)::bigint from login_attempts "
                       "where tenant = $1 and ip_prefix = $2 and not succeeded and at > $3",
                       db::Params(tx.tenant().id, ip_prefix, sql_time(since))));
}

std::optional<base::TimePoint> lock_end(const LockRule& rule, const Failures& failures, base::TimePoint now) {
    if (!failures.last) return std::nullopt;
    const auto until = *failures.last + rule.wait_after(failures.count);
    return until > now ? std::optional(until) : std::nullopt;
}

seconds doubled(seconds first, int times, seconds longest) {
    for (; times > 0 && first < longest; --times) first *= 2;
    return std::min(first, longest);
}

}  // namespace

seconds LockRule::wait_after(int count) const {
    if (count >= failures) return doubled(first, count - failures, longest);
    return gradual && count >= 3 ? doubled(seconds(1), count - 3, first) : seconds(0);
}

Attempt Attempts::begin(db::Transaction& tx, std::string_view login, std::string_view ip_prefix,
                        base::TimePoint now) const {
    take_turn(tx, login, ip_prefix);
    Attempt attempt;
    const auto account = of_account(tx, login, now - rules_.memory);
    attempt.locked = lock_end(rules_.account, account, now);
    if (!ip_prefix.empty()) {
        const auto address =
            lock_end(rules_.address, of_address(tx, ip_prefix, now - rules_.address_memory), now);
        if (address && (!attempt.locked || *address > *attempt.locked)) attempt.locked = address;
    }
    attempt.failures = account.count;
    if (attempt.locked) return attempt;
    const auto rows = tx.exec_kernel(
        "insert into login_attempts (tenant, login, ip_prefix, succeeded, at) values ($1, $2, nullif($3, "
        "''), false, $4) returning id",
        db::Params(tx.tenant().id, login, ip_prefix, sql_time(now)));
    attempt.id = rows.integer(0, 0);
    ++attempt.failures;
    return attempt;
}

void Attempts::succeeded(db::Transaction& tx, const Attempt& attempt) const {
    tx.exec_kernel("update login_attempts set succeeded = true where id = $1 and tenant = $2",
                   db::Params(attempt.id, tx.tenant().id));
}

void Attempts::withdrawn(db::Transaction& tx, const Attempt& attempt) const {
    tx.exec_kernel("delete from login_attempts where id = $1 and tenant = $2",
                   db::Params(attempt.id, tx.tenant().id));
}

}  // namespace kernel::identity
