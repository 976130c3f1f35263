#include "kernel/jobs/job.hpp"

namespace kernel::jobs {

std::int64_t enqueue(db::Transaction& tx, const Job& job) {
    if (tx.tenant().id.empty())
        throw concejo::Error(concejo::ErrorKind::internal,
                             "un trabajo se encola en la transacción de un municipio");
    const std::optional<std::string> unique =
        job.unique_key.empty() ? std::nullopt : std::optional(job.unique_key);
    const auto rows = tx.exec_kernel(
        "insert into concejo.jobs (tenant, plugin, kind, payload, run_at, priority, unique_key, "
        "max_attempts) "
        "values ($1, $2, $3, $4, case when $5::bigint = 0 then now() else to_timestamp($5::bigint) end, $6, "
        "$7, $8) "
        "on conflict (tenant, plugin, kind, unique_key) where unique_key is not null and state in "
        "('waiting', 'running') do nothing "
        "returning id",
        db::Params(tx.tenant().id, job.plugin, job.kind, job.payload, job.run_at, job.priority, unique,
                   job.max_attempts));
    return rows.empty() ? 0 : rows.integer(0, 0);
}

std::vector<JobInfo> list(db::Pool& pool, const std::string& tenant, const std::string& state,
                          std::size_t count) {
    auto tx = pool.begin_kernel(tenant);
    const auto rows = tx.exec(
        "select id, tenant, plugin, kind, state, attempts, max_attempts, "
        "to_char(run_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), last_error, progress_done, "
        "progress_total, message "
        "from concejo.jobs where ($1 = '' or state = $1) order by id desc limit $2",
        db::Params(state, count));
    std::vector<JobInfo> jobs;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        jobs.push_back({rows.integer(i, 0), rows.text(i, 1), rows.text(i, 2), rows.text(i, 3),
                        rows.text(i, 4), static_cast<int>(rows.integer(i, 5)),
                        static_cast<int>(rows.integer(i, 6)), rows.text(i, 7), rows.text(i, 8),
                        rows.integer(i, 9), rows.integer(i, 10), rows.text(i, 11)});
    }
    return jobs;
}

bool retry(db::Pool& pool, std::int64_t id) {
    auto tx = pool.begin_kernel();
    const auto done =
        tx.exec(
              "update concejo.jobs set state = 'waiting', attempts = 0, run_at = now(), finished_at = null "
              "where id = $1 and state in ('dead', 'waiting')",
              db::Params(id))
            .affected();
    tx.commit();
    return done == 1;
}

}  // namespace kernel::jobs
