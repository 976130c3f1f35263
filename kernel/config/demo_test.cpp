// The configurations that we ship are right, and say what the demonstration promises.
#include "kernel/config/fixture.hpp"

#include <catch2/catch.hpp>

using namespace kernel::config;
using testing::AnInstallation;

namespace {

const std::filesystem::path shipped = CONCEJO_SOURCE_DIR "/config";

const std::filesystem::path shipped_sede_schema = CONCEJO_SOURCE_DIR "/plugins/sede/config.schema.yaml";
const std::filesystem::path calendar_schema = CONCEJO_SOURCE_DIR "/plugins/calendar/config.schema.yaml";
const std::filesystem::path evidence_schema = CONCEJO_SOURCE_DIR "/plugins/evidence/config.schema.yaml";
const std::filesystem::path open_data_schema = CONCEJO_SOURCE_DIR "/plugins/open-data/config.schema.yaml";

}  // namespace

TEST_CASE("the commented example has no problem") {
    AnInstallation plugins;
    plugins.plugins["sede"] = shipped_sede_schema;
    const auto installation = Loader(testing::share).load(shipped, plugins.plugins);
    CHECK(installation.problems.text() == "");
    CHECK(installation.usable);
    REQUIRE(installation.municipios.size() == 1);
    const auto& ejemplo = installation.municipios[0];
    CHECK(ejemplo.id == "28999");
    CHECK(ejemplo.public_url == "https://sede.ejemplo.example");
    CHECK(ejemplo.shortcuts.at(1).text.in("en") == "Submit a document");
    CHECK(ejemplo.shortcuts.at(1).text.in("gl") == "Registro de entrada");
    CHECK(ejemplo.legal.authority_url == "https://www.aepd.es");
}

TEST_CASE("the demonstration: two municipalities, their hosts, languages, themes and modules") {
    AnInstallation plugins;
    plugins.plugins["sede"] = shipped_sede_schema;
    plugins.plugins["calendar"] = calendar_schema;
    plugins.plugins["evidence"] = evidence_schema;
    plugins.plugins["open-data"] = open_data_schema;
    plugins.plugins["es.riomar.buzon"] = "";
    const auto installation = Loader(testing::share).load(shipped / "demo", plugins.plugins);
    CHECK(installation.problems.text() == "");
    REQUIRE(installation.municipios.size() == 2);
    const auto& riomar = installation.municipios[0];
    const auto& valdehermoso = installation.municipios[1];
    CHECK(installation.platform.mode == Mode::demostracion);
    CHECK(valdehermoso.id == "valdehermoso");
    CHECK(valdehermoso.domains ==
          std::vector<std::string>{"valdehermoso.localhost", "localhost", "127.0.0.1"});
    CHECK(valdehermoso.public_url == "http://valdehermoso.localhost:8080");
    CHECK(valdehermoso.languages == std::vector<std::string>{"es", "ca", "gl", "eu", "en"});
    CHECK(valdehermoso.theme.name == "valdehermoso");
    CHECK(valdehermoso.modules.size() == 4);
    CHECK(valdehermoso.modules.at("sede").active);
    CHECK(valdehermoso.modules.at("calendar").active);
    CHECK(riomar.languages.front() == "gl");
    CHECK(riomar.modules.at("es.riomar.buzon").active);
    CHECK(riomar.modules.at("sede").settings["organos"].size() == 4);
}
