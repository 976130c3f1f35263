#include "kernel/web/layout.hpp"
#include "kernel/web/site_fixture.hpp"

#include <catch2/catch.hpp>

using namespace kernel;
using namespace kernel::web;
using concejo::Json;

namespace {

/// A view of a municipality at an instant, without a request unless one is given.
struct Look {
    World world;
    config::MunicipioConfig& municipio =
        const_cast<config::MunicipioConfig&>(world.tenants->by_slug("ribera")->config);
    Visit visit;

    Look() {
        visit.tenant = world.tenants->by_slug("ribera");
        visit.language = "ca";
        visit.address = read_address("/ca/buzon/3", municipio.languages);
    }
    Json view(const char* utc) {
        const i18n::Formats formats(municipio.time_zone);
        return layout_view(
            {world.registry, world.catalogs, formats, *base::parse_utc(utc), config::Mode::demostracion},
            visit);
    }
};

config::Notice notice(std::string from, std::string until) {
    config::Notice made;
    made.text.by_language = {{"es", "Cerrado"}, {"ca", "Tancat"}};
    made.text.original = "es";
    made.from = std::move(from);
    made.until = std::move(until);
    made.href = "/tablon";
    return made;
}

}  // namespace

TEST_CASE("a notice stands on its days in the municipality's zone, both included") {
    Look look;
    look.municipio.notices = {notice("2026-03-02", "2026-03-03")};
    // Madrid is an hour ahead of UTC in March: its day begins at 23:00 of the day before.
    CHECK(look.view("2026-03-01T22:59:59Z")["notices"].empty());
    CHECK(look.view("2026-03-01T23:00:00Z")["notices"].size() == 1);
    CHECK(look.view("2026-03-03T22:59:59Z")["notices"].size() == 1);
    CHECK(look.view("2026-03-03T23:00:00Z")["notices"].empty());
    const auto notices = look.view("2026-03-02T12:00:00Z")["notices"];
    const auto& shown = notices.as_array().front();
    CHECK(shown["text"].as_string() == "Tancat");
    CHECK(shown["href"].as_string() == "/ca/tablon");
    look.municipio.time_zone = "Atlantic/Canary";
    CHECK(look.view("2026-03-01T23:30:00Z")["notices"].empty());
}

TEST_CASE("the official time is the municipality's, and says so") {
    Look look;
    auto time = look.view("2026-07-01T10:42:00Z")["official_time"];
    CHECK(time["time"].as_string() == "12:42");
    CHECK(time["iso"].as_string() == "2026-07-01T12:42:00+02:00");
    CHECK(time["zone"].as_string() == "península");
    look.municipio.time_zone = "Atlantic/Canary";
    time = look.view("2026-07-01T10:42:00Z")["official_time"];
    CHECK(time["time"].as_string() == "11:42");
    CHECK(time["zone"].as_string() == "Canàries");
}

TEST_CASE("menus mark where one is, and show the staff only what they may") {
    Look look;
    const auto nav = menu({look.world.registry,
                           look.world.catalogs,
                           i18n::Formats("Europe/Madrid"),
                           {},
                           config::Mode::produccion},
                          look.visit, "main");
    CHECK(nav.as_array().front()["current"].as_bool());
    CHECK(nav.as_array().front()["href"].as_string() == "/ca/buzon");
    const auto items = [&] {
        std::string all;
        const auto groups = staff_menu({look.world.registry,
                                        look.world.catalogs,
                                        i18n::Formats("Europe/Madrid"),
                                        {},
                                        config::Mode::produccion},
                                       look.visit);
        for (const auto& group : groups.as_array()) {
            for (const auto& item : group["items"].as_array()) all += item["href"].as_string() + " ";
        }
        return all;
    };
    CHECK(items() == "/ca/gestion/sesiones /ca/gestion/verificacion /ca/gestion/clave ");
    look.visit.who.permissions = {"buzon.mandar"};
    CHECK(items().starts_with("/ca/gestion/buzon/jefatura /ca/gestion/sesiones"));
}

TEST_CASE("a job renders pages too: nobody is signed in and no form is signed") {
    World w;
    plugins::Scope scope;
    scope.tenant = w.tenants->by_slug("ribera");
    const auto html =
        w.pages->render(scope, "buzon/lista", Json::object({{"title", "x"}, {"mood", "del trabajo"}}), true);
    CHECK(html.find("del trabajo") != html.npos);
    CHECK(w.pages->url(scope, "/tablon", false) == "/es/tablon");
    CHECK(w.pages->url(scope, "/", false) == "/es/");
    CHECK(w.pages->url(scope, "/gestion/buzon/3", false) == "/es/gestion/buzon/3");
    CHECK(w.pages->url(scope, "/id/7", true) == "http://ribera.test/id/7");
    CHECK(w.pages->url(scope, "/api/buzon", true) == "http://ribera.test/api/buzon");
    CHECK(w.pages->url(scope, "/ca/buzon", false) == "/ca/buzon");
    CHECK(w.pages->url(scope, "/buzon?p=2", true) == "http://ribera.test/es/buzon?p=2");
    CHECK(w.pages->url(scope, "https://boe.es/", true) == "https://boe.es/");
}
