#include "kernel/db/statement.hpp"
#include "tests/support/postgres.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using concejo::ErrorKind;
using kernel::db::Params;
using namespace std::chrono_literals;

namespace {

kernel::db::Tenant& place() {
    static auto tenant = tests::cluster().tenant("sentencias", R"sql(
        create table t (id int primary key, texto text not null, datos bytea, doc jsonb, etiquetas text[]);
        create table u (t_id int references t deferrable initially deferred))sql");
    return tenant;
}

template <class F>
kernel::db::DbError db_error(F&& work) {
    try {
        work();
    } catch (const kernel::db::DbError& error) {
        return error;
    }
    throw std::runtime_error("it was allowed");
}

}  // namespace

TEST_CASE("values travel apart from the text and come back as they were") {
    auto pool = tests::cluster().pool(2);
    auto tx = pool->begin(place());
    const std::string hostile = "'); drop table t; -- \\ \" ñ €";
    const std::string binary("\0\1\xff'\\", 5);
    tx.exec("insert into t values ($1, $2, $3, $4, $5)",
            Params(1, hostile, kernel::db::Bytes{binary}, concejo::Json::object({{"a", 1}}),
                   kernel::db::text_array({"uno", "d\"o\\s", "", "NULL", "a,b"})));
    const auto rows = tx.exec("select id, texto, datos, doc->>'a', etiquetas, null, true from t");
    CHECK(rows.integer(0, 0) == 1);
    CHECK(rows.value(0, 1) == hostile);
    CHECK(rows.bytes(0, 2) == binary);
    CHECK(rows.value(0, 3) == "1");
    CHECK(kernel::db::parse_text_array(rows.value(0, 4)) ==
          std::vector<std::string>{"uno", "d\"o\\s", "", "NULL", "a,b"});
    CHECK(rows.is_null(0, 5));
    CHECK(rows.boolean(0, 6));
    CHECK(rows.name(1) == "texto");
    CHECK(rows.columns() == 7);
    CHECK(tx.exec("update t set texto = $1", Params("x")).affected() == 1);
    CHECK_THROWS_AS(tx.exec("select $1::text", Params(std::string("a\0b", 3))), concejo::Error);
}

TEST_CASE("errors become the platform's kinds") {
    auto pool = tests::cluster().pool(2);
    const auto kind = [&](const char* sql) {
        auto tx = pool->begin(place());
        tx.exec("insert into t values (1, 'a')");
        return db_error([&] { tx.exec(sql); }).kind();
    };
    CHECK(kind("insert into t values (1, 'b')") == ErrorKind::conflict);
    CHECK(kind("insert into t values (2, null)") == ErrorKind::invalid);
    CHECK(kind("insert into t values (99999999999, 'a')") == ErrorKind::invalid);
    CHECK(kind("select 'x'::int") == ErrorKind::invalid);
    CHECK(kind("select nada from t") == ErrorKind::internal);
}

TEST_CASE("COMMIT tells the truth") {
    auto pool = tests::cluster().pool(1);
    auto deferred = pool->begin(place());
    deferred.exec("insert into u values (77)");
    CHECK(db_error([&] { deferred.commit(); }).kind() == ErrorKind::conflict);
    auto failed = pool->begin(place());
    CHECK_THROWS(failed.exec("select 1/0"));
    CHECK(db_error([&] { failed.commit(); }).sqlstate() == "25P02");
    CHECK_FALSE(failed.open());
    CHECK_THROWS_AS(failed.exec("select 1"), concejo::Error);
    CHECK(pool->begin(place()).exec("select count(*) from u").integer(0, 0) == 0);
}

TEST_CASE("savepoints undo alone") {
    auto pool = tests::cluster().pool(1);
    auto tx = pool->begin(place());
    tx.exec("insert into t values (1, 'a')");
    {
        const auto point = tx.sub();
        CHECK_THROWS(tx.exec("insert into t values (1, 'b')"));
    }
    {
        auto point = tx.sub();
        tx.exec("insert into t values (2, 'b')");
        point.release();
    }
    CHECK(tx.exec("select count(*) from t").integer(0, 0) == 2);
}

TEST_CASE("waiting for a lock or a slow statement ends in time") {
    auto pool = tests::cluster().pool(3);
    {
        auto tx = pool->begin(place());
        tx.exec("insert into t values (50, 'x')");
        tx.commit();
    }
    auto holder = pool->begin(place());
    holder.exec("update t set texto = 'y' where id = 50");
    auto waiter = pool->begin(place(), {10s, 200ms, 30s});
    const auto lock = db_error([&] { waiter.exec("update t set texto = 'z' where id = 50"); });
    CHECK(lock.kind() == ErrorKind::unavailable);
    CHECK(lock.transient());
    auto slow = pool->begin(place(), {200ms, 2s, 30s});
    const auto statement = db_error([&] { slow.exec("select pg_sleep(5)"); });
    CHECK(statement.kind() == ErrorKind::unavailable);
    CHECK_FALSE(statement.transient());
}

