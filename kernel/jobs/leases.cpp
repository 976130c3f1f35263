#include "kernel/jobs/leases.hpp"

#include "kernel/jobs/schedule.hpp"

#include <fmt/format.h>

namespace kernel::jobs {
namespace {

constexpr const char* take_first =
    "update concejo.jobs set state = 'running', attempts = attempts + 1, lease_token = gen_random_uuid(), "
    "worker = $2, lease_until = clock_timestamp() + make_interval(secs => $1), started_at = "
    "clock_timestamp(), progress_done = 0, progress_total = 0, message = '' where id = (select id from "
    "concejo.jobs where state = 'waiting' and run_at <= now() order by priority desc, run_at, id limit 1 for "
    "update skip locked) returning id, payload, attempts, max_attempts, idempotency_key, tenant, plugin, "
    "kind, lease_token, alone";

// Only from the head of the queue, so that a search for more of one kind never walks over all the others;
// wide enough for several workers that look at the same head.
constexpr const char* take_more =
    "with head as materialized (select id, tenant, plugin, kind, alone from concejo.jobs where state = "
    "'waiting' and run_at <= now() order by priority desc, run_at, id limit $7 * 4), mine as materialized "
    "(select id from concejo.jobs where id in (select id from head where tenant = $3 and plugin = $4 and "
    "kind = $5 and not alone) and state = 'waiting' limit $7 for update skip locked) update concejo.jobs j "
    "set state = 'running', attempts = attempts + 1, lease_token = $6, worker = $2, lease_until = "
    "clock_timestamp() + make_interval(secs => $1), started_at = clock_timestamp(), progress_done = 0, "
    "progress_total = 0, message = '' from mine where j.id = mine.id returning j.id, payload, attempts, "
    "max_attempts, idempotency_key";

Taken taken(const db::Rows& rows, std::size_t i) {
    return {rows.integer(i, 0), rows.text(i, 4), static_cast<int>(rows.integer(i, 2)),
            static_cast<int>(rows.integer(i, 3)), concejo::Json::parse(rows.value(i, 1))};
}

/// (id, token) of every job of every lease, as two arrays.
std::pair<std::string, std::string> ids_and_tokens(const std::vector<const Lease*>& leases) {
    std::string ids, tokens;
    for (const auto* lease : leases) {
        for (const auto& job : lease->jobs) {
            ids += (ids.empty() ? "" : ",") + std::to_string(job.id);
            tokens += (tokens.empty() ? "" : ",") + lease->token;
        }
    }
    return {"{" + ids + "}", "{" + tokens + "}"};
}

constexpr const char* give_up =
    "update concejo.jobs set state = case when cancel_requested_at is null then 'waiting' else 'cancelled' "
    "end, finished_at = case when cancel_requested_at is not null then clock_timestamp() end, lease_token = "
    "null, lease_until = null, attempts = attempts - 1, run_at = now(), alone = alone or $3 where id = "
    "any($1::bigint[]) and lease_token = $2 and state = 'running'";

}  // namespace

std::string id_array(const std::vector<Taken>& jobs) {
    std::string text;
    for (const auto& job : jobs) text += (text.empty() ? "" : ",") + std::to_string(job.id);
    return "{" + text + "}";
}

std::optional<Lease> Leases::take() {
    auto tx = pool_.begin_kernel({}, not_durable);
    const auto rows = tx.exec(take_first, db::Params(options_.lease.count(), options_.worker));
    if (rows.empty()) return std::nullopt;
    Lease lease{db::Tenant::of(rows.value(0, 5)), rows.text(0, 6), rows.text(0, 7), rows.text(0, 8), {}, {}};
    lease.jobs.push_back(taken(rows, 0));
    if (options_.policies) lease.policy = options_.policies(lease.plugin, lease.kind);
    if (lease.policy.batch > 1 && !rows.boolean(0, 9)) add_more(tx, lease);
    tx.commit();
    return lease;
}

void Leases::add_more(db::Transaction& tx, Lease& lease) {
    const auto rows =
        tx.exec(take_more, db::Params(options_.lease.count(), options_.worker, lease.tenant.id, lease.plugin,
                                      lease.kind, lease.token, lease.policy.batch - 1));
    for (std::size_t i = 0; i < rows.rows(); ++i) lease.jobs.push_back(taken(rows, i));
}

std::vector<Leases::Beat> Leases::renew(const std::vector<const Lease*>& leases) {
    if (leases.empty()) return {};
    auto tx = pool_.begin_kernel({}, not_durable);
    const auto [ids, tokens] = ids_and_tokens(leases);
    const auto rows = tx.exec(
        "update concejo.jobs j set lease_until = clock_timestamp() + make_interval(secs => $3) from "
        "unnest($1::bigint[], $2::uuid[]) mine(id, token) where j.id = mine.id and j.lease_token = "
        "mine.token and j.state = 'running' returning j.lease_token, j.cancel_requested_at is not null",
        db::Params(ids, tokens, options_.lease.count()));
    tx.commit();
    std::vector<Beat> beats;
    for (const auto* lease : leases) {
        std::size_t held = 0;
        Beat beat;
        for (std::size_t i = 0; i < rows.rows(); ++i) {
            if (rows.value(i, 0) != lease->token) continue;
            ++held;
            beat.cancelled = beat.cancelled || rows.boolean(i, 1);
        }
        beat.lost = held < lease->jobs.size();
        beats.push_back(beat);
    }
    return beats;
}

std::vector<bool> Leases::cancelled(const std::vector<const Lease*>& leases) {
    std::vector<bool> out(leases.size(), false);
    if (leases.empty()) return out;
    auto tx = pool_.begin_kernel({}, not_durable);
    const auto [ids, tokens] = ids_and_tokens(leases);
    const auto rows = tx.exec(
        "select lease_token from concejo.jobs where id = any($1::bigint[]) and lease_token = any($2::uuid[]) "
        "and cancel_requested_at is not null",
        db::Params(ids, tokens));
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        for (std::size_t n = 0; n < leases.size(); ++n)
            if (leases[n]->token == rows.value(i, 0)) out[n] = true;
    }
    return out;
}

