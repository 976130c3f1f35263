#include "kernel/db/migrator.hpp"

#include "kernel/db/connection.hpp"
#include "kernel/db/dsn.hpp"
#include "kernel/db/pool.hpp"
#include "kernel/db/reader.hpp"

#include <fmt/format.h>

#include <thread>

namespace kernel::db {
namespace {

constexpr int lock_attempts = 10;

/// Wrong by itself: trying again, or the next tenant, does not depend on it.
bool away(const DbError& error) { return error.sqlstate().empty() || error.sqlstate().substr(0, 2) == "08"; }

/// The login that strangers' statements run with (reader.hpp), with a password that nobody has to know.
/// Repeatable.
std::string reader_role(const Tenant& tenant) {
    return fmt::format(R"sql(do $$
declare
    there constant boolean := exists (select from pg_roles where rolname = '{0}');
    made boolean;
    password text;
begin
    if not there then
        create role {0} login noinherit connection limit 4;
        alter role {0} set default_transaction_read_only = on;
        alter role {0} set max_parallel_workers_per_gather = 0;
    end if;
    execute format('grant connect on database %I to {0}', current_database());
    set local role concejo_owner;
    create schema if not exists {0} authorization concejo_owner;
    grant usage on schema {0} to {0};
    insert into concejo.readers (tenant, secret)
        values ('{1}', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')) on conflict do nothing;
    made := found;
    select r.secret into password from concejo.readers r where r.tenant = '{1}';
    reset role;
    if made or not there then
        execute format('alter role {0} password %L', password);
    end if;
end $$;)sql",
                       reader_name(tenant), tenant.id);
}

}  // namespace

struct Migrator::Impl {
    std::string dsn;
    std::unique_ptr<Connection> kept;

    Connection& connection() {
        if (!kept || !kept->still_there()) kept = std::make_unique<Connection>(dsn);
        return *kept;
    }
    void roll_back() noexcept {
        try {
            if (kept && kept->in_transaction()) kept->script("rollback");
        } catch (const concejo::Error&) {
            kept.reset();
        }
    }
    /// As the owner, in the tenant's schema; one migrator at a time for each tenant.
    void begin(const Tenant& tenant) {
        connection().script(
            fmt::format("begin; set local client_min_messages = warning; set local lock_timeout = '2s'; "
                        "select pg_advisory_xact_lock(hashtextextended('concejo.migrate.{0}', 0)); "
                        "set local search_path = {0}, ext; set local role concejo_owner",
                        tenant.schema));
    }
    void apply(const Tenant& tenant, const std::string& plugin, const Migration& migration);
    void grant(const Tenant& tenant);
};

/// Data rights on all that the owner made there so far; the tenant's role never owns or alters anything.
void Migrator::Impl::grant(const Tenant& tenant) {
    kept->script(
        fmt::format("reset role; set local role concejo_owner; set local search_path = {0}, ext; "
                    "grant usage on schema {0} to {0}; "
                    "grant select, insert, update, delete on all tables in schema {0} to {0}; "
                    "grant usage, select on all sequences in schema {0} to {0}; "
                    "revoke execute on all functions in schema {0} from public; "
                    "grant execute on all functions in schema {0} to {0}",
                    tenant.schema));
}

void Migrator::Impl::apply(const Tenant& tenant, const std::string& plugin, const Migration& migration) {
    begin(tenant);
    const std::string before = kept->exec("select txid_current()").text(0, 0);
    if (!kept->exec("select from concejo.migrations_done where tenant = $1 and plugin = $2 and version = $3",
                    Params(tenant.id, plugin, migration.version))
             .empty())
        return roll_back();  // another process did it while we waited for the lock
    kept->script(migration.sql);
    if (!kept->in_transaction() || kept->exec("select txid_current()").text(0, 0) != before)
        throw concejo::Error(concejo::ErrorKind::invalid,
                             "contiene BEGIN, COMMIT o ROLLBACK: cada migración ya es una transacción");
    grant(tenant);
    kept->exec(
        "insert into concejo.migrations_done (tenant, plugin, version, slug, sha256) values ($1, $2, $3, $4, "
        "$5)",
        Params(tenant.id, plugin, migration.version, migration.slug, migration.sha256));
    kept->script("commit");
}

Migrator::Migrator(std::string owner_dsn) : impl_(std::make_unique<Impl>()) {
    auto dsn = Dsn::parse(owner_dsn);
    impl_->dsn = dsn.set_default("dbname", "concejo")
                     .set_default("connect_timeout", "5")
                     .set("application_name", "concejo migrate")
                     .text();
}

Migrator::~Migrator() = default;

void Migrator::create_tenant(const Tenant& tenant) {
    if (tenant.schema != Tenant::of(tenant.id).schema)
        throw concejo::Error(concejo::ErrorKind::internal, "esquema ajeno: " + tenant.schema);
    auto& connection = impl_->connection();
    try {
        connection.script(fmt::format(R"sql(
begin;
set local client_min_messages = warning;
select pg_advisory_xact_lock(hashtextextended('concejo.migrate.{0}', 0));
do $$ begin
    if not exists (select from pg_roles where rolname = '{0}') then
        create role {0} nologin;
    end if;
    if not pg_has_role('concejo_app', '{0}', 'member') then
        grant {0} to concejo_app;
    end if;
end $$;
set local role concejo_owner;
create schema if not exists {0} authorization concejo_owner;
grant usage on schema {0} to {0};
insert into concejo.tenants (id, schema) values ('{1}', '{0}') on conflict do nothing;
reset role;
{2}
commit)sql",
                                      tenant.schema, tenant.id, reader_role(tenant)));
    } catch (const concejo::Error&) {
        impl_->roll_back();
        throw;
    }
}

