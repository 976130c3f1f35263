#include "kernel/authoring/migration_names.hpp"

#include <catch2/catch.hpp>

#include <random>

using Catch::Contains;
using kernel::authoring::check_migration;

namespace {

constexpr const char* id = "es.miayto.buzon-vecinal";

std::string first(std::string_view sql) {
    const auto found = check_migration(sql, id);
    return found.empty() ? std::string() : found.front().text;
}

}  // namespace

TEST_CASE("names that begin with the whole id are right, whatever is created") {
    CHECK(check_migration(R"sql(
        -- CREATE TABLE comentada (a int);
        CREATE TABLE es_miayto_buzon_vecinal_nota (id int, texto text DEFAULT 'CREATE TABLE literal');
        create unlogged table if not exists "es_miayto_buzon_vecinal_otra" (id int);
        CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS es_miayto_buzon_vecinal_uno ON es_miayto_buzon_vecinal_nota (id);
        CREATE INDEX ON es_miayto_buzon_vecinal_nota (texto);
        CREATE TYPE es_miayto_buzon_vecinal_tono AS ENUM ('a');
        CREATE OR REPLACE FUNCTION es_miayto_buzon_vecinal_f() RETURNS trigger LANGUAGE plpgsql AS $$
            begin create table dentro (a int); return new; end $$;
        CREATE TRIGGER guarda BEFORE INSERT ON es_miayto_buzon_vecinal_nota EXECUTE FUNCTION es_miayto_buzon_vecinal_f();
        CREATE TEMP TABLE cuentas (a int);
        ALTER TABLE es_miayto_buzon_vecinal_nota ADD COLUMN n int;
        INSERT INTO es_miayto_buzon_vecinal_nota VALUES (1, 'x'))sql",
                          id)
              .empty());
}

TEST_CASE("a foreign name is told with the right one") {
    CHECK_THAT(first("CREATE TABLE nota (id int)"),
               Contains("CREATE TABLE «nota»") && Contains("llámelo «es_miayto_buzon_vecinal_nota»"));
    for (const auto* sql :
         {"CREATE TABLE es_miayto_buzon_vecinalnota (a int)",
          "CREATE INDEX i ON es_miayto_buzon_vecinal_nota (a)", "CREATE UNIQUE INDEX i ON x (a)",
          "CREATE TYPE tono AS ENUM ('a')", "CREATE DOMAIN d AS int", "CREATE VIEW v AS SELECT 1",
          "CREATE MATERIALIZED VIEW v AS SELECT 1", "CREATE SEQUENCE s",
          "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
          "CREATE PROCEDURE p() LANGUAGE sql AS ''", "ALTER TABLE sede_anuncio ADD COLUMN a int",
          "DROP TABLE IF EXISTS sede_anuncio", "ALTER TABLE es_miayto_buzon_vecinal_nota RENAME TO nota",
          "CREATE TABLE otro_esquema.tabla (a int)", "/* a /* b */ c */ CREATE TABLE \"Nota\" (a int)"}) {
        INFO(sql);
        REQUIRE(check_migration(sql, id).size() == 1);
        CHECK(check_migration(sql, id).front().forbidden);
    }
}

TEST_CASE("the last part alone is admitted, once with advice") {
    const auto found =
        check_migration("CREATE TABLE buzon_vecinal_a (a int); CREATE TABLE buzon_vecinal_b (a int)", id);
    REQUIRE(found.size() == 1);
    CHECK_FALSE(found.front().forbidden);
    CHECK_THAT(found.front().text, Contains("«es_miayto_buzon_vecinal_» no"));
    CHECK(check_migration("CREATE TABLE sede_anuncio (a int)", "sede").empty());
}

TEST_CASE("what is the kernel's has no place in a migration") {
    CHECK_THAT(first("BEGIN; CREATE TABLE es_miayto_buzon_vecinal_a (a int); COMMIT"),
               Contains("ya es una transacción"));
    CHECK(check_migration("begin; commit", id).size() == 2);
    CHECK_THAT(first("CREATE EXTENSION postgis"), Contains("CREATE EXTENSION"));
    CHECK_THAT(first("CREATE SCHEMA otro"), Contains("no es cosa de un complemento"));
    CHECK_THAT(first("GRANT ALL ON x TO public"), Contains("los derechos los da el núcleo"));
    CHECK_THAT(first("SET search_path = public"), Contains("cambia la sesión"));
    CHECK_THAT(first("CREATE TABLE U&\"\\0061\" (a int)"), Contains("no se admiten"));
}

TEST_CASE("any text at all gets an answer") {
    std::mt19937 random(7);
    const std::string_view pieces[] = {"create ", "table ", "\"", "'",  "$$", "$a$", ";",
                                       "--",      "/*",     "*/", "\n", "x",  "("};
    for (int i = 0; i < 3000; ++i) {
        std::string sql;
        for (int n = 0; n < 20; ++n) sql += pieces[random() % std::size(pieces)];
        (void)check_migration(sql, id);
    }
}
