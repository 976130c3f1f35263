// Tables that plugins make while they run: kernel/db/migrations/0010.
#include "tests/support/postgres.hpp"
#include "tests/support/refusal.hpp"

#include <catch2/catch.hpp>

using concejo::ErrorKind;
using kernel::db::Params;
using kernel::db::Transaction;
using tests::kind_of;

namespace {

constexpr const char* described =
    R"({"table":"datos_r1","columns":[{"name":"_id","type":"bigint","required":true},)"
    R"({"name":"Calle «\"mayor\"»; drop table x","type":"text"},{"name":"importe","type":"numeric"}]})";

struct Tables {
    std::unique_ptr<kernel::db::Pool> pool = tests::cluster().pool(4);
    kernel::db::Tenant one = tests::cluster().tenant("tablas_1", ""),
                       other = tests::cluster().tenant("tablas_2", "");

    static void make(Transaction& tx, const std::string& json) {
        tx.exec_kernel("select concejo.make_plugin_table($1, $2)", Params(tx.tenant().schema, json));
    }
    static void change(Transaction& tx, const std::string& json) {
        tx.exec_kernel("select concejo.change_plugin_table($1, $2)", Params(tx.tenant().schema, json));
    }
    static void drop(Transaction& tx, const std::string& name) {
        tx.exec_kernel("select concejo.drop_plugin_table($1, $2)", Params(tx.tenant().schema, name));
    }
};

}  // namespace

TEST_CASE(
    "a plugin's table is made, filled, changed and dropped with its transaction, for its municipality alone") {
    Tables place;
    {
        auto tx = place.pool->begin(place.one);
        Tables::make(tx, described);
        tx.rollback();
    }
    {
        auto tx = place.pool->begin(place.one);
        CHECK(tx.exec("select to_regclass('datos_r1')").is_null(0, 0));
        Tables::make(tx, described);
        tx.exec("insert into datos_r1 values (1, 'sí', 1.5), (2, null, null)");
        Tables::change(
            tx,
            R"({"table":"datos_r1","add":[{"name":"día","type":"date"}],"drop":["importe"],"key":["_id"],)"
            R"("index":[{"name":"datos_r1_calle","columns":["Calle «\"mayor\"»; drop table x"],"method":"trigram"},)"
            R"({"name":"datos_r1_dia","columns":["día","_id"],"unique":true}],"analyze":true})");
        const auto point = tx.sub();
        CHECK(kind_of([&] { tx.exec("insert into datos_r1 (_id) values (1)"); }) == ErrorKind::conflict);
    }
    {
        auto tx = place.pool->begin(place.one);
        CHECK(tx.exec("select to_regclass('datos_r1')").is_null(0, 0));
        Tables::make(tx, described);
        tx.commit();
    }
    {
        auto tx = place.pool->begin(place.other);
        CHECK(tx.exec("select to_regclass('datos_r1')").is_null(0, 0));
        CHECK(kind_of([&] { tx.exec("select * from " + place.one.schema + ".datos_r1"); }) ==
              ErrorKind::forbidden);
    }
    {
        auto tx = place.pool->begin(place.other);
        Tables::drop(tx, "datos_r1");
        tx.commit();
    }
    auto tx = place.pool->begin(place.one);
    CHECK(tx.exec("select * from datos_r1").columns() == 3);
    Tables::drop(tx, "datos_r1");
    CHECK(tx.exec("select to_regclass('datos_r1')").is_null(0, 0));
    tx.commit();
}

TEST_CASE("what would be no table of a plugin's is refused, and nobody else may call the functions") {
    Tables place;
    for (const auto* wrong : {
             R"({"table":"Datos","columns":[{"name":"a","type":"text"}]})",
             R"({"table":"datos\"; drop schema concejo","columns":[{"name":"a","type":"text"}]})",
             R"({"table":"datos_r2","columns":[]})",
             R"({"table":"datos_r2","columns":[{"name":"a","type":"text; drop table x"}]})",
             R"({"table":"datos_r2","columns":[{"name":"a","type":"concejo.tenants"}]})",
             R"({"table":"datos_r2","columns":[{"name":"","type":"text"}]})",
             R"({"table":"datos_r2","columns":[{"name":"ñññññññññññññññññññññññññññññññññ","type":"text"}]})",
             R"({"table":"datos_r2","columns":[{"type":"text"}]})",
             R"({"columns":[{"name":"a","type":"text"}]})",
         }) {
        INFO(wrong);
        auto tx = place.pool->begin(place.one);
        CHECK(kind_of([&] { Tables::make(tx, wrong); }) == ErrorKind::invalid);
    }
    auto tx = place.pool->begin(place.one);
    CHECK(kind_of([&] {
              tx.exec("select concejo.make_plugin_table($1, $2)",
                      Params(place.one.schema, std::string(described)));
          }) == ErrorKind::forbidden);
}
