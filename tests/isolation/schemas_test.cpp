// What plugins keep: one schema and one role for each municipality.
#include "tests/isolation/towns.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>

namespace tests {

using kernel::db::Params;

TEST_CASE("every way to the other's schema is refused, and nothing in it moves") {
    auto& both = towns();
    for (const auto& [asker, owner] : both.sides()) {
        const auto& theirs = owner->tenant.schema;
        for (const auto& sql :
             {fmt::format("select * from {}.nota", theirs), fmt::format("select * from {}.notas", theirs),
              fmt::format("select {}.cuantas()", theirs),
              fmt::format("insert into {}.nota (texto) values ('x')", theirs),
              fmt::format("update {}.nota set texto = 'x'", theirs),
              fmt::format("delete from {}.nota", theirs), fmt::format("select nextval('{}.numero')", theirs),
              fmt::format("select '{}.nota'::regclass, * from {}.nota", theirs, theirs),
              fmt::format("lock table {}.nota", theirs),
              fmt::format("select query_to_xml('select * from {}.nota', true, false, '')", theirs),
              fmt::format("with x as (delete from {}.nota returning *) select * from x", theirs),
              fmt::format("table {}.nota", theirs)}) {
            INFO(sql);
            auto tx = both.pool->begin(asker->tenant);
            CHECK(refused([&] { tx.exec(sql); }) == no_right);
        }
        auto tx = both.pool->begin(asker->tenant);
        CHECK(refused([&] { tx.copy_out(fmt::format("copy {}.nota to stdout", theirs), [](auto) {}); }) ==
              no_right);
        tx.rollback();
        CHECK(cluster().superuser(fmt::format("select string_agg(texto, ',') from {}.nota", theirs)) ==
              owner->secret);
    }
}

TEST_CASE("the other's ids mean nothing here") {
    auto& both = towns();
    for (const auto& [asker, owner] : both.sides()) {
        auto tx = both.pool->begin(asker->tenant);
        CHECK(tx.exec("select texto from nota").value(0, 0) == asker->secret);
        CHECK(tx.exec("select texto from notas where id = $1", Params(owner->note)).empty());
        CHECK(tx.exec("update nota set texto = 'x' where id = $1", Params(owner->note)).affected() == 0);
        CHECK(tx.exec("delete from nota where id = $1", Params(owner->note)).affected() == 0);
        CHECK(tx.exec("select cuantas()").integer(0, 0) == 1);
    }
}

TEST_CASE("a statement cannot change who asks") {
    auto& both = towns();
    for (const auto& [asker, owner] : both.sides()) {
        for (const auto& sql :
             {fmt::format("set role {}", owner->tenant.schema),
              fmt::format("set local role {}", owner->tenant.schema), std::string("reset role"),
              std::string("set role concejo_kernel"), std::string("set session authorization concejo_app"),
              fmt::format("select set_config('role', '{}', true)", owner->tenant.schema),
              fmt::format("select pg_catalog.set_config('role', '{}', false)", owner->tenant.schema),
              fmt::format("select \"set_config\"('role', '{}', true)", owner->tenant.schema),
              fmt::format("select 1; set role {}", owner->tenant.schema),
              fmt::format("/* */ set role {}", owner->tenant.schema),
              fmt::format("do $$ begin set role {}; end $$", owner->tenant.schema), std::string("commit"),
              std::string("discard all"),
              fmt::format("create function f() returns void language sql as 'select 1'"),
              std::string("create temp table nota (a int)")}) {
            INFO(sql);
            auto tx = both.pool->begin(asker->tenant);
            CHECK(refused([&] { tx.exec(sql); }) == "refused");
        }
        auto tx = both.pool->begin(asker->tenant);
        CHECK(tx.exec("select current_user").value(0, 0) == asker->tenant.schema);
    }
}

TEST_CASE("what the other's transactions run is not shown") {
    const auto pool = cluster().pool(2);
    auto& both = towns();
    for (const auto& [asker, owner] : both.sides()) {
        auto theirs = pool->begin(owner->tenant);
        theirs.exec("select 'marca-' || $1::text, 'literal-7319'", Params(owner->secret));
        REQUIRE(cluster().superuser(
                    "select count(*) from pg_stat_activity where query like '%literal-' || '7319%'") == "1");
        auto mine = pool->begin(asker->tenant);
        CHECK(
            mine.exec("select query from pg_stat_activity where query like '%literal-' || '7319%'").empty());
    }
}

TEST_CASE("a municipality's name is never taken for another's schema") {
    auto& both = towns();
    kernel::db::Tenant crossed{both.all[0].tenant.id, both.all[1].tenant.schema};
    CHECK(refused([&] { both.pool->begin(crossed); }) == "refused");
    for (const char* id : {"", "a; drop schema m_b", "A", "a.b", "a\"b", "../b", "a b"})
        CHECK(refused([&] { kernel::db::Tenant::of(id); }) == "refused");
}

}  // namespace tests
