#include "kernel/backup/tables.hpp"

#include "kernel/base/tr.hpp"
#include "kernel/db/snapshot.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kernel::backup {
namespace {

// The last one is of this server: the password of a login.
constexpr std::array<std::string_view, 5> short_lived{"sessions", "login_attempts", "idempotency_keys",
                                                      "page_generations", "readers"};

/// Rows stand in schema `restauracion` first. What had been under way is not any more; ids that this database
/// already uses move, with all that refers to them; the audit record is put in by the order of its chain, and
/// must end in the same hashes.
constexpr const char* put_in = R"sql(
do $restore$
declare
    wanted text;
    key text;
    key_number smallint;
    moved bigint;
    names text;
    ordering text;
    other record;
    keep_audit boolean := exists (select from concejo.audit where tenant = '{0}');
begin
    if to_regclass('restauracion.jobs') is not null then
        update restauracion.jobs set state = 'waiting', lease_token = null, lease_until = null, worker = null
        where state = 'running';
    end if;
    if to_regclass('restauracion.outbox') is not null then
        update restauracion.outbox set state = 'unknown', lease_until = null where state in ('waiting', 'sending');
    end if;
    for wanted in select name from ({1}) ordered loop
        continue when to_regclass('restauracion.' || quote_ident(wanted)) is null;
        continue when wanted = 'audit_chain' or (wanted = 'audit' and keep_audit);
        select attname, attnum into key, key_number from pg_attribute
        where attrelid = ('concejo.' || quote_ident(wanted))::regclass and attidentity <> '';
        if key is not null then
            execute format('select case when exists (select from concejo.%1$I join restauracion.%1$I using (%2$I)) '
                           'then (select max(%2$I) from concejo.%1$I) else 0 end', wanted, key) into moved;
            if moved > 0 then
                execute format('update restauracion.%1$I set %2$I = %2$I + %3$s', wanted, key, moved);
                for other in select c.relname as name, a.attname as key from pg_constraint f
                    join pg_class c on c.oid = f.conrelid
                    join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[array_position(f.confkey, key_number)]
                    where f.contype = 'f' and f.confrelid = ('concejo.' || quote_ident(wanted))::regclass
                      and to_regclass('restauracion.' || quote_ident(c.relname)) is not null loop
                    execute format('update restauracion.%1$I set %2$I = %2$I + %3$s', other.name, other.key, moved);
                end loop;
            end if;
        end if;
        select string_agg(quote_ident(a.attname), ', ' order by a.attnum) into names
        from pg_attribute a join pg_attribute b on b.attname = a.attname
        where a.attrelid = ('restauracion.' || quote_ident(wanted))::regclass and a.attnum > 0
          and b.attrelid = ('concejo.' || quote_ident(wanted))::regclass and b.attgenerated = '';
        ordering := case when wanted = 'audit'
            then '(select number from restauracion.audit_chain c where c.audit_id = r.id)' else coalesce(quote_ident(key), '1') end;
        execute format('insert into concejo.%1$I (%2$s) overriding system value select %2$s from restauracion.%1$I r order by %3$s',
                       wanted, names, ordering);
        if key is not null then
            execute format('select setval(pg_get_serial_sequence(''concejo.%1$I'', %2$L), greatest((select max(%2$I) from concejo.%1$I), 1))',
                           wanted, key);
        end if;
    end loop;
    set constraints all immediate;
    if not keep_audit and to_regclass('restauracion.audit_chain') is not null then
        if exists (select from restauracion.audit_chain saved
                   left join concejo.audit_chain made on made.tenant = saved.tenant and made.number = saved.number
                   where made.hash is distinct from saved.hash) then
            raise exception 'el registro de actividad de la copia no es el que se guardó: su cadena no cuadra';
        end if;
    end if;
end $restore$;
)sql";

/// Before rows are put in the place of others. The audit record stays: nothing erases it.
constexpr const char* clear_rows = R"sql(
do $clear$
declare
    wanted text;
begin
    for wanted in select name from (select name, row_number() over () as place from ({1}) q) ordered
        order by place desc loop
        continue when wanted in ('audit', 'audit_chain');
        execute format('delete from concejo.%I where tenant = %L', wanted, '{0}');
    end loop;
end $clear$;
)sql";

constexpr const char* column_letters = "abcdefghijklmnopqrstuvwxyz0123456789_\t";

}  // namespace

bool is_copied(std::string_view table) {
    return std::find(short_lived.begin(), short_lived.end(), table) == short_lived.end();
}

RowFile::RowFile(const std::filesystem::path& file)
    : out_(file, std::ios::binary | std::ios::trunc), name_(file.string()) {}

void RowFile::write(std::string_view piece) {
    out_.write(piece.data(), static_cast<std::streamsize>(piece.size()));
    if (!out_) fail();
}

void RowFile::finish() {
    if (!out_.flush()) fail();
    out_.close();
}

void RowFile::fail() const {
    throw concejo::Error(concejo::ErrorKind::internal,
                         base::tr("no se puede escribir {}: ¿queda sitio en el disco?", name_));
}

void write_prelude(const std::filesystem::path& script, const db::Tenant& tenant, bool replace) {
    RowFile out(script);
    out.write(
        "set role concejo_owner;\nset client_min_messages = warning;\nset lock_timeout = '30s';\n"
        "create schema restauracion;\n");  // two restorations at once: the second one waits
    if (!replace)
        out.write(fmt::format(
            "do $$ begin if exists (select from pg_tables where schemaname = '{}') then raise "
            "exception 'el municipio ya tiene datos; para sustituirlos, --replace'; end if; end $$;\n",
            tenant.schema));
    if (replace) out.write(fmt::format(fmt::runtime(clear_rows), tenant.id, db::kernel_tables_query));
    out.write(fmt::format("drop schema if exists {} cascade;\n", tenant.schema));
    out.finish();
}

void write_rows(const std::filesystem::path& script, const std::string& tenant,
                const std::vector<SavedTable>& tables,
                const std::vector<std::pair<std::string, std::string>>& sealed) {
    RowFile out(script);
    out.write("set role concejo_owner;\nset search_path = pg_catalog;\n");
    for (const auto& table : tables) {
        std::ifstream rows(table.file, std::ios::binary);
        std::string columns;
        if (!std::getline(rows, columns) || columns.find_first_not_of(column_letters) != std::string::npos)
            throw concejo::Error(concejo::ErrorKind::invalid,
                                 base::tr("{}: las filas de la copia no se entienden", table.name));
        std::replace(columns.begin(), columns.end(), '\t', ',');
        out.write(
            fmt::format("create table restauracion.{0} as select {1} from concejo.{0} with no data;\n"
                        "copy restauracion.{0} ({1}) from stdin;\n",
                        table.name, columns));
        std::string buffer(1 << 16, '\0');
        while (rows.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), rows.gcount() > 0)
            out.write({buffer.data(), static_cast<std::size_t>(rows.gcount())});
        out.write("\\.\n");
    }
    out.write(fmt::format(fmt::runtime(put_in), tenant, db::kernel_tables_query));
    for (const auto& [user, secret] : sealed)
        out.write(
            fmt::format("update concejo.users set totp_secret = '{}' where id = '{}' and tenant = '{}';\n",
                        secret, user, tenant));
    out.write(
        fmt::format("insert into concejo.audit (tenant, actor, action, result) values ('{0}', 'system:cli', "
                    "'installation.restore', 'ok');\n"
                    "select pg_notify('concejo_pages', '{0}');\n"
                    "set constraints all immediate;\n"
                    "drop schema restauracion cascade;\n",
                    tenant));
    out.finish();
}

}  // namespace kernel::backup
