#include "kernel/authoring/plugin_id.hpp"

#include <catch2/catch.hpp>

using Catch::Contains;
using kernel::authoring::PluginId;

TEST_CASE("a reverse domain and a name give the names that follow") {
    const auto plain = PluginId::parse("es.miayto.buzon");
    REQUIRE(plain);
    CHECK(plain->snake() == "es_miayto_buzon");
    CHECK(plain->name() == "buzon");
    CHECK(plain->class_name() == "Buzon");
    const auto hyphens = PluginId::parse("org.san-roque.buzon-vecinal2");
    REQUIRE(hyphens);
    CHECK(hyphens->snake() == "org_san_roque_buzon_vecinal2");
    CHECK(hyphens->name() == "buzon-vecinal2");
    CHECK(hyphens->class_name() == "BuzonVecinal2");
}

TEST_CASE("what is no reverse domain is refused with the reason") {
    const auto why = [](std::string_view text) {
        const auto id = PluginId::parse(text);
        return id ? std::string("accepted") : id.error();
    };
    CHECK_THAT(why(""), Contains("vacío"));
    CHECK_THAT(why("buzon"), Contains("oficiales"));
    CHECK_THAT(why("es.buzon"), Contains("faltan partes"));
    CHECK_THAT(why("es..buzon"), Contains("dos puntos seguidos"));
    CHECK_THAT(why(".es.buzon"), Contains("al principio"));
    CHECK_THAT(why("es.miayto."), Contains("al final"));
    CHECK_THAT(why("es.MiAyto.buzon"), Contains("no empieza por una letra minúscula"));
    CHECK_THAT(why("es.miAyto.buzon"), Contains("letras minúsculas"));
    CHECK_THAT(why("es.miayto.buzón"), Contains("sin acentos"));
    CHECK_THAT(why("es.miayto.2buzon"), Contains("no empieza por una letra"));
    CHECK_THAT(why("es.miayto.buzon_vecinal"), Contains("guiones"));
    CHECK_THAT(why("es.miayto.buzon-"), Contains("acaba en guion"));
    CHECK_THAT(why("es.miayto.bu--zon"), Contains("dos guiones"));
    CHECK_THAT(why("es.miayto/../../buzon"), Contains("letras minúsculas"));
    CHECK_THAT(why("es.miayto." + std::string(40, 'a')), Contains("mide 50 letras y caben 40"));
    CHECK_THAT(why("buzon"), Contains("como es.miayto.buzon"));
}
