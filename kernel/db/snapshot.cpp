#include "kernel/db/snapshot.hpp"

#include "kernel/db/connection.hpp"
#include "kernel/db/dsn.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

namespace kernel::db {

const char* const kernel_tables_query = R"sql(
with recursive
    own(id, name) as (
        select c.oid, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'concejo' and c.relkind = 'r'
          and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant' and not a.attisdropped)),
    depth(id, level) as (
        select id, 0 from own
        union
        select k.conrelid, d.level + 1 from pg_constraint k join depth d on d.id = k.confrelid
        where k.contype = 'f' and k.conrelid <> k.confrelid and d.level < 50)
select name from own join depth using (id) group by name order by max(level), name
)sql";

Snapshot::Snapshot(const std::string& owner_dsn) {
    auto dsn = Dsn::parse(owner_dsn);
    connection_ = std::make_unique<Connection>(dsn.set_default("dbname", "concejo").text());
    connection_->script(
        "begin transaction isolation level repeatable read read only; set local role concejo_owner");
    id_ = connection_->exec("select pg_export_snapshot()").text(0, 0);
}

Snapshot::~Snapshot() = default;

std::vector<std::string> Snapshot::kernel_tables() const {
    std::vector<std::string> names;
    const Rows rows = connection_->exec(kernel_tables_query);
    for (std::size_t i = 0; i < rows.rows(); ++i) names.push_back(rows.text(i, 0));
    return names;
}

std::uint64_t Snapshot::copy_rows(const std::string& table, const std::string& tenant,
                                  const std::function<void(std::string_view)>& take) const {
    // Always in the same order: by the key, or where that begins with the tenant by what follows it.
    const auto sql =
        fmt::format("copy (select * from concejo.{} where tenant = {} order by 1, 2) to stdout with (header)",
                    connection_->quote_name(table), connection_->quote(tenant));
    PQclear(PQexec(connection_->raw(), sql.c_str()));
    std::uint64_t lines = 0;
    char* row = nullptr;
    for (int size = 0; (size = PQgetCopyData(connection_->raw(), &row, 0)) > 0; ++lines) {
        const std::unique_ptr<char, decltype(&PQfreemem)> freed(row, &PQfreemem);
        take({row, static_cast<std::size_t>(size)});
    }
    bool failed = lines == 0;
    while (PGresult* result = PQgetResult(connection_->raw())) {
        failed = failed || PQresultStatus(result) != PGRES_COMMAND_OK;
        PQclear(result);
    }
    if (failed) throw connection_->error();
    return lines - 1;
}

std::vector<std::pair<std::string, std::string>> Snapshot::pairs(const std::string& table,
                                                                 const std::string& first,
                                                                 const std::string& second,
                                                                 const std::string& tenant) const {
    std::vector<std::pair<std::string, std::string>> values;
    const Rows rows = connection_->exec(
        fmt::format(
            "select {1}::text, {2}::text from concejo.{0} where tenant = $1 and {2} is not null order by 1",
            connection_->quote_name(table), connection_->quote_name(first), connection_->quote_name(second)),
        Params(tenant));
    for (std::size_t i = 0; i < rows.rows(); ++i) values.emplace_back(rows.text(i, 0), rows.text(i, 1));
    return values;
}

bool Snapshot::tenant_exists(const std::string& tenant) const {
    return !connection_->exec("select from concejo.tenants where id = $1", Params(tenant)).empty();
}

std::uint64_t Snapshot::table_count(const std::string& schema) const {
    return static_cast<std::uint64_t>(
        connection_->exec("select count(*) from pg_tables where schemaname = $1", Params(schema))
            .integer(0, 0));
}

}  // namespace kernel::db
