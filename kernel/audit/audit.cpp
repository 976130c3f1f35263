#include "kernel/audit/audit.hpp"

#include "kernel/base/digest.hpp"

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

std::vector<Entry> last(db::Pool& pool, const std::string& tenant, std::size_t count, std::int64_t before) {
    auto tx = pool.begin_kernel(tenant);
    const auto rows = tx.exec(
        "select a.id, c.number, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), "
        "encode(c.hash, 'hex'), "
        "a.actor, a.action, a.object, a.result, a.ip_prefix, a.request_id, a.details "
        "from concejo.audit a join concejo.audit_chain c on c.audit_id = a.id "
        "where a.tenant = $1 and ($2 = 0 or a.id < $2::bigint) order by a.id desc limit $3",
        db::Params(tenant, before, count));
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

std::int64_t verify_chain(db::Pool& pool, const std::string& tenant) {
    constexpr int page = 1000;
    std::string before;  // the hash before, 32 bytes
    std::int64_t expected = 1;
    auto tx = pool.begin_kernel(tenant,
                                {std::chrono::minutes(10), std::chrono::seconds(2), std::chrono::minutes(1)});
    for (;;) {
        const auto rows = tx.exec(
            "select c.number, c.hash, concejo.audit_text(a) from concejo.audit_chain c "
            "left join concejo.audit a on a.id = c.audit_id and a.tenant = c.tenant "
            "where c.tenant = $1 and c.number >= $2 order by c.number limit $3",
            db::Params(tenant, expected, page));
        for (std::size_t i = 0; i < rows.rows(); ++i, ++expected) {
            const std::string hash = base::sha256(before + rows.text(i, 2));
            if (rows.integer(i, 0) != expected || rows.is_null(i, 2) || rows.bytes(i, 1) != hash)
                return expected;
            before = hash;
        }
        if (rows.rows() < static_cast<std::size_t>(page)) return 0;
    }
}

}  // namespace kernel::audit
