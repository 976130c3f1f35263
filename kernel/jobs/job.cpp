#include "kernel/jobs/job.hpp"

#include <fmt/format.h>

namespace kernel::jobs {
namespace {

constexpr const char* columns =
    "id, tenant, plugin, kind, state, attempts, max_attempts, priority, {0}(run_at at time zone 'UTC', {1}), "
    "{0}(created_at at time zone 'UTC', {1}), {0}(started_at at time zone 'UTC', {1}), "
    "{0}(finished_at at time zone 'UTC', {1}), last_error, worker, unique_key, idempotency_key, "
    "cancel_requested_at is not null, progress_done, progress_total, message, payload";

std::string with_columns(const char* sql) {
    return fmt::format(fmt::runtime(sql),
                       fmt::format(fmt::runtime(columns), "to_char", "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'"));
}

JobInfo info(const db::Rows& rows, std::size_t i) {
    JobInfo job;
    job.id = rows.integer(i, 0);
    job.tenant = rows.text(i, 1);
    job.plugin = rows.text(i, 2);
    job.kind = rows.text(i, 3);
    job.state = rows.text(i, 4);
    job.attempts = static_cast<int>(rows.integer(i, 5));
    job.max_attempts = static_cast<int>(rows.integer(i, 6));
    job.priority = static_cast<int>(rows.integer(i, 7));
    job.run_at = rows.text(i, 8);
    job.created_at = rows.text(i, 9);
    job.started_at = rows.text(i, 10);
    job.finished_at = rows.text(i, 11);
    job.last_error = rows.text(i, 12);
    job.worker = rows.text(i, 13);
    job.unique_key = rows.text(i, 14);
    job.idempotency_key = rows.text(i, 15);
    job.cancel_requested = rows.boolean(i, 16);
    job.done = rows.integer(i, 17);
    job.total = rows.integer(i, 18);
    job.message = rows.text(i, 19);
    job.payload = concejo::Json::parse(rows.value(i, 20));
    return job;
}

std::optional<JobInfo> first(const db::Rows& rows) {
    return rows.empty() ? std::nullopt : std::optional(info(rows, 0));
}

}  // namespace

std::int64_t enqueue(db::Transaction& tx, const Job& job) {
    if (tx.tenant().id.empty())
        throw concejo::Error(concejo::ErrorKind::internal,
                             "un trabajo se encola en la transacción de un municipio");
    const std::optional<std::string> unique =
        job.unique_key.empty() ? std::nullopt : std::optional(job.unique_key);
    const auto rows = tx.exec_kernel(
        "insert into concejo.jobs (tenant, plugin, kind, payload, run_at, priority, unique_key, "
        "max_attempts) values ($1, $2, $3, $4, case when $5::bigint = 0 then now() else "
        "to_timestamp($5::bigint) end, $6, $7, $8) on conflict (tenant, plugin, kind, unique_key) where "
        "unique_key is not null and state in ('waiting', 'running') do nothing returning id",
        db::Params(tx.tenant().id, job.plugin, job.kind, job.payload, job.run_at, job.priority, unique,
                   job.max_attempts));
    return rows.empty() ? 0 : rows.integer(0, 0);
}

std::vector<JobInfo> list(db::Transaction& tx, const std::string& state, std::size_t count,
                          std::int64_t before) {
    // One short index scan for each state: (tenant, state, id).
    static const auto sql = with_columns(
        "select {} from unnest(case when $2 = '' then array['waiting', 'running', 'done', 'dead', "
        "'cancelled', 'discarded'] else array[$2] end) of(wanted) cross join lateral (select * from "
        "concejo.jobs where tenant = $1 and state = wanted and ($3 = 0 or id < $3::bigint) order by id desc "
        "limit $4) found order by id desc limit $4");
    const auto rows = tx.exec_kernel(sql, db::Params(tx.tenant().id, state, before, count));
    std::vector<JobInfo> jobs;
    for (std::size_t i = 0; i < rows.rows(); ++i) jobs.push_back(info(rows, i));
    return jobs;
}

std::optional<JobInfo> find(db::Transaction& tx, std::int64_t id) {
    static const auto sql = with_columns("select {} from concejo.jobs where id = $1");
    return first(tx.exec_kernel(sql, db::Params(id)));
}

std::optional<JobInfo> find(db::Transaction& tx, const std::string& plugin, const std::string& kind,
                            const std::string& unique_key) {
    static const auto sql = with_columns(
        "select {} from concejo.jobs where tenant = $1 and plugin = $2 and kind = $3 and unique_key = $4 "
        "order by id desc limit 1");
    return first(tx.exec_kernel(sql, db::Params(tx.tenant().id, plugin, kind, unique_key)));
}

std::vector<StateCount> count(db::Transaction& tx) {
    const auto rows = tx.exec_kernel(
        "select wanted, (select count(*) from (select from concejo.jobs where tenant = $1 and state = wanted "
        "limit $2) counted) from unnest(array['waiting', 'running', 'dead']) of(wanted)",
        db::Params(tx.tenant().id, most_counted));
    std::vector<StateCount> counts;
    for (std::size_t i = 0; i < rows.rows(); ++i) counts.push_back({rows.text(i, 0), rows.integer(i, 1)});
    return counts;
}

bool retry(db::Transaction& tx, std::int64_t id) {
    try {
        return tx.exec_kernel(
                     "update concejo.jobs set state = 'waiting', attempts = 0, run_at = now(), finished_at = "
                     "null, cancel_requested_at = null, progress_done = 0, progress_total = 0, message = '' "
                     "where id = $1 and state in ('dead', 'cancelled', 'waiting')",
                     db::Params(id))
                   .affected() == 1;
    } catch (const db::DbError& error) {
        if (error.sqlstate() != "23505") throw;
        throw concejo::Error(concejo::ErrorKind::conflict,
                             fmt::format("el trabajo {} no se repite: hay otro igual en la cola", id));
    }
}

namespace {

constexpr const char* cancel_sql =
    "update concejo.jobs set state = case when state = 'waiting' then 'cancelled' else state end, "
    "finished_at = case when state = 'waiting' then clock_timestamp() end, cancel_requested_at = "
    "coalesce(cancel_requested_at, clock_timestamp()) where {} and state in ('waiting', 'running') returning "
    "state";

}  // namespace

Cancelled cancel(db::Transaction& tx, std::int64_t id) {
    const auto rows = tx.exec_kernel(fmt::format(fmt::runtime(cancel_sql), "id = $1"), db::Params(id));
    if (rows.empty()) return Cancelled::no;
    return rows.value(0, 0) == "cancelled" ? Cancelled::at_once : Cancelled::asked;
}

void cancel(db::Transaction& tx, const std::string& plugin, const std::string& kind,
            const std::string& unique_key) {
    tx.exec_kernel(fmt::format(fmt::runtime(cancel_sql),
                               "tenant = $1 and plugin = $2 and kind = $3 and unique_key = $4"),
                   db::Params(tx.tenant().id, plugin, kind, unique_key));
}

bool discard(db::Transaction& tx, std::int64_t id) {
    return tx.exec_kernel(
                 "update concejo.jobs set state = 'discarded', finished_at = clock_timestamp() where id = $1 "
                 "and state = 'dead'",
                 db::Params(id))
               .affected() == 1;
}

void changed(db::Transaction& tx) {
    tx.exec_kernel("select pg_notify($1, $2)", db::Params(jobs_channel, tx.tenant().id));
}

}  // namespace kernel::jobs
