#include "kernel/config/fixture.hpp"
#include "kernel/config/reader.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

using namespace kernel::config;
using concejo::Json;
using testing::a_municipio;
using testing::AnInstallation;

namespace {

AnInstallation an_example() {
    AnInstallation files;
    files.plugin("sede",
                 "{type: object, required: [web], properties: {dias: {type: integer, default: 20}, web: "
                 "{type: string, format: uri}, raros: {type: array, items: {type: string}, default: []}, "
                 "lista: {type: array, items: {type: object, properties: {a: {type: string}, b: {type: "
                 "array, items: {type: integer}}}}}}}");
    files.platform("defecto: {modulos: {sede: {web: 'https://x.es'}}}\n");
    files.municipio(
        "villa",
        a_municipio(
            "villa", "villa.es",
            "  contacto: {telefono: '900 100 200'}\nmodulos:\n  sede:\n    activo: true\n"
            "    raros: ['no', \"01\", 'a: b', '# x', '', 'null', '-', \"a\\nb\\\"\", 'sí', '1e3', 'true']\n"
            "    lista: [{a: x, b: [1, 2]}, {b: []}]\n"));
    return files;
}

}  // namespace

TEST_CASE("each effective value with the file and line that set it") {
    const auto installation = an_example().load();
    REQUIRE(installation.problems.text() == "");
    const std::string shown = installation.show("villa", true);
    CHECK_THAT(shown,
               Catch::Contains("  nombre: Villa                             # municipios/villa.yaml:3\n"));
    CHECK_THAT(shown,
               Catch::Contains("    activo: true                            # municipios/villa.yaml:8\n"));
    CHECK_THAT(shown, Catch::Contains("    web: \"https://x.es\"                     # platform.yaml:1\n"));
    CHECK_THAT(shown, Catch::Contains("    dias: 20                                # defecto del esquema\n"));
    CHECK_THAT(shown,
               Catch::Contains("    - villa.es                              # municipios/villa.yaml:4\n"));
    CHECK_THAT(installation.show("villa", false), !Catch::Contains("villa.yaml"));
}

TEST_CASE("what is shown is YAML that reads back as the same values") {
    const auto installation = an_example().load();
    for (const bool origin : {false, true}) {
        Problems problems;
        const auto again = read_yaml(installation.show("villa", origin), "shown", {}, problems);
        INFO(problems.text() << installation.show("villa", origin));
        REQUIRE(again);
        CHECK(problems.empty());
        CHECK(again->json() == installation.find("villa")->effective.json());
    }
}

TEST_CASE("an unknown municipality is told with the nearest") {
    const auto installation = an_example().load();
    try {
        installation.show("vila", true);
        FAIL("shown");
    } catch (const concejo::Error& error) {
        CHECK(error.kind() == concejo::ErrorKind::not_found);
        CHECK_THAT(error.what(), Catch::Contains("¿quería decir 'villa'?"));
    }
}

TEST_CASE("problems as JSON") {
    AnInstallation files;
    files.municipio("v", "municipio: 1\n");
    CHECK(
        files.load().problems.json().dump() ==
        R"([{"file":"municipios/v.yaml","line":1,"column":12,"severity":"error","message":"municipio: debe ser un bloque de claves"}])");
}

TEST_CASE(
    "the schema for editors holds the modules' settings, and asks nothing that platform.yaml may give") {
    const auto files = an_example();
    const Json json = Loader(testing::share).schema_json(files.plugins);
    CHECK(json.at("$schema").as_string() == "https://json-schema.org/draft/2020-12/schema");
    const Json& modules = json["properties"]["modulos"];
    CHECK_FALSE(modules["additionalProperties"].as_bool());
    const Json& sede = modules["properties"]["sede"];
    CHECK(sede["properties"].contains("activo"));
    CHECK(sede["properties"]["dias"]["default"].as_int() == 20);
    CHECK_FALSE(sede.contains("required"));
    const Json platform = Loader(testing::share).platform_schema_json(files.plugins);
    CHECK(platform["properties"]["defecto"]["properties"]["modulos"]["properties"].contains("sede"));

    AnInstallation wrong;
    wrong.plugin("malo", "type: x\n");
    CHECK_THROWS_WITH(Loader(testing::share).schema_json(wrong.plugins),
                      Catch::Contains("malo.yaml:1:7: error: esquema: tipo desconocido"));
}
