#include "kernel/outbox/effect.hpp"

#include <algorithm>

namespace kernel::outbox {

using concejo::Error;
using concejo::ErrorKind;

std::optional<OnUnknown> on_unknown_named(std::string_view name) {
    if (name == "ask") return OnUnknown::ask;
    if (name == "retry") return OnUnknown::retry;
    if (name == "assume_done") return OnUnknown::assume_done;
    if (name == "reconcile") return OnUnknown::reconcile;
    return std::nullopt;
}

Placed put(db::Transaction& tx, const Effect& effect) {
    const auto& tenant = tx.tenant().id;
    if (tenant.empty())
        throw Error(ErrorKind::internal, "un efecto se deja en la transacción de un municipio");
    if (effect.key.size() > 200 || effect.order.size() > 200)
        throw Error(ErrorKind::invalid, "la clave de un efecto pasa de 200 caracteres");
    const auto or_null = [](const std::string& text) {
        return text.empty() ? std::nullopt : std::optional(text);
    };
    // Numbers are given in the order of the inserts, not of the commits: who writes in a lane waits for who
    // wrote before.
    if (!effect.order.empty())
        tx.exec_kernel("select pg_advisory_xact_lock(hashtextextended($1, 7))",
                       db::Params(tenant + "/" + effect.plugin + "/" + effect.kind + "/" + effect.order));
    const auto made = tx.exec_kernel(
        "insert into concejo.outbox (tenant, plugin, kind, payload, idempotency_key, order_key, next_at) "
        "values ($1, $2, $3, $4, "
        "coalesce($5, gen_random_uuid()::text), $6, case when $7::bigint = 0 then now() else "
        "to_timestamp($7::bigint) end) "
        "on conflict (tenant, plugin, kind, idempotency_key) do nothing returning id, idempotency_key",
        db::Params(tenant, effect.plugin, effect.kind, effect.payload, or_null(effect.key),
                   or_null(effect.order), effect.at));
    if (!made.empty()) return {made.integer(0, 0), made.text(0, 1), true};
    const auto there = tx.exec_kernel(
        "select id from concejo.outbox where tenant = $1 and plugin = $2 and kind = $3 and idempotency_key = "
        "$4",
        db::Params(tenant, effect.plugin, effect.kind, effect.key));
    return {there.empty() ? 0 : there.integer(0, 0), effect.key, false};
}

namespace {

constexpr const char* columns =
    "select id, tenant, plugin, kind, idempotency_key, coalesce(order_key, ''), state, attempts, "
    "to_char(created_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), "
    "to_char(next_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), "
    "coalesce(to_char(sent_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), ''), "
    "coalesce(to_char(delivered_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), ''), "
    "coalesce(last_error, ''), coalesce(note, ''), coalesce(settled_by, ''), payload from concejo.outbox ";

EffectInfo info(const db::Rows& rows, std::size_t i) {
    EffectInfo effect;
    effect.id = rows.integer(i, 0);
    effect.tenant = rows.text(i, 1);
    effect.plugin = rows.text(i, 2);
    effect.kind = rows.text(i, 3);
    effect.key = rows.text(i, 4);
    effect.order = rows.text(i, 5);
    effect.state = rows.text(i, 6);
    effect.attempts = static_cast<int>(rows.integer(i, 7));
    effect.created_at = rows.text(i, 8);
    effect.next_at = rows.text(i, 9);
    effect.sent_at = rows.text(i, 10);
    effect.delivered_at = rows.text(i, 11);
    effect.last_error = rows.text(i, 12);
    effect.note = rows.text(i, 13);
    effect.settled_by = rows.text(i, 14);
    effect.payload = concejo::Json::parse(rows.value(i, 15));
    return effect;
}

}  // namespace

std::vector<EffectInfo> list(db::Pool& pool, const std::string& tenant, const std::string& state,
                             std::size_t count) {
    auto tx = pool.begin_kernel(tenant);
    const auto rows =
        tx.exec(std::string(columns) +
                    "where ($1 = '' or state = $1) and ($2 = '' or tenant = $2) "
                    "order by ($1 = '' and state in ('unknown', 'dead')) desc, id desc limit $3",
                db::Params(state, tenant, count));
    std::vector<EffectInfo> effects;
    for (std::size_t i = 0; i < rows.rows(); ++i) effects.push_back(info(rows, i));
    return effects;
}

std::optional<EffectInfo> show(db::Pool& pool, const std::string& tenant, std::int64_t id) {
    auto tx = pool.begin_kernel(tenant);
    const auto rows = tx.exec(std::string(columns) + "where id = $1 and tenant = $2", db::Params(id, tenant));
    if (rows.empty()) return std::nullopt;
    return info(rows, 0);
}

std::optional<EffectInfo> find(db::Pool& pool, const std::string& tenant, const std::string& plugin,
                               const std::string& kind, const std::string& key) {
    auto tx = pool.begin_kernel(tenant);
    const auto rows = tx.exec(
        std::string(columns) + "where tenant = $1 and plugin = $2 and kind = $3 and idempotency_key = $4",
        db::Params(tenant, plugin, kind, key));
    if (rows.empty()) return std::nullopt;
    return info(rows, 0);
}

Counts count(db::Pool& pool, const std::string& tenant, const std::string& plugin, const std::string& kind) {
    auto tx = pool.begin_kernel(tenant);
    const auto rows = tx.exec(
        "select state, count(*) from concejo.outbox where state <> 'delivered' and ($1 = '' or plugin = $1) "
        "and ($2 = '' or kind = $2) group by 1",
        db::Params(plugin, kind));
    Counts counts;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        const auto state = rows.value(i, 0);
        (state == "waiting"   ? counts.waiting
         : state == "sending" ? counts.sending
         : state == "unknown" ? counts.unknown
                              : counts.dead) = rows.integer(i, 1);
    }
    return counts;
}

bool decide(db::Pool& pool, const std::string& tenant, std::int64_t id, Decision decision, audit::Event who) {
    const bool again = decision == Decision::retry;
    auto tx = pool.begin_kernel(tenant);
    const auto done =
        tx.exec(
              std::string(
                  "update concejo.outbox set reconcile_at = null, lease_token = null, settled_by = $2, ") +
                  (again ? "state = 'waiting', attempts = 0, next_at = now(), reconciled = 0, sent_at = null"
                         : "state = 'delivered', delivered_at = clock_timestamp()") +
                  " where id = $1 and tenant = $3 and state in ('unknown', 'dead', 'waiting')",
              db::Params(id, who.actor, tenant))
            .affected();
    if (done != 1) return false;
    who.tenant = tenant;
    who.action = again ? "envios.repetir" : "envios.dar_por_hecho";
    who.object = "envio:" + std::to_string(id);
    who.result = "ok";
    audit::record(tx, who);
    tx.commit();
    return true;
}

}  // namespace kernel::outbox
