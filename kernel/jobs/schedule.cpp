#include "kernel/jobs/schedule.hpp"

#include "kernel/base/log.hpp"
#include "kernel/jobs/recurrence.hpp"

#include <algorithm>

namespace kernel::jobs {
namespace {

std::optional<std::string> given(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

Recurrence recurrence_of(const std::string& cron, const std::string& rrule, const std::string& start) {
    return cron.empty() ? Recurrence::of_rrule(rrule, start) : Recurrence::of_cron(cron);
}

std::optional<std::int64_t> next_time(db::Transaction& tx, const Recurrence& rule,
                                      const std::string& zone_name) {
    ServerZone zone(tx, zone_name);
    const auto now = tx.exec("select floor(extract(epoch from now()))::bigint").integer(0, 0);
    return rule.next(zone, now);
}

void check(const Schedule& s) {
    const auto ways = (s.every_seconds > 0) + !s.cron.empty() + !s.rrule.empty();
    if (ways != 1)
        throw concejo::Error(
            concejo::ErrorKind::invalid,
            s.plugin + "/" + s.kind + ": un horario lleva every_seconds, cron o rrule, y solo uno");
    if (s.rrule.empty() != s.start.empty())
        throw concejo::Error(concejo::ErrorKind::invalid,
                             s.plugin + "/" + s.kind + ": «rrule» y «start» (2026-01-31T03:00) van juntos");
}

void declare(db::Transaction& tx, const std::string& tenant, const Schedule& s) {
    check(s);
    const bool by_rule = s.every_seconds <= 0;
    const auto first =
        by_rule ? next_time(tx, recurrence_of(s.cron, s.rrule, s.start), s.zone) : std::nullopt;
    tx.exec(
        "insert into concejo.schedules as old (tenant, plugin, kind, every_seconds, cron, rrule, start, "
        "zone, late_seconds, priority, max_attempts, payload, next_at) values ($1, $2, $3, $4, $5, $6, $7, "
        "$8, $9, $10, $11, $12, case when $4::bigint is null then to_timestamp($13::bigint) else now() + "
        "make_interval(secs => $4::bigint) end) on conflict (tenant, plugin, kind) do update set "
        "every_seconds = excluded.every_seconds, cron = excluded.cron, rrule = excluded.rrule, start = "
        "excluded.start, zone = excluded.zone, late_seconds = excluded.late_seconds, priority = "
        "excluded.priority, max_attempts = excluded.max_attempts, payload = excluded.payload, next_at = case "
        "when (old.every_seconds, old.cron, old.rrule, old.start, old.zone) is not distinct from "
        "(excluded.every_seconds, excluded.cron, excluded.rrule, excluded.start, excluded.zone) then "
        "old.next_at else excluded.next_at end",
        db::Params(tenant, s.plugin, s.kind, by_rule ? std::nullopt : std::optional(s.every_seconds),
                   given(s.cron), given(s.rrule), given(s.start), s.zone,
                   s.late_seconds > 0 ? std::optional(s.late_seconds) : std::nullopt, s.priority,
                   s.max_attempts, s.payload, first));
}

/// A rule that can no longer be computed ends, rather than holding up the others.
std::optional<std::int64_t> following(db::Transaction& tx, const db::Rows& due, std::size_t i) {
    try {
        return next_time(tx, recurrence_of(due.text(i, 4), due.text(i, 5), due.text(i, 6)), due.text(i, 7));
    } catch (const db::DbError&) {
        throw;
    } catch (const concejo::Error& error) {
        base::log_error({"jobs", due.text(i, 0), due.text(i, 1), {}}, "un horario se ha detenido",
                        concejo::Json::object({{"kind", due.text(i, 2)}, {"error", error.what()}}));
        return std::nullopt;
    }
}

}  // namespace

void declare_schedules(db::Pool& pool, const std::string& tenant, const std::vector<Schedule>& schedules) {
    auto tx = pool.begin_kernel(tenant);
    // One worker at a time, of whatever node: each would wait for rows that another one holds.
    tx.exec("select pg_advisory_xact_lock(hashtextextended($1, 0))",
            db::Params("concejo.schedules/" + tenant));
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
    for (const auto& schedule : schedules) declare(tx, tenant, schedule);
    tx.commit();
}

std::size_t queue_due_schedules(db::Transaction& tx) {
    const auto due = tx.exec(
        "select tenant, plugin, kind, every_seconds, cron, rrule, start, zone, payload, priority, "
        "max_attempts, next_at < now() - make_interval(secs => late_seconds) from concejo.schedules where "
        "next_at <= now() order by next_at limit 200 for update skip locked");
    for (std::size_t i = 0; i < due.rows(); ++i) {
        const bool too_late = !due.is_null(i, 11) && due.boolean(i, 11);
        if (!too_late)
            tx.exec(
                "insert into concejo.jobs (tenant, plugin, kind, payload, priority, max_attempts, "
                "unique_key) values ($1, $2, $3, $4, $5, $6, 'schedule') on conflict (tenant, plugin, kind, "
                "unique_key) where unique_key is not null and state in ('waiting', 'running') do nothing",
                db::Params(due.value(i, 0), due.value(i, 1), due.value(i, 2), due.value(i, 8),
                           due.value(i, 9), due.value(i, 10)));
        const bool by_rule = due.is_null(i, 3);
        tx.exec(
            "update concejo.schedules set last_at = case when $5 then last_at else now() end, next_at = case "
            "when every_seconds is null then to_timestamp($4::bigint) else greatest(next_at + "
            "make_interval(secs => every_seconds), now()) end where tenant = $1 and plugin = $2 and kind = $3",
            db::Params(due.value(i, 0), due.value(i, 1), due.value(i, 2),
                       by_rule ? following(tx, due, i) : std::nullopt, too_late));
    }
    return due.rows();
}

}  // namespace kernel::jobs
