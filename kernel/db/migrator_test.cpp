#include "kernel/base/files.hpp"
#include "tests/support/postgres.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <thread>

using kernel::db::PluginMigrations;
using kernel::db::Tenant;

namespace {

struct Folder {
    kernel::base::TempDir dir{"migraciones"};
    void write(const std::string& name, const std::string& sql) { std::ofstream(dir.path() / name) << sql; }
    PluginMigrations read(const std::string& plugin) {
        return {plugin, kernel::db::read_migrations(dir.path())};
    }
};

}  // namespace

TEST_CASE("migrations are applied once, in order, and grant the data rights") {
    Folder folder;
    folder.write("0001__tablas.sql",
                 "create table mp_a (id int primary key); create function mp_f() returns int language sql as "
                 "'select 7'");
    folder.write("0002__mas.sql",
                 "alter table mp_a add column n text not null default 'x'; create sequence mp_s");
    kernel::db::Migrator migrator(tests::cluster().owner_dsn());
    const auto tenant = Tenant::of("mig_1");
    CHECK(migrator.pending(tenant, folder.read("mp")) == -1);
    migrator.create_tenant(tenant);
    migrator.create_tenant(tenant);
    CHECK(migrator.pending(tenant, folder.read("mp")) == 2);
    CHECK(migrator.migrate(tenant, folder.read("mp")).applied == 2);
    CHECK(migrator.migrate(tenant, folder.read("mp")).applied == 0);
    CHECK(migrator.pending(tenant, folder.read("mp")) == 0);
    folder.write("0003__tercera.sql", "create table mp_c (id int)");
    CHECK(migrator.migrate(tenant, folder.read("mp")).applied == 1);
    auto tx = tests::cluster().pool(1)->begin(tenant);
    tx.exec("insert into mp_a (id) values (1)");
    tx.exec("insert into mp_c values (mp_f())");
    CHECK(tx.exec("select nextval('mp_s')").integer(0, 0) == 1);
}

TEST_CASE("an edited old migration is refused by name") {
    Folder folder;
    folder.write("0001__tablas.sql", "create table me_a (id int)");
    kernel::db::Migrator migrator(tests::cluster().owner_dsn());
    const auto tenant = Tenant::of("mig_2");
    migrator.create_tenant(tenant);
    REQUIRE(migrator.migrate(tenant, folder.read("me")).ok());
    folder.write("0001__tablas.sql", "create table me_a (id bigint)");
    const auto result = migrator.migrate(tenant, folder.read("me"));
    REQUIRE_FALSE(result.ok());
    CHECK_THAT(*result.error, Catch::Contains("0001__tablas.sql") && Catch::Contains("mig_2"));
}

TEST_CASE("gaps, duplicates and foreign names are refused by name") {
    for (const auto& [files, named] :
         {std::pair(std::vector<std::string>{"0001__a.sql", "0003__c.sql"}, "0003__c.sql"),
          std::pair(std::vector<std::string>{"0001__a.sql", "0001__b.sql"}, "mismo número"),
          std::pair(std::vector<std::string>{"0002__a.sql"}, "número 1"),
          std::pair(std::vector<std::string>{"1_a.sql"}, "1_a.sql"),
          std::pair(std::vector<std::string>{"0001__a.txt"}, "0001__a.txt")}) {
        Folder folder;
        for (const auto& file : files) folder.write(file, "select 1");
        CHECK_THROWS_WITH(folder.read("x"), Catch::Contains(named));
    }
    CHECK(kernel::db::read_migrations("/there/is/none").empty());
}

TEST_CASE("a migration that fails leaves nothing of itself, and other tenants go on") {
    Folder folder;
    folder.write("0001__a.sql", "create table mf_a (id int)");
    folder.write("0002__b.sql", "create table mf_b (id int); insert into mf_falta values (1)");
    kernel::db::Migrator migrator(tests::cluster().owner_dsn());
    const std::vector<Tenant> tenants{Tenant::of("mig_3"), Tenant::of("mig_4")};
    tests::cluster().tenant("mig_4", "create table mf_falta (id int)");
    const auto results = migrator.migrate_all(tenants, {folder.read("mf")});
    REQUIRE(results.size() == 2);
    CHECK_FALSE(results[0].ok());
    CHECK(results[0].applied == 1);
    CHECK_THAT(*results[0].error, Catch::Contains("0002__b.sql") && Catch::Contains("mf_falta"));
    CHECK(results[1].ok());
    CHECK(tests::cluster().superuser("select to_regclass('m_mig_3.mf_a')::text") == "m_mig_3.mf_a");
    CHECK(tests::cluster().superuser("select to_regclass('m_mig_3.mf_b')::text").empty());
}

TEST_CASE("a migration may not end its own transaction") {
    Folder folder;
    folder.write("0001__a.sql", "create table mc_a (id int); commit; begin; create table mc_b (id int)");
    kernel::db::Migrator migrator(tests::cluster().owner_dsn());
    const auto tenant = Tenant::of("mig_5");
    migrator.create_tenant(tenant);
    const auto result = migrator.migrate(tenant, folder.read("mc"));
    REQUIRE_FALSE(result.ok());
    CHECK_THAT(*result.error, Catch::Contains("COMMIT"));
}

TEST_CASE("two processes that migrate at once apply each migration once") {
    Folder folder;
    folder.write("0001__a.sql", "create table mm_a (id int); select pg_sleep(0.3)");
    folder.write("0002__b.sql", "create table mm_b (id int)");
    const auto tenant = Tenant::of("mig_6");
    std::vector<int> applied(3);
    std::vector<std::thread> threads;
    for (auto& count : applied)
        threads.emplace_back([&] {
            kernel::db::Migrator migrator(tests::cluster().owner_dsn());
            migrator.create_tenant(tenant);
            const auto result = migrator.migrate(tenant, folder.read("mm"));
            count = result.ok() ? result.applied : -1000;
        });
    for (auto& thread : threads) thread.join();
    for (const int count : applied) CHECK(count >= 0);
    CHECK(tests::cluster().superuser("select count(*) from concejo.migrations_done where tenant = 'mig_6'") ==
          "2");
}
