#include "kernel/config/secret.hpp"

#include "kernel/config/fixture.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <sstream>

using namespace kernel::config;
using testing::a_municipio;
using testing::AnInstallation;

namespace {

constexpr const char* schema = "{type: object, properties: {sello: {type: string, x-secreto: true}}}";

AnInstallation with_secret(const std::string& name = "sello") {
    AnInstallation files;
    files.plugin("sede", schema);
    files.municipio("villa", a_municipio("villa", "villa.es",
                                         "modulos:\n  sede: {activo: true, sello: !secret " + name + "}\n"));
    return files;
}

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
    out << value;
};

}  // namespace

TEST_CASE("a municipality's secret comes from its own folder, without the line's end") {
    auto files = with_secret();
    files.secret("villa/sello", "clave muy larga\n").secret("sello", "otra");
    const auto installation = files.load();
    REQUIRE(installation.problems.text() == "");
    CHECK(installation.find("villa")->modules.at("sede").settings["sello"].as_string() == "clave muy larga");
    CHECK_THAT(installation.show("villa", true),
               !Catch::Contains("clave muy") && Catch::Contains("«secreto»"));
    CHECK(installation.find("villa")->effective.shown().dump().find("clave muy") == std::string::npos);
}

TEST_CASE("a default of platform.yaml names a secret of the platform") {
    AnInstallation files;
    files.plugin("sede", schema)
        .platform("defecto: {modulos: {sede: {activo: true, sello: !secret comun}}}\n");
    files.secret("comun", "valor").municipio("villa", a_municipio("villa", "villa.es"));
    const auto installation = files.load();
    REQUIRE(installation.problems.text() == "");
    CHECK(installation.find("villa")->modules.at("sede").settings["sello"].as_string() == "valor");
}

TEST_CASE("missing, open, empty and stray secrets are refused without showing any") {
    SECTION("missing") {
        CHECK_THAT(with_secret().problems(),
                   Catch::StartsWith("municipios/villa.yaml:6:31: error: !secret sello: no existe ") &&
                       Catch::Contains("config/secretos/villa/sello") && Catch::Contains("600"));
    }
    for (const mode_t mode : {0640, 0604, 0620, 0666}) {
        auto files = with_secret();
        files.secret("villa/sello", "oculto", mode);
        CHECK_THAT(files.problems(), Catch::Contains("otros pueden leer") &&
                                         Catch::Contains("ejecute: chmod 600 ") &&
                                         !Catch::Contains("oculto"));
    }
    SECTION("empty") {
        auto files = with_secret();
        files.secret("villa/sello", "\n");
        CHECK_THAT(files.problems(), Catch::Contains("está vacío"));
    }
    for (const char* name : {"../comun", ".oculto", "a/b", "'a b'"}) {
        auto files = with_secret(name);
        files.secret("comun", "x");
        CHECK_THAT(files.problems(), Catch::Contains("un nombre de secreto lleva letras"));
    }
}

TEST_CASE("a module that is off needs no secret") {
    auto files = with_secret();
    files.municipio("villa", a_municipio("villa", "villa.es",
                                         "modulos:\n  sede: {activo: false, sello: !secret sello}\n"));
    CHECK(files.problems() == "");
}

TEST_CASE("systemd's credentials come first, by municipality") {
    auto files = with_secret();
    files.write("credentials/villa.sello", "de systemd", 0440);
    ::setenv("CREDENTIALS_DIRECTORY", (files.root() / "credentials").c_str(), 1);
    const auto installation = files.load();
    ::unsetenv("CREDENTIALS_DIRECTORY");
    REQUIRE(installation.problems.text() == "");
    CHECK(installation.find("villa")->modules.at("sede").settings["sello"].as_string() == "de systemd");
}

TEST_CASE("a secret's type cannot be printed, and moving leaves nothing behind") {
    static_assert(!Printable<Secret>);
    static_assert(!fmt::is_formattable<Secret>::value);
    Secret first("abc");
    const Secret second = std::move(first);
    CHECK(first.empty());
    CHECK(second.reveal() == "abc");
}
