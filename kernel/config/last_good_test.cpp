#include "kernel/config/last_good.hpp"

#include "kernel/config/fixture.hpp"

#include <catch2/catch.hpp>

using namespace kernel::config;
using testing::a_municipio;
using testing::AnInstallation;

namespace {

/// An installation that has served: its texts are kept.
struct Served {
    AnInstallation files;
    LastGood last_good{files.root() / "data" / "config"};

    Served() {
        files.municipio("a", a_municipio("a", "a.es")).municipio("b", a_municipio("b", "b.es"));
        last_good.keep(files.load(&last_good));
    }
    Installation load() const { return files.load(&last_good); }
};

}  // namespace

TEST_CASE("loading writes nothing; keeping writes the texts") {
    AnInstallation files;
    files.municipio("a", a_municipio("a", "a.es"));
    const LastGood last_good(files.root() / "data" / "config");
    const auto installation = files.load(&last_good);
    CHECK_FALSE(std::filesystem::exists(files.root() / "data"));
    last_good.keep(installation);
    CHECK(last_good.text("a") == a_municipio("a", "a.es"));
    CHECK_FALSE(last_good.text("b"));
}

TEST_CASE(
    "a broken file leaves its municipality with the last good text, flagged, and the others as they are") {
    Served served;
    served.files.municipio("a", "municipio: [\n").municipio("b", a_municipio("b", "b.es, nuevo.es"));
    const auto installation = served.load();
    CHECK(installation.usable);
    CHECK(installation.left_out.empty());
    CHECK(installation.find("a")->last_good);
    CHECK(installation.find("a")->domains == std::vector<std::string>{"a.es"});
    CHECK_FALSE(installation.find("b")->last_good);
    CHECK(installation.find("b")->domains.size() == 2);
    CHECK_THAT(installation.problems.text(),
               Catch::Contains("municipios/a.yaml: aviso: sigue en servicio con su última copia buena") &&
                   Catch::Contains("error: falta ']'"));
    served.last_good.keep(installation);
    CHECK(served.last_good.text("a") == a_municipio("a", "a.es"));
    CHECK(served.last_good.text("b") == a_municipio("b", "b.es, nuevo.es"));
}

TEST_CASE("who claims another's domain goes back, and the other keeps it") {
    Served served;
    served.files.municipio("a", a_municipio("a", "a.es, b.es"));
    const auto installation = served.load();
    REQUIRE(installation.municipios.size() == 2);
    CHECK(installation.find("a")->domains == std::vector<std::string>{"a.es"});
    CHECK(installation.find("b")->domains == std::vector<std::string>{"b.es"});
    CHECK_THAT(installation.problems.text(),
               Catch::Contains("municipios/a.yaml:4:20: error: el dominio b.es ya está en"));
}

TEST_CASE("a new file that claims a domain in service does not take it") {
    Served served;
    served.files.municipio("c", a_municipio("c", "a.es"));
    const auto installation = served.load();
    CHECK(installation.left_out == std::vector<std::string>{"c"});
    CHECK(installation.find("a")->domains == std::vector<std::string>{"a.es"});
}

TEST_CASE("a municipality's id cannot change") {
    Served served;
    served.files.municipio("a", a_municipio("otro", "a.es"));
    const auto installation = served.load();
    CHECK(installation.find("a")->id == "a");
    CHECK(installation.find("a")->last_good);
    CHECK_THAT(
        installation.problems.text(),
        Catch::Contains(
            "municipios/a.yaml:2:7: error: el identificador no puede cambiar: era 'a' y ahora es 'otro'"));
}

TEST_CASE("a removed file is a removed municipality") {
    Served served;
    std::filesystem::remove(served.files.config() / "municipios" / "a.yaml");
    const auto installation = served.load();
    CHECK(installation.find("a") == nullptr);
    CHECK(installation.problems.text() == "");
    served.last_good.keep(installation);
    CHECK_FALSE(served.last_good.text("a"));
    CHECK(served.last_good.text("b"));
}

TEST_CASE("a last good text that is no longer right leaves the municipality out") {
    Served served;
    served.files.platform("idiomas: [gl]\n");
    served.files.municipio("a", "x");
    const auto installation = served.load();
    CHECK(installation.left_out == std::vector<std::string>{"a", "b"});
    CHECK(installation.municipios.empty());
}
