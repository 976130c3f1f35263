#include "kernel/audit/audit.hpp"

#include "kernel/base/clock.hpp"
#include "kernel/base/digest.hpp"

#include <concejo/error.hpp>

namespace kernel::audit {

void record(db::Transaction& tx, const Event& event) {
    const std::string tenant = tx.tenant().id.empty() ? event.tenant : tx.tenant().id;
    tx.exec_kernel(
        "insert into concejo.audit (tenant, actor, action, object, result, ip_prefix, request_id, details) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8)",
        db::Params(tenant, event.actor, event.action, event.object, event.result, event.ip_prefix,
                   event.request_id, event.details.is_object() ? event.details : concejo::Json::object()));
}

void record(db::Pool& pool, const Event& event) {
    pool.with_retry([&](db::Pool& connections) {
        auto tx = connections.begin_kernel(event.tenant);
        record(tx, event);
        tx.commit();
    });
}

namespace {

constexpr const char* columns =
    "select a.id, c.number, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), "
    "encode(c.hash, 'hex'), a.actor, a.action, a.object, a.result, a.ip_prefix, a.request_id, a.details "
    "from concejo.audit a join concejo.audit_chain c on c.audit_id = a.id where a.tenant = $1 ";

std::vector<Entry> entries_of(const db::Rows& rows, const std::string& tenant) {
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        Entry entry;
        entry.tenant = tenant;
        entry.id = rows.integer(i, 0);
        entry.number = rows.integer(i, 1);
        entry.at = rows.text(i, 2);
        entry.hash = rows.text(i, 3);
        entry.actor = rows.text(i, 4);
        entry.action = rows.text(i, 5);
        entry.object = rows.text(i, 6);
        entry.result = rows.text(i, 7);
        entry.ip_prefix = rows.text(i, 8);
        entry.request_id = rows.text(i, 9);
        entry.details = concejo::Json::parse(rows.value(i, 10));
        entries.push_back(std::move(entry));
    }
    return entries;
}

void require_day(const std::string& day) {
    if (!day.empty() && !base::valid_date(day))
        throw concejo::Error(concejo::ErrorKind::invalid, "'" + day.substr(0, 40) + "' no es una fecha");
}

}  // namespace

std::vector<Entry> last(db::Pool& pool, const std::string& tenant, std::size_t count, std::int64_t before) {
    auto tx = pool.begin_kernel(tenant);
    return entries_of(
        tx.exec(std::string(columns) + "and ($2 = 0 or a.id < $2::bigint) order by a.id desc limit $3",
                db::Params(tenant, before, count)),
        tenant);
}

// Only the conditions that are asked for, so that each has its index.
std::vector<Entry> find(db::Pool& pool, const std::string& tenant, const Filter& filter, std::size_t count,
                        const Cursor& after) {
    require_day(filter.from);
    require_day(filter.until);
    db::Params params(tenant);
    std::string sql = columns;
    int used = 1;
    const auto where = [&](const std::string& before, const std::string& value,
                           const std::string& behind = "") {
        if (value.empty()) return;
        params.text(value);
        sql += "and " + before + "$" + std::to_string(++used) + behind + " ";
    };
    where("a.actor = ", filter.actor);
    where("a.action = ", filter.action);
    where("a.object = ", filter.object);
    where("a.result = ", filter.result);
    params.text(filter.zone);
    const auto zone = "at time zone $" + std::to_string(++used);
    sql += "and $" + std::to_string(used) + "::text is not null ";
    where("a.at >= ", filter.from, "::date::timestamp " + zone);
    where("a.at < (", filter.until, "::date + 1)::timestamp " + zone);
    if (!after.at.empty()) {
        params.text(after.at).add(after.id);
        sql += "and (a.at, a.id) < ($" + std::to_string(used + 1) + "::timestamptz, $" +
               std::to_string(used + 2) + "::bigint) ";
        used += 2;
    }
    params.add(count);
    sql += "order by a.at desc, a.id desc limit $" + std::to_string(++used);
    auto tx = pool.begin_kernel(tenant);
    return entries_of(tx.exec(sql, params), tenant);
}

std::optional<Entry> entry(db::Pool& pool, const std::string& tenant, std::int64_t number) {
    auto tx = pool.begin_kernel(tenant);
    auto found = entries_of(
        tx.exec(std::string(columns) + "and c.tenant = $1 and c.number = $2", db::Params(tenant, number)),
        tenant);
    return found.empty() ? std::nullopt : std::optional(std::move(found[0]));
}

// One step of the index for each action, however many entries there are.
std::vector<std::string> actions(db::Pool& pool, const std::string& tenant) {
    auto tx = pool.begin_kernel(tenant);
    const auto rows = tx.exec(
        "with recursive one as ((select action from concejo.audit where tenant = $1 order by action limit 1) "
        "union all select (select a.action from concejo.audit a where a.tenant = $1 and a.action > one.action "
        "order by a.action limit 1) from one where one.action is not null) "
        "select action from one where action is not null limit 500",
        db::Params(tenant));
    std::vector<std::string> list;
    for (std::size_t i = 0; i < rows.rows(); ++i) list.push_back(rows.text(i, 0));
    return list;
}

Chain check_chain(db::Pool& pool, const std::string& tenant, std::chrono::steady_clock::time_point until) {
    constexpr int page = 1000;
    std::string before;  // the hash before, 32 bytes
    Chain chain;
    auto tx = pool.begin_kernel(tenant,
                                {std::chrono::minutes(10), std::chrono::seconds(2), std::chrono::minutes(1)});
    while (std::chrono::steady_clock::now() < until) {
        const auto rows = tx.exec(
            "select c.number, c.hash, concejo.audit_text(a) from concejo.audit_chain c "
            "left join concejo.audit a on a.id = c.audit_id and a.tenant = c.tenant "
            "where c.tenant = $1 and c.number > $2 order by c.number limit $3",
            db::Params(tenant, chain.checked, page));
        for (std::size_t i = 0; i < rows.rows(); ++i) {
            const std::string hash = base::sha256(before + rows.text(i, 2));
            if (rows.integer(i, 0) != chain.checked + 1 || rows.is_null(i, 2) || rows.bytes(i, 1) != hash) {
                chain.broken = chain.checked + 1;
                chain.whole = true;
                return chain;
            }
            ++chain.checked;
            before = hash;
        }
        if (rows.rows() < static_cast<std::size_t>(page)) {
            chain.whole = true;
            return chain;
        }
    }
    return chain;
}

std::int64_t verify_chain(db::Pool& pool, const std::string& tenant) {
    return check_chain(pool, tenant, std::chrono::steady_clock::time_point::max()).broken;
}

}  // namespace kernel::audit
