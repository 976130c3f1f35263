// The login that strangers' statements run with.
#include "kernel/db/reader.hpp"
#include "kernel/db/connection.hpp"
#include "kernel/db/dsn.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/refusal.hpp"

#include <catch2/catch.hpp>

using concejo::ErrorKind;
using kernel::db::Params;
using kernel::db::ReaderLimits;
using tests::kind_of;

namespace {

struct Shown {
    std::unique_ptr<kernel::db::Pool> pool = tests::cluster().pool(4);
    kernel::db::Tenant one = prepared("leido_1"), other = prepared("leido_2");

    static kernel::db::Tenant prepared(const std::string& id) {
        static std::set<std::string> made;
        return tests::cluster().tenant(
            id, made.insert(id).second
                    ? "create table datos_r1 (a bigint, secreto text); create table datos_shown (name text); "
                      "insert into datos_r1 select g, 'CANARIO' from generate_series(1, 5000) g"
                    : "");
    }
    void show(const std::string& columns = R"(["a"])") {
        auto tx = pool->begin(one);
        tx.exec_kernel("select concejo.make_reader_view($1, $2)",
                       Params(one.schema, R"({"name":"lo que hay","table":"datos_r1","columns":)" + columns +
                                              R"(,"while":{"table":"datos_shown","column":"name"}})"));
        tx.commit();
    }
    void list(const char* statement) {
        auto tx = pool->begin(one);
        tx.exec(statement);
        tx.commit();
    }
    std::string read(const std::string& sql, ReaderLimits limits = {}) {
        std::string all;
        kernel::db::read_for_stranger(*pool, one, sql, limits,
                                      {[&](const auto& columns) {
                                           for (const auto& each : columns)
                                               all += each.name + ":" + each.type + " ";
                                       },
                                       [&](std::span<const std::optional<std::string_view>> values) {
                                           for (const auto& each : values)
                                               all += std::string(each.value_or("NULL")) + ",";
                                       }});
        return all;
    }
};

}  // namespace

TEST_CASE("a view shows its columns while its table is listed, and nothing else is to be read") {
    Shown place;
    place.list("delete from datos_shown");
    place.show();
    CHECK(place.read("select count(*) from \"lo que hay\"") == "count:int8 0,");
    place.list("insert into datos_shown values ('datos_r1')");
    CHECK(place.read("select count(*) as n, sum(a), null as nada from \"lo que hay\"") ==
          "n:int8 sum:numeric nada:text 5000,12502500,NULL,");
    CHECK(kind_of([&] { place.read("select secreto from \"lo que hay\""); }) == ErrorKind::invalid);
    for (const auto& table :
         {place.one.schema + ".datos_r1", place.one.schema + ".datos_shown", place.other.schema + ".datos_r1",
          std::string("concejo.readers"), std::string("concejo.tenants"), std::string("pg_authid")}) {
        INFO(table);
        CHECK(kind_of([&] { place.read("select * from " + table); }) == ErrorKind::forbidden);
    }
    place.show(R"(["a","secreto"])");
    CHECK(place.read("select secreto from \"lo que hay\" limit 1") == "secreto:text CANARIO,");
    place.list("delete from datos_shown");
    CHECK(place.read("select * from \"lo que hay\"") == "a:int8 secreto:text ");
}

TEST_CASE("a stranger's statement is one that reads, and ends at its limits") {
    Shown place;
    place.list("delete from datos_shown");
    place.list("insert into datos_shown values ('datos_r1')");
    place.show();
    for (const auto* wrong :
         {"delete from \"lo que hay\"", "select 1; select 2", "", "selec", "create table x (a int)",
          "with x as (delete from \"lo que hay\" returning *) select * from x", "select 1 into y",
          "set role concejo_owner", "copy (select 1) to '/x'", "select * from \"lo que hay\" for update"}) {
        INFO(wrong);
        const auto kind = kind_of([&] { place.read(wrong); });
        CHECK((kind == ErrorKind::invalid || kind == ErrorKind::forbidden));
    }
    ReaderLimits limits;
    limits.rows = 1'500;
    const auto read = place.read("select 1 from \"lo que hay\"", limits);
    CHECK(std::count(read.begin(), read.end(), ',') == 1'500);
    limits.rows = 5'000, limits.bytes = 1'000;
    CHECK(kind_of([&] { place.read("select a from \"lo que hay\"", limits); }) == ErrorKind::invalid);
    limits.statement = std::chrono::milliseconds(100);
    CHECK(kind_of([&] { place.read("select pg_sleep(5)", limits); }) == ErrorKind::unavailable);
    CHECK(place.read("select current_user, current_setting('transaction_read_only')").find("r_leido_1,on,") !=
          std::string::npos);
}

TEST_CASE("the login is no member of anything, and has a password of its own") {
    Shown place;
    const auto tell = [](const std::string& sql) { return tests::cluster().superuser(sql); };
    CHECK(tell("select count(*) from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname "
               "like 'r\\_leido%'") == "0");
    CHECK(tell("select count(*) from pg_auth_members m join pg_roles r on r.oid = m.roleid where r.rolname "
               "like 'r\\_leido%' and m.member <> 10") == "0");
    CHECK(tell("select count(distinct secret) from concejo.readers where tenant like 'leido%'") == "2");
    CHECK(tell("select count(*) from pg_authid where rolname like 'r\\_leido%' and rolpassword like 'SCRAM%' "
               "and not rolinherit and not rolsuper and not rolcreaterole") == "2");
    CHECK(tell("select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where "
               "n.nspname like 'm\\_%' and has_table_privilege('r_leido_1', c.oid, 'select, insert')") ==
          "0");
}

TEST_CASE("a table goes with the view that showed it") {
    Shown place;
    auto tx = place.pool->begin(place.one);
    tx.exec_kernel("select concejo.make_plugin_table($1, $2)",
                   Params(place.one.schema,
                          std::string(R"({"table":"datos_r9","columns":[{"name":"a","type":"text"}]})")));
    tx.exec_kernel(
        "select concejo.make_reader_view($1, $2)",
        Params(
            place.one.schema,
            std::string(
                R"({"name":"nueve","table":"datos_r9","columns":["a"],"while":{"table":"datos_shown","column":"name"}})")));
    tx.exec_kernel("select concejo.drop_plugin_table($1, $2)",
                   Params(place.one.schema, std::string("datos_r9")));
    tx.commit();
    CHECK(tests::cluster().superuser("select count(*) from pg_class where relname = 'nueve'") == "0");
    tx = place.pool->begin(place.one);
    CHECK(
        kind_of([&] {
            tx.exec_kernel(
                "select concejo.make_reader_view($1, $2)",
                Params(
                    place.one.schema,
                    std::string(
                        R"({"name":"x","table":"datos_r9; drop","columns":["a"],"while":{"table":"datos_shown","column":"name"}})")));
        }) == ErrorKind::invalid);
}
