#include "kernel/blobs/collector.hpp"

#include "kernel/blobs/records.hpp"

#include <concejo/error.hpp>

#include <map>
#include <set>

namespace kernel::blobs {
namespace {

using namespace std::chrono_literals;

constexpr db::Timeouts collecting{10min, 2s, 10min};

struct Row {
    std::string id;
    std::uint64_t bytes = 0;
    bool damaged = false;
};

/// A page of rows after an id.
std::vector<Row> rows_after(db::Pool& pool, const std::string& tenant, const std::string& id) {
    auto tx = pool.begin_kernel(tenant);
    const auto rows = tx.exec(
        "select id, bytes, damaged_at is not null from concejo.blobs "
        "where tenant = $1 and id > $2 order by id limit 1000",
        db::Params(tenant, id));
    std::vector<Row> page;
    for (std::size_t i = 0; i < rows.rows(); ++i)
        page.push_back({rows.text(i, 0), static_cast<std::uint64_t>(rows.integer(i, 1)), rows.boolean(i, 2)});
    return page;
}

template <class F>
void each_row(db::Pool& pool, const std::string& tenant, F&& look) {
    std::string last;
    for (auto page = rows_after(pool, tenant, last); !page.empty(); page = rows_after(pool, tenant, last)) {
        for (const auto& row : page) look(row);
        last = page.back().id;
    }
}

/// Contents that lost their last use since the last time begin to age.
void mark_unused(db::Pool& pool, const std::string& tenant) {
    auto tx = pool.begin_kernel(tenant, collecting);
    tx.exec(
        "update concejo.blobs b set unused_since = now() where tenant = $1 and unused_since is null and not "
        "exists (select from concejo.blob_uses u where u.tenant = b.tenant and u.blob = b.id) and not exists "
        "(select from concejo.uploads u where u.tenant = b.tenant and u.blob = b.id)",
        db::Params(tenant));
    tx.commit();
}

std::set<std::string> stripes_to_visit(Store& store, db::Pool& pool, const std::string& tenant) {
    std::set<std::string> stripes;
    for (auto& stripe : store.shelf().stripes(tenant)) stripes.insert(std::move(stripe));
    auto tx = pool.begin_kernel(tenant);
    const auto rows = tx.exec(
        "select distinct left(id, 2) from concejo.blobs "
        "where tenant = $1 and unused_since is not null",
        db::Params(tenant));
    for (std::size_t i = 0; i < rows.rows(); ++i) stripes.insert(rows.text(i, 0));
    return stripes;
}

/// Rows first, committed; then files. Between the two nobody can put the content back: the stripe is ours.
void collect_stripe(Store& store, db::Pool& pool, const std::string& tenant, const std::string& stripe,
                    std::chrono::seconds age, Collected& out) {
    auto owner = pool.begin_kernel(tenant, collecting);
    if (!records::try_own_stripe(owner, tenant, stripe)) {
        ++out.busy;
        return;
    }
    std::map<std::string, bool> registered;
    {
        auto tx = pool.begin_kernel(tenant);
        const auto gone = tx.exec(
            "delete from concejo.blobs b where tenant = $1 and left(id, 2) = $2 "
            "and unused_since < now() - make_interval(secs => $3) and not exists "
            "(select from concejo.blob_uses u where u.tenant = b.tenant and u.blob = b.id) and not exists "
            "(select from concejo.uploads u where u.tenant = b.tenant and u.blob = b.id) returning id",
            db::Params(tenant, stripe, age.count()));
        const auto rows = tx.exec("select id from concejo.blobs where tenant = $1 and left(id, 2) = $2",
                                  db::Params(tenant, stripe));
        tx.commit();
        for (std::size_t i = 0; i < rows.rows(); ++i) registered[rows.text(i, 0)] = true;
        for (std::size_t i = 0; i < gone.rows(); ++i) {
            store.shelf().remove({tenant, gone.text(i, 0)});
            ++out.contents;
        }
    }
    const auto oldest = std::chrono::system_clock::now() - age;
    for (const auto& found : store.shelf().list(tenant, stripe)) {
        if (registered.count(found.id) != 0 || found.changed > oldest) continue;
        store.shelf().remove({tenant, found.id});
        ++out.orphans;
    }
}

}  // namespace

Collected collect(Store& store, db::Pool& pool, const std::string& tenant, std::chrono::seconds age) {
    Collected out;
    mark_unused(pool, tenant);
    for (const auto& stripe : stripes_to_visit(store, pool, tenant))
        collect_stripe(store, pool, tenant, stripe, age, out);
    // No lock guards a file that is being written: only its age says that its writer is dead.
    const auto dead = std::max<std::chrono::seconds>(age, 24h);
    out.unfinished = store.shelf().remove_unfinished(tenant, std::chrono::system_clock::now() - dead);
    return out;
}

Health look(Store& store, db::Pool& pool, const std::string& tenant) {
    Health health;
    each_row(pool, tenant, [&](const Row& row) {
        ++health.contents;
        health.bytes += row.bytes;
        const auto bytes = store.shelf().size({tenant, row.id});
        if (!bytes)
            health.missing.push_back(row.id);
        else if (row.damaged || *bytes != row.bytes)
            health.damaged.push_back(row.id);
    });
    return health;
}

Health examine(Store& store, db::Pool& pool, const std::string& tenant,
               const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    Health health;
    std::uint64_t total = 0;
    each_row(pool, tenant, [&](const Row& row) { total += row.bytes; });
    each_row(pool, tenant, [&](const Row& row) {
        ++health.contents;
        health.bytes += row.bytes;
        const bool there = store.shelf().size({tenant, row.id}).has_value();
        const bool whole = there && store.verify(db::Tenant::of(tenant), row.id);
        if (!there) health.missing.push_back(row.id);
        if (there && !whole) health.damaged.push_back(row.id);
        auto tx = pool.begin_kernel(tenant);
        tx.exec(
            "update concejo.blobs set checked_at = case when $3 then now() else checked_at end, "
            "damaged_at = case when $3 then null else coalesce(damaged_at, now()) end where tenant = $1 and "
            "id = $2",
            db::Params(tenant, row.id, whole));
        tx.commit();
        if (progress) progress(health.bytes, total);
    });
    return health;
}

bool note_damage(db::Pool& pool, const Damage& damage) {
    auto tx = pool.begin_kernel(damage.tenant);
    const bool first = tx.exec(
                             "update concejo.blobs set damaged_at = now() where tenant = $1 and id = $2 and "
                             "damaged_at is null",
                             db::Params(damage.tenant, damage.id))
                           .affected() == 1;
    tx.commit();
    return first;
}

}  // namespace kernel::blobs