bool Migrator::tenant_exists(const Tenant& tenant) {
    return !impl_->connection()
                .exec(
                    "select from concejo.tenants t join pg_namespace n on n.nspname = t.schema where t.id = "
                    "$1",
                    Params(tenant.id))
                .empty();
}

int Migrator::pending(const Tenant& tenant, const PluginMigrations& plugin) {
    if (!tenant_exists(tenant)) return -1;
    const Rows done = impl_->connection().exec(
        "select count(*) from concejo.migrations_done where tenant = $1 and plugin = $2",
        Params(tenant.id, plugin.plugin));
    return std::max(0, static_cast<int>(plugin.migrations.size()) - static_cast<int>(done.integer(0, 0)));
}

MigrationResult Migrator::migrate(const Tenant& tenant, const PluginMigrations& plugin) {
    MigrationResult result{tenant.id, plugin.plugin, 0, {}};
    const Rows done = impl_->connection().exec(
        "select version, slug, sha256 from concejo.migrations_done where tenant = $1 and plugin = $2 order "
        "by version",
        Params(tenant.id, plugin.plugin));
    for (std::size_t i = 0; i < done.rows() && i < plugin.migrations.size(); ++i) {
        if (done.value(i, 2) == plugin.migrations[i].sha256) continue;
        result.error = plugin.migrations[i].file + ": cambió después de aplicarse en '" + tenant.id +
                       "'; las migraciones hechas no se tocan, añada otra";
        return result;
    }
    for (std::size_t i = done.rows(); i < plugin.migrations.size();
         ++i) {  // fewer than done: an older plugin beside a newer one
        const auto& migration = plugin.migrations[i];
        for (int attempt = 1;; ++attempt) {
            try {
                impl_->apply(tenant, plugin.plugin, migration);
                ++result.applied;
                break;
            } catch (const DbError& error) {
                impl_->roll_back();
                if (away(error)) throw;
                if (error.transient() && attempt < lock_attempts) {
                    std::this_thread::sleep_for(retry_pause(attempt));
                    continue;
                }
                result.error = migration.file + " en '" + tenant.id + "': " + error.what();
                return result;
            } catch (const concejo::Error& error) {
                impl_->roll_back();
                result.error = migration.file + " en '" + tenant.id + "': " + error.what();
                return result;
            }
        }
    }
    return result;
}

std::vector<MigrationResult> Migrator::migrate_all(const std::vector<Tenant>& tenants,
                                                   const std::vector<PluginMigrations>& plugins) {
    std::vector<MigrationResult> results;
    for (const auto& tenant : tenants) {
        try {
            create_tenant(tenant);
        } catch (const DbError& error) {
            if (away(error)) throw;
            for (const auto& plugin : plugins) results.push_back({tenant.id, plugin.plugin, 0, error.what()});
            continue;
        }
        for (const auto& plugin : plugins) results.push_back(migrate(tenant, plugin));
    }
    return results;
}

}  // namespace kernel::db
