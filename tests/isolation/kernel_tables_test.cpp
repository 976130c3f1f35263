// Every table of the kernel, as the catalog lists them: a new one is tested from the day it is made, and
// fails here until the two towns have something in it.
#include "tests/isolation/towns.hpp"

#include "kernel/base/text.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

namespace tests {
namespace {

using kernel::db::Params;

/// Tables without a row policy, and why. No plugin has a right on them; the kernel only reads them.
const std::map<std::string, std::string> shared{
    {"tenants", "the list of municipalities: the kernel's own register"},
    {"migrations_done", "names and checksums of migrations, no data of anybody"},
    {"kernel_migrations", "the same of the kernel"},
};

std::vector<std::string> words(const std::string& sql) {
    std::vector<std::string> list;
    const auto text =
        cluster().superuser("select coalesce(string_agg(n, ' ' order by n), '') from (" + sql + ") q(n)");
    for (const auto word : kernel::base::split(text, ' ')) list.emplace_back(word);
    return list;
}

std::vector<std::string> kernel_tables() {
    return words(
        "select relname::text from pg_class where relnamespace = 'concejo'::regnamespace and relkind in "
        "('r', 'p')");
}

/// Columns that an INSERT may give.
std::vector<std::string> columns(const std::string& table) {
    return words(
        "select column_name::text from information_schema.columns where table_schema = 'concejo' and "
        "table_name = '" +
        table + "' and is_identity = 'NO' and is_generated = 'NEVER'");
}

int rows_of(const std::string& table, const Town& town) {
    return std::stoi(cluster().superuser("select count(*) from concejo." + table + " where tenant = '" +
                                         town.tenant.id + "'"));
}

/// One transaction of the asker, trying everything on the owner's rows; the attempts that had an effect or an
/// answer.
std::vector<std::string> leaks(kernel::db::Transaction& tx, const std::string& table, const Town& asker,
                               const Town& owner) {
    std::vector<std::string> found;
    const auto attempt = [&](const std::string& name, const std::string& sql, const Params& values) {
        std::uint64_t rows = 0;
        const auto undo = tx.sub();
        const auto outcome = refused([&] { rows = tx.exec_kernel(sql, values).affected(); });
        if (outcome != no_right && (outcome != "allowed" || rows != 0))
            found.push_back(name + ": " + outcome);
    };
    const Params whose(owner.tenant.id);
    attempt("read", "select 1 from " + table + " where tenant = $1", whose);
    attempt("read without naming it", "select 1 from " + table + " where tenant <> $1",
            Params(asker.tenant.id));
    attempt("update", "update " + table + " set tenant = tenant where tenant = $1", whose);
    attempt("delete", "delete from " + table + " where tenant = $1", whose);
    attempt("give away", "update " + table + " set tenant = $1", whose);
    const auto names = kernel::base::join(columns(table), ", ");
    auto values = " " + names + ",";  // the own row again, under the other's name
    values.replace(values.find(" tenant,"), 8, " $1,");
    values.pop_back();
    attempt("insert", fmt::format("insert into {0} ({1}) select{2} from {0} limit 1", table, names, values),
            whose);
    return found;
}

/// From both sides, as the kernel and as the kernel within a plugin's transaction.
std::vector<std::string> leaks(const std::string& table) {
    auto& both = towns();
    std::vector<std::string> all;
    for (const auto& [asker, owner] : both.sides()) {
        if (rows_of(table, *owner) == 0) all.push_back("no row to try it with: fill it in towns.cpp");
        for (const bool plugin : {false, true}) {
            auto tx = plugin ? both.pool->begin(asker->tenant) : both.pool->begin_kernel(asker->tenant.id);
            if (tx.exec_kernel("select 1 from " + table).empty()) all.push_back("the own rows are not seen");
            const auto found = leaks(tx, table, *asker, *owner);
            all.insert(all.end(), found.begin(), found.end());
            tx.commit();
        }
    }
    return all;
}

}  // namespace

TEST_CASE("each kernel table is confined by row level security, or stands on the list of shared ones") {
    for (const auto& table : kernel_tables()) {
        if (shared.count(table) != 0) continue;
        INFO("concejo." << table);
        CHECK(cluster().superuser("select relrowsecurity from pg_class where oid = 'concejo." + table +
                                  "'::regclass") == "t");
        CHECK(cluster().superuser("select count(*) from pg_policy where polrelid = 'concejo." + table +
                                  "'::regclass") == "1");
    }
}

TEST_CASE("shared tables are read only for the kernel and closed to plugins") {
    for (const auto& [table, why] : shared) {
        INFO(table << ": " << why);
        for (const char* right : {"INSERT", "UPDATE", "DELETE", "TRUNCATE"})
            CHECK(cluster().superuser(fmt::format(
                      "select has_table_privilege('concejo_kernel', 'concejo.{}', '{}')", table, right)) ==
                  "f");
    }
}

TEST_CASE("neither municipality reads or writes the other's rows in any kernel table") {
    for (const auto& table : kernel_tables()) {
        if (shared.count(table) != 0) continue;
        INFO("concejo." << table);
        CHECK(leaks(table) == std::vector<std::string>{});
    }
}

TEST_CASE("a table whose author forgot the policy is found by these tests") {
    auto& both = towns();
    cluster().superuser("create table concejo.olvidada (tenant text not null, texto text)");
    cluster().superuser("grant select, insert, update, delete on concejo.olvidada to concejo_kernel");
    for (const auto& town : both.all)
        cluster().superuser("insert into concejo.olvidada values ('" + town.tenant.id + "', 'x')");
    const auto found = leaks("olvidada");
    cluster().superuser("drop table concejo.olvidada");
    for (const char* way : {"read: allowed", "read without naming it: allowed", "update: allowed",
                            "delete: allowed", "give away: allowed", "insert: allowed"})
        CHECK(std::count(found.begin(), found.end(), way) > 0);
}

TEST_CASE("a plugin's transaction has no right on any kernel table, its own rows included") {
    auto& both = towns();
    for (const auto& table : kernel_tables()) {
        for (const auto& town : both.all) {
            auto tx = both.pool->begin(town.tenant);
            INFO("concejo." << table);
            CHECK(refused([&] { tx.exec("select 1 from concejo." + table); }) == no_right);
        }
    }
}

TEST_CASE("without a municipality the application's login reaches nothing") {
    // What an injected statement would find after leaving its role: the login has no right of its own.
    CHECK(cluster().superuser(
              "select rolinherit or rolsuper or rolbypassrls or rolcreaterole or rolcreatedb from pg_roles "
              "where rolname = 'concejo_app'") == "f");
    for (const auto& table : kernel_tables())
        CHECK(cluster().superuser("select has_table_privilege('concejo_app', 'concejo." + table +
                                  "', 'SELECT')") == "f");
    for (const auto& town : towns().all)
        CHECK(cluster().superuser("select bool_or(rolsuper or rolbypassrls) from pg_roles where rolname = '" +
                                  town.tenant.schema + "'") == "f");
    CHECK(cluster().superuser(
              "select rolsuper or rolbypassrls from pg_roles where rolname = 'concejo_kernel'") == "f");
}

}  // namespace tests
