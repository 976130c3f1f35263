#include "kernel/jobs/schedule.hpp"

#include "kernel/jobs/cron.hpp"
#include "kernel/jobs/job.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kernel::jobs {

using namespace std::chrono;

std::string next_time(db::Transaction& tx, const std::string& cron, const std::string& zone) {
    const auto parsed = Cron::parse(cron);
    const auto now = tx.exec(
        "select extract(year from t), extract(month from t), extract(day from t), extract(hour from t), "
        "extract(minute from t) "
        "from (select now() at time zone $1) x(t)",
        db::Params(zone));
    const auto part = [&](std::size_t column) { return static_cast<int>(now.integer(0, column)); };
    const LocalMinute local =
        local_days(year(part(0)) / part(1) / part(2)) + hours(part(3)) + minutes(part(4));
    const auto next = parsed.next_after(local);
    const auto day = floor<days>(next);
    const year_month_day date{day};
    const auto text = fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", static_cast<int>(date.year()),
                                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                  (next - day).count() / 60, (next - day).count() % 60);
    // In the repeated hour PostgreSQL takes the second 02:30, in the skipped one the instant an hour later.
    return tx.exec("select ($1::timestamp at time zone $2)::text", db::Params(text, zone)).text(0, 0);
}

void declare_schedules(db::Pool& pool, const std::string& tenant, const std::vector<Schedule>& schedules) {
    auto tx = pool.begin_kernel(tenant);
    const auto known = tx.exec("select plugin, kind from concejo.schedules where tenant = $1 for update",
                               db::Params(tenant));
    for (std::size_t i = 0; i < known.rows(); ++i) {
        const bool kept = std::any_of(schedules.begin(), schedules.end(), [&](const Schedule& s) {
            return s.plugin == known.value(i, 0) && s.kind == known.value(i, 1);
        });
        if (!kept)
            tx.exec("delete from concejo.schedules where tenant = $1 and plugin = $2 and kind = $3",
                    db::Params(tenant, known.value(i, 0), known.value(i, 1)));
    }
    for (const auto& s : schedules) {
        if ((s.every_seconds > 0) == !s.cron.empty())
            throw concejo::Error(
                concejo::ErrorKind::invalid,
                s.plugin + "/" + s.kind + ": una programación lleva every_seconds o cron, y solo uno");
        const std::optional<std::string> cron = s.cron.empty() ? std::nullopt : std::optional(s.cron);
        const std::optional<std::int64_t> every =
            s.cron.empty() ? std::optional(s.every_seconds) : std::nullopt;
        const std::optional<std::string> first =
            cron ? std::optional(next_time(tx, s.cron, s.zone)) : std::nullopt;
        tx.exec(
            "insert into concejo.schedules as old (tenant, plugin, kind, every_seconds, cron, zone, payload, "
            "next_at) "
            "values ($1, $2, $3, $4, $5, $6, $7, coalesce($8::timestamptz, now() + make_interval(secs => "
            "$4::bigint))) "
            "on conflict (tenant, plugin, kind) do update set every_seconds = excluded.every_seconds, cron = "
            "excluded.cron, "
            "zone = excluded.zone, payload = excluded.payload, next_at = case when (old.every_seconds, "
            "old.cron, old.zone) is not distinct from "
            "(excluded.every_seconds, excluded.cron, excluded.zone) then old.next_at else excluded.next_at "
            "end",
            db::Params(tenant, s.plugin, s.kind, every, cron, s.zone, s.payload, first));
    }
    tx.commit();
}

std::size_t queue_due_schedules(db::Transaction& tx) {
    const auto due = tx.exec(
        "select tenant, plugin, kind, every_seconds, cron, zone, payload from concejo.schedules "
        "where next_at <= now() order by next_at limit 200 for update skip locked");
    for (std::size_t i = 0; i < due.rows(); ++i) {
        tx.exec(
            "insert into concejo.jobs (tenant, plugin, kind, payload, unique_key) values ($1, $2, $3, $4, "
            "'schedule') "
            "on conflict (tenant, plugin, kind, unique_key) where unique_key is not null and state in "
            "('waiting', 'running') do nothing",
            db::Params(due.value(i, 0), due.value(i, 1), due.value(i, 2), due.value(i, 6)));
        const auto next =
            due.is_null(i, 4) ? std::nullopt : std::optional(next_time(tx, due.text(i, 4), due.text(i, 5)));
        tx.exec(
            "update concejo.schedules set last_at = now(), next_at = coalesce($4::timestamptz, "
            "greatest(next_at + make_interval(secs => every_seconds), now())) where tenant = $1 and plugin = "
            "$2 and kind = $3",
            db::Params(due.value(i, 0), due.value(i, 1), due.value(i, 2), next));
    }
    return due.rows();
}

}  // namespace kernel::jobs
