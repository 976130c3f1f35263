#include "kernel/db/provision.hpp"

#include "kernel/base/tr.hpp"
#include "kernel/db/bootstrap.hpp"
#include "kernel/db/connection.hpp"
#include "kernel/db/dsn.hpp"
#include "kernel/db/kernel_migrations.hpp"
#include "kernel/db/migration_name.hpp"

#include <concejo/detail/search_schema.hpp>

#include <fmt/format.h>
#include <libpq-fe.h>

namespace kernel::db {
namespace {

using concejo::Error;
using concejo::ErrorKind;

constexpr const char* lock_key = "hashtextextended('concejo.provision', 0)";

std::vector<Migration> kernel_migrations() {
    std::vector<Migration> migrations;
    for (auto& [name, sql] : kernel_migration_files())
        migrations.push_back(parse_migration(name, std::move(sql), "kernel/db/migrations/" + name));
    check_sequence(migrations);
    return migrations;
}

/// Sessions carry roles, prepared statements, locks and notifications: what hands one server's process to several of us,
/// as PgBouncer does, mixes them up. It shows by the number that it tells libpq, which is none of the server's.
void need_own_session(Connection& connection) {
    if (connection.exec("select pg_backend_pid()").integer(0, 0) == PQbackendPID(connection.raw())) return;
    throw Error(
        ErrorKind::invalid,
        base::tr("entre Concejo y PostgreSQL hay un repartidor de conexiones (PgBouncer o semejante), que "
                 "mezcla las sesiones: ponga en la conexión la dirección del propio PostgreSQL"));
}

/// A session on the database of `dsn`, which is created where it is missing.
std::unique_ptr<Connection> open_database(const Dsn& dsn) {
    try {
        return std::make_unique<Connection>(dsn.text());
    } catch (const DbError& refused) {
        const std::string database = dsn.get("dbname");
        auto elsewhere = dsn;
        std::unique_ptr<Connection> server;
        try {
            server = std::make_unique<Connection>(elsewhere.set("dbname", "postgres").text());
        } catch (const DbError&) {
            throw refused;  // the server is away or refuses this login: the first message is the one that
                            // helps
        }
        need_own_session(*server);
        if (!server->exec("select from pg_database where datname = $1", Params(database)).empty())
            throw refused;
        // Nodes that start together on an empty server: one makes it, the others find it made.
        server->script(fmt::format("select pg_advisory_lock({})", lock_key));
        if (server->exec("select from pg_database where datname = $1", Params(database)).empty())
            server->script(fmt::format("create database {} template template0 encoding 'UTF8'",
                                       server->quote_name(database)));
    }
    return std::make_unique<Connection>(dsn.text());
}

void apply_missing(Connection& connection, const std::vector<Migration>& migrations) {
    const Rows done =
        connection.exec("select version, slug, sha256 from concejo.kernel_migrations order by version");
    for (std::size_t i = 0; i < done.rows(); ++i) {
        const auto version = done.integer(i, 0);
        if (static_cast<std::size_t>(version) > migrations.size())
            throw Error(ErrorKind::conflict,
                        base::tr("la base de datos es de una versión más nueva de Concejo (migración {:04}): "
                                 "actualice el programa",
                                 version));
        const auto& ours = migrations[static_cast<std::size_t>(version) - 1];
        if (done.value(i, 2) != ours.sha256)
            throw Error(
                ErrorKind::conflict,
                ours.file + ": cambió después de aplicarse; las migraciones hechas no se tocan, añada otra");
    }
    for (std::size_t i = done.rows(); i < migrations.size(); ++i) {
        const auto& migration = migrations[i];
        connection.script(
            "begin; set local role concejo_owner; set local search_path = concejo, ext; set local "
            "lock_timeout = '5s'");
        connection.script(migration.sql);
        connection.exec("insert into concejo.kernel_migrations (version, slug, sha256) values ($1, $2, $3)",
                        Params(migration.version, migration.slug, migration.sha256));
        connection.script("commit");
    }
}

}  // namespace

void provision(const std::string& owner_dsn) {
    auto dsn = Dsn::parse(owner_dsn);
    dsn.set_default("dbname", "concejo").set_default("connect_timeout", "5");
    try {
        const auto connection = open_database(dsn);
        need_own_session(*connection);
        connection->script(
            fmt::format("set client_min_messages = warning; select pg_advisory_lock({})", lock_key));
        connection->script(bootstrap_roles);
        connection->script(concejo::detail::search_schema);
        connection->script(bootstrap_schemas);
        apply_missing(*connection, kernel_migrations());
        connection->script(fmt::format("select pg_advisory_unlock({})", lock_key));
    } catch (const DbError& error) {
        if (error.kind() != ErrorKind::forbidden) throw;
        throw Error(
            ErrorKind::forbidden,
            base::tr("el usuario '{0}' de la base de datos no puede preparar '{1}': necesita CREATEROLE y "
                     "CREATEDB, o CREATEROLE y ser su dueño ({2})",
                     dsn.get("user"), dsn.get("dbname"), error.what()));
    }
}

bool provisioned(const std::string& owner_dsn) {
    auto dsn = Dsn::parse(owner_dsn);
    Connection connection(dsn.set_default("dbname", "concejo").set_default("connect_timeout", "5").text());
    need_own_session(connection);
    if (connection.exec("select to_regclass('concejo.kernel_migrations')").is_null(0, 0)) return false;
    const Rows count = connection.exec("select count(*) from concejo.kernel_migrations");
    return count.integer(0, 0) >= static_cast<std::int64_t>(kernel_migration_files().size());
}

std::string app_dsn_of(const std::string& owner_dsn) {
    auto dsn = Dsn::parse(owner_dsn);
    dsn.set_default("dbname", "concejo");
    const std::string options = dsn.get("options");
    return dsn.set("options", options + (options.empty() ? "" : " ") + "-c role=concejo_app").text();
}

}  // namespace kernel::db