void Leases::hand_back(const Lease& lease) {
    auto tx = pool_.begin_kernel();
    tx.exec(give_up, db::Params(id_array(lease.jobs), lease.token, false));
    tx.commit();
}

void Leases::postpone(const Lease& lease, const std::string& why, std::chrono::seconds pause) {
    pool_.with_retry([&](db::Pool& pool) {
        auto tx = pool.begin_kernel(lease.tenant.id);
        tx.exec(
            "update concejo.jobs set state = case when cancel_requested_at is null then 'waiting' else "
            "'cancelled' end, attempts = attempts - 1, lease_token = null, lease_until = null, run_at = "
            "clock_timestamp() + make_interval(secs => $3), last_error = $4, finished_at = case when "
            "cancel_requested_at is not null then clock_timestamp() end where id = any($1::bigint[]) and "
            "lease_token = $2 and state = 'running'",
            db::Params(id_array(lease.jobs), lease.token, pause.count(), why.substr(0, 4000)));
        tx.commit();
    });
}

void Leases::split(const Lease& lease) {
    auto tx = pool_.begin_kernel();
    tx.exec(give_up, db::Params(id_array(lease.jobs), lease.token, true));
    tx.commit();
}

// One that has lost its worker twice may be what kills them: it runs alone, later and later.
void Leases::recover() {
    auto tx = pool_.begin_kernel();
    const auto lost = tx.exec(
        "update concejo.jobs set state = case when cancel_requested_at is not null then 'cancelled' when "
        "attempts >= max_attempts then 'dead' else 'waiting' end, lease_token = null, lease_until = null, "
        "alone = attempts >= 2, run_at = now() + make_interval(secs => case when attempts < 2 then 0 else "
        "least(60, power(2, attempts - 2)) end), last_error = 'el proceso que lo hacía (' || "
        "coalesce(worker, '') || ') desapareció', finished_at = case when attempts >= max_attempts or "
        "cancel_requested_at is not null then now() end where id in (select id from concejo.jobs where state "
        "= 'running' and lease_until < now() limit 1000 for update skip locked) returning tenant");
    queue_due_schedules(tx);
    tx.exec(
        "delete from concejo.jobs where id in (select id from concejo.jobs where state in ('done', "
        "'cancelled', 'discarded') and finished_at < now() - interval '30 days' limit 500)");
    for (std::size_t i = 0; i < lost.rows(); ++i) tx.notify(jobs_channel, lost.value(i, 0));
    tx.commit();
}

void Leases::announce(const std::vector<std::string>& tenants) {
    if (tenants.empty()) return;
    auto tx = pool_.begin_kernel({}, not_durable);
    tx.exec("select pg_notify($1, tenant) from unnest($2::text[]) t(tenant)",
            db::Params(jobs_channel, db::text_array(tenants)));
    tx.commit();
}

}  // namespace kernel::jobs