TEST_CASE("COPY goes in and out, in text and in binary") {
    auto pool = tests::cluster().pool(1);
    auto tx = pool->begin(place());
    tx.exec("delete from t");
    int sent = 0;
    std::string line;
    const auto count = tx.copy_in("copy t (id, texto) from stdin", [&]() -> std::string_view {
        if (++sent > 10'000) return {};
        line = std::to_string(sent) + "\tlínea\n";
        return line;
    });
    CHECK(count == 10'000);
    CHECK(tx.exec("select sum(id) from t where id <= 10000").integer(0, 0) == 50'005'000);
    std::string binary;
    CHECK(tx.copy_out("copy t (id, texto) to stdout with (format binary)",
                      [&](std::string_view piece) { binary += piece; }) == 10'000);
    CHECK(binary.substr(0, 11) == std::string_view("PGCOPY\n\xff\r\n\0", 11));
    tx.exec("delete from t");
    bool given = false;
    tx.copy_in("copy t (id, texto) from stdin with (format binary)",
               [&] { return std::exchange(given, true) ? std::string_view() : std::string_view(binary); });
    CHECK(tx.exec("select count(*) from t").integer(0, 0) == 10'000);
}

TEST_CASE("an error on either side of a COPY leaves a usable connection") {
    auto pool = tests::cluster().pool(1);
    {
        auto tx = pool->begin(place());
        CHECK_THROWS_WITH(tx.copy_in("copy t (id, texto) from stdin",
                                     []() -> std::string_view { throw std::runtime_error("mine"); }),
                          "mine");
    }
    {
        auto tx = pool->begin(place());
        bool given = false;
        CHECK(db_error([&] {
                  tx.copy_in("copy t (id, texto) from stdin", [&] {
                      return std::exchange(given, true) ? std::string_view()
                                                        : std::string_view("no\tnumber\n");
                  });
              }).kind() == ErrorKind::invalid);
    }
    {
        auto tx = pool->begin(place());
        CHECK_THROWS_WITH(tx.copy_out("copy (select generate_series(1, 1000000)) to stdout",
                                      [](std::string_view) { throw std::runtime_error("mine"); }),
                          "mine");
    }
    {
        auto tx = pool->begin(place());
        CHECK_THROWS_AS(tx.copy_out("copy t from stdin", [](std::string_view) {}), concejo::Error);
    }
    CHECK(pool->begin(place()).exec("select 1").integer(0, 0) == 1);
    CHECK(pool->stats().opened == 1);
}

TEST_CASE("only statements on data pass") {
    for (const auto* good :
         {"select 1", " -- c\n/* a /* b */ */ SELECT 1", "with x as (select 1) select * from x", "(select 1)",
          "select ';', $$;$$, \"a;b\" from t;", "insert into t values (1, 'set_config')",
          "update t set id = 1", "select 'it''s; set role x'", "select E'a\\';b'", "select $1, $2",
          "declare c no scroll cursor for select hold from t where id = $1", "fetch forward 10 from c",
          "close c"})
        CHECK_NOTHROW(kernel::db::check_statement(good));
    for (const auto* bad : {"",
                            "set role x",
                            "SET search_path = x",
                            "reset role",
                            "begin",
                            "commit",
                            "rollback",
                            "do $$ begin end $$",
                            "select 1; select 2",
                            "select set_config('role', 'x', true)",
                            "select pg_catalog.\"set_config\"('role','x',true)",
                            "select U&\"set\\005fconfig\"('a','b',true)",
                            "copy t from stdin",
                            "declare c cursor with hold for select 1",
                            "DECLARE c CURSOR WITH /* */ HOLD FOR select 1",
                            "alter role x set search_path = y",
                            "drop table t",
                            "discard all",
                            "listen x",
                            "prepare p as select 1",
                            "select pg_advisory_lock(1)",
                            "/* x */ ; set role y",
                            "create table x (i int)"})
        CHECK_THROWS_AS(kernel::db::check_statement(bad), concejo::Error);
    CHECK_THROWS_AS(kernel::db::check_statement("copy t to program 'id'", true), concejo::Error);
    CHECK_THROWS_AS(kernel::db::check_statement("select 1", true), concejo::Error);
}

TEST_CASE("Spanish search ignores accents and inflection; order is Spanish") {
    auto pool = tests::cluster().pool(1);
    auto tx = pool->begin(place());
    CHECK(tx.exec("select search_vector('es', 'Licitaciones públicas de ÁRBOLES') @@ search_query('es', "
                  "'licitacion publica arbol')")
              .boolean(0, 0));
    CHECK(tx.exec("select search_vector('es', 'Convocatoria de licitación') @@ search_query('es', "
                  "'LICITACIÓNES')")
              .boolean(0, 0));
    CHECK_FALSE(
        tx.exec("select search_vector('es', 'Convocatoria de licitación') @@ search_query('es', 'ordenanza')")
            .boolean(0, 0));
    CHECK(tx.exec("select to_tsvector('ca', 'les festes majors') @@ plainto_tsquery('ca', 'festa')")
              .boolean(0, 0));
    CHECK(tx.exec("select to_tsvector('gl', 'Praza de Galiza') @@ plainto_tsquery('gl', 'PRAZA')")
              .boolean(0, 0));
    CHECK(tx.exec("select fold('Ñandú ÀGORA')").value(0, 0) == "nandu agora");
    CHECK(
        tx.exec("select string_agg(x, ' ' order by x) from unnest(array['oso','ñu','nube','ábaco','zoo']) x")
            .value(0, 0) == "ábaco nube ñu oso zoo");
    CHECK(tx.exec("select lower('ÑÁ')").value(0, 0) == "ñá");
    CHECK(tx.exec("select similarity('ayuntamiento', 'ayuntamento') > 0.5").boolean(0, 0));
}

TEST_CASE("a statement that comes again is prepared and answers the same") {
    auto pool = tests::cluster().pool(1);
    const std::string binary("\0\1\xff'\\", 5);
    for (int round = 0; round < 8; ++round) {
        auto tx = pool->begin(place());
        CHECK(tx.exec("insert into t (id, texto, datos) values ($1, $2, $3)",
                      Params(round, "ñ €", kernel::db::Bytes{binary}))
                  .affected() == 1);
        const auto rows = tx.exec("select id, texto, datos, doc from t where id = $1", Params(round));
        REQUIRE(rows.size() == 1);
        CHECK(rows.integer(0, 0) == round);
        CHECK(rows.name(1) == "texto");
        CHECK(rows.value(0, 1) == "ñ €");
        CHECK(rows.bytes(0, 2) == binary);
        CHECK(rows.is_null(0, 3));
        CHECK(db_error([&] {
                  tx.exec("insert into t (id, texto) values ($1, $2)", Params(round, "otra"));
              }).sqlstate() == "23505");
        CHECK(db_error([&] { tx.exec("select 1"); }).sqlstate() == "25P02");
    }
    auto tx = pool->begin(place());
    CHECK(tx.exec("select count(*) from pg_prepared_statements where statement like 'select id, texto, "
                  "datos, doc%'")
              .integer(0, 0) == 1);
    for (int n = 0; n < 500; ++n) tx.exec("select " + std::to_string(n / 2));
    CHECK(tx.exec("select count(*) from pg_prepared_statements").integer(0, 0) <= 65);
}

TEST_CASE("tables of one name and other columns are asked on one connection") {
    auto texts =
        tests::cluster().tenant("uno", "create table dato (valor text); insert into dato values ('x')");
    auto numbers =
        tests::cluster().tenant("dos", "create table dato (valor int); insert into dato values (7)");
    auto pool = tests::cluster().pool(1);
    for (int round = 0; round < 4; ++round) {
        CHECK(pool->begin(texts).exec("select valor from dato").value(0, 0) == "x");
        CHECK(pool->begin(numbers).exec("select valor + $1 from dato", Params(1)).integer(0, 0) == 8);
        CHECK(pool->begin(numbers).exec("select valor from dato").integer(0, 0) == 7);
    }
}

TEST_CASE("after its table has changed a prepared statement asks to try again, once") {
    auto where =
        tests::cluster().tenant("cambia", "create table dato (valor int); insert into dato values (7)");
    auto pool = tests::cluster().pool(1);
    for (int round = 0; round < 3; ++round) pool->begin(where).exec("select valor from dato");
    tests::cluster().superuser("alter table m_cambia.dato alter valor type text using 'v' || valor");
    const auto error = db_error([&] { pool->begin(where).exec("select valor from dato"); });
    CHECK(kernel::db::is_transient(error));
    for (int round = 0; round < 3; ++round)
        CHECK(pool->begin(where).exec("select valor from dato").value(0, 0) == "v7");
}
