#include "kernel/db/connection.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/refusal.hpp"

#include <catch2/catch.hpp>

using concejo::ErrorKind;
using kernel::db::Params;
using tests::kind_of;

namespace {

constexpr const char* ddl =
    "create table nota (id bigint generated always as identity primary key, texto text not null unique)";

struct Two {
    std::unique_ptr<kernel::db::Pool> pool = tests::cluster().pool(4);
    kernel::db::Tenant one = prepared("aislado_1"), other = prepared("aislado_2");

    static kernel::db::Tenant prepared(const std::string& id) {
        static std::set<std::string> made;
        return tests::cluster().tenant(id, made.insert(id).second ? ddl : "");
    }
    void put(const kernel::db::Tenant& tenant, const std::string& text) {
        auto tx = pool->begin(tenant);
        tx.exec("insert into nota (texto) values ($1) on conflict do nothing", Params(text));
        tx.commit();
    }
};

}  // namespace

TEST_CASE("each municipality sees its own rows and nothing of the other, from both sides") {
    Two two;
    two.put(two.one, "de uno");
    two.put(two.other, "de otro");
    for (const auto& [tenant, foreign, own] :
         {std::tuple(two.one, two.other, "de uno"), std::tuple(two.other, two.one, "de otro")}) {
        auto tx = two.pool->begin(tenant);
        const auto rows = tx.exec("select texto from nota");
        REQUIRE(rows.rows() == 1);
        CHECK(rows.value(0, 0) == own);
        {
            const auto point = tx.sub();
            CHECK(kind_of([&] { tx.exec("select * from " + foreign.schema + ".nota"); }) ==
                  ErrorKind::forbidden);
        }
        for (const auto* statement : {"insert into %.nota (texto) values ('x')",
                                      "update %.nota set texto = 'x'", "delete from %.nota"}) {
            std::string sql = statement;
            sql.replace(sql.find('%'), 1, foreign.schema);
            const auto point = tx.sub();
            CHECK(kind_of([&] { tx.exec(sql); }) == ErrorKind::forbidden);
        }
        CHECK(tx.exec("select current_user").value(0, 0) == tenant.schema);
    }
}

TEST_CASE("plugins' transactions have no right on the kernel's tables") {
    Two two;
    for (const auto* table : {"users", "sessions", "audit", "jobs", "blobs", "outbox", "tenants",
                              "migrations_done", "kernel_migrations"}) {
        auto tx = two.pool->begin(two.one);
        CHECK(kind_of([&] { tx.exec(std::string("select * from concejo.") + table); }) ==
              ErrorKind::forbidden);
    }
}

TEST_CASE("the kernel's tables show a transaction of one tenant that tenant only") {
    Two two;
    for (const auto& tenant : {two.one, two.other}) {
        auto tx = two.pool->begin_kernel(tenant.id);
        tx.exec("insert into users (tenant, login) values ($1, 'ana') on conflict do nothing",
                Params(tenant.id));
        tx.commit();
    }
    auto tx = two.pool->begin_kernel(two.one.id);
    CHECK(tx.exec("select distinct tenant from users").rows() == 1);
    {
        const auto point = tx.sub();
        CHECK(kind_of([&] {
                  tx.exec("insert into users (tenant, login) values ($1, 'eva')", Params(two.other.id));
              }) == ErrorKind::forbidden);
    }
    CHECK(tx.exec("update users set name = 'x' where tenant = $1", Params(two.other.id)).affected() == 0);
    tx.rollback();
    CHECK(two.pool->begin_kernel().exec("select distinct tenant from users").rows() >= 2);
    CHECK(kind_of([&] {
              two.pool->begin_kernel(two.one.id).exec("select * from " + two.one.schema + ".nota");
          }) == ErrorKind::forbidden);
}

TEST_CASE("outside a transaction of a tenant everything is refused") {
    Two two;
    kernel::db::Connection bare(tests::cluster().app_dsn());
    CHECK(kind_of([&] { bare.exec("select * from " + two.one.schema + ".nota"); }) == ErrorKind::forbidden);
    CHECK(kind_of([&] { bare.exec("select * from concejo.users"); }) == ErrorKind::forbidden);
    CHECK(kind_of([&] { bare.exec("create table public.x (i int)"); }) == ErrorKind::forbidden);
    CHECK(kind_of([&] { bare.exec("create schema x"); }) == ErrorKind::forbidden);
    CHECK(kind_of([&] { bare.exec("create temp table x (i int)"); }) == ErrorKind::forbidden);
    CHECK(kind_of([&] { bare.exec("select * from nota"); }) ==
          ErrorKind::internal);  // there is no such table for it
}

TEST_CASE("a connection that served one tenant carries nothing over to the next") {
    Two two;
    auto pool = tests::cluster().pool(1);
    pool->begin(two.one).exec("select 1");
    {
        auto tx = pool->begin(two.one);
        tx.exec("select 1");
        tx.commit();
    }
    auto tx = pool->begin_kernel();
    CHECK(tx.exec("select current_user || ' ' || current_setting('concejo.tenant')").value(0, 0) ==
          "concejo_kernel ");
    tx.commit();
    CHECK(pool->begin(two.other).exec("select current_user").value(0, 0) == two.other.schema);
    CHECK(pool->stats().opened == 1);
}

TEST_CASE("kernel statements inside a tenant's transaction leave its role as it was") {
    Two two;
    auto tx = two.pool->begin(two.one);
    CHECK(tx.exec_kernel("select current_user").value(0, 0) == "concejo_kernel");
    CHECK(tx.exec("select current_user").value(0, 0) == two.one.schema);
    CHECK(tx.exec("select count(*) from nota").rows() == 1);
    {
        const auto point = tx.sub();
        CHECK(kind_of([&] {
                  tx.exec_kernel("insert into blobs (tenant, id, bytes, media_type) values ($1, 'x', 1, '')",
                                 Params(two.other.id));
              }) == ErrorKind::forbidden);
    }
    CHECK(tx.exec("select current_user").value(0, 0) == two.one.schema);
}

TEST_CASE("a tenant without schema is refused before any statement") {
    CHECK(kind_of([] { tests::cluster().pool(1)->begin(kernel::db::Tenant::of("nadie")); }) ==
          ErrorKind::unavailable);
    CHECK(kind_of([] { kernel::db::Tenant::of("x; drop"); }) == ErrorKind::invalid);
    CHECK(kind_of([] { tests::cluster().pool(1)->begin({"a", "m_b"}); }) == ErrorKind::internal);
}
