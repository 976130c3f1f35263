// The lawyers' tables (tests/casos), and what no table says: reasons, the register's order, zones.
#include "../tests/answer.hpp"
#include "incidencia.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace calendar {
namespace {

using concejo::Json;

Json days(std::initializer_list<const char*> list) {
    Json all = Json::array();
    for (const char* day : list) all.push_back(Json::object({{"fecha", day}, {"nombre", "fiesta"}}));
    return all;
}

Json madrid() {
    return Json::object(
        {{"comunidad", "MD"},
         {"calendarios",
          Json::array(
              {Json::object({{"ejercicio", 2024},
                             {"autonomicos", days({"2024-01-06", "2024-03-28", "2024-05-02", "2024-07-25"})},
                             {"locales", days({"2024-05-15", "2024-11-09"})}}),
               Json::object({{"ejercicio", 2025}, {"locales", days({"2025-05-15", "2025-11-10"})}}),
               Json::object({{"ejercicio", 2026}, {"locales", days({"2026-05-15", "2026-11-09"})}})})}});
}

std::vector<std::string> split(std::string_view text, char by) {
    std::vector<std::string> parts;
    for (;;) {
        const auto end = text.find(by);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

/// "2026-02-02..2026-02-12" -> both ends.
std::pair<std::string, std::string> span(const std::string& text) {
    return {text.substr(0, text.find("..")), text.substr(text.find("..") + 2)};
}

void add_option(Json& caso, const std::string& option) {
    Json& asked = caso["peticion"];
    const auto equals = option.find('=');
    const std::string name = option.substr(0, equals),
                      value = equals == std::string::npos ? "" : option.substr(equals + 1);
    if (name == "urgencia")
        asked["urgencia"] = true;
    else if (name == "suspension") {
        const auto [desde, hasta] = span(value.substr(0, value.find('@')));
        asked["suspensiones"].push_back(
            Json::object({{"desde", desde}, {"hasta", hasta}, {"causa", value.substr(value.find('@') + 1)}}));
    } else if (name.starts_with("ampliacion")) {
        const auto low = value.find('_'), at = value.find('@');
        asked["ampliaciones"].push_back(Json::object({{"cantidad", value.substr(0, low)},
                                                      {"unidad", value.substr(low + 1, at - low - 1)},
                                                      {"acordada", value.substr(at + 1)},
                                                      {"articulo", name == "ampliacion23" ? "23" : "32"}}));
    } else if (name == "residencia") {
        Json local = Json::array();
        for (const auto& day : split(value.substr(value.find(':') + 1), ',')) local.push_back(day);
        caso["residencia"] =
            Json::object({{"comunidad", value.substr(0, value.find(':'))}, {"locales", local}});
    } else if (name == "prorroga") {
        const auto [desde, hasta] = span(value.substr(0, value.find('>')));
        caso["prorrogas"].push_back(
            Json::object({{"desde", desde}, {"hasta", hasta}, {"nuevo", value.substr(value.find('>') + 1)}}));
    } else
        asked[name] = value;
}

Dia d(const char* text) { return *parse_dia(text); }
const Calendario& madrid_calendar() {
    static const Calendario made("MD", read_propios(madrid()).years);
    return made;
}

}  // namespace

TEST_CASE("the law's tables") {
    int cases = 0;
    for (const auto& file :
         std::filesystem::directory_iterator(CONCEJO_SOURCE_DIR "/plugins/calendar/tests/casos")) {
        if (file.path().extension() != ".csv") continue;
        std::ifstream in(file.path());
        for (std::string line; std::getline(in, line); ++cases) {
            const auto fields = split(line, ';');
            REQUIRE(fields.size() >= 6);  // the reason may hold semicolons
            Json caso =
                Json::object({{"sede", madrid()},
                              {"peticion", Json::object({{"desde", fields[1]}, {"plazo", fields[2]}})}});
            for (const auto& option : split(fields[3], ' ')) {
                if (!option.empty()) add_option(caso, option);
            }
            INFO(file.path().filename().string() << ": " << line);
            CHECK(test::answer(caso) == fields[4]);
        }
    }
    CHECK(cases >= 80);
}

TEST_CASE("every answer tells its steps, each with its article") {
    const Zona zona("Europe/Madrid");
    const auto term = vencimiento({d("2026-11-05"), {}, false, *Plazo::of(10, Unidad::habiles)},
                                  {madrid_calendar(), nullptr, zona});
    REQUIRE(term);
    std::vector<std::string> told;
    for (const auto& paso : term->pasos) {
        CHECK_FALSE(paso.articulo.empty());
        told.push_back(paso.articulo + " " + paso.codigo);
    }
    CHECK(told == std::vector<std::string>{"30.3 dia_siguiente", "30.2 dias_habiles", "30.2 festivo",
                                           "30.2 fines_de_semana", "30.3 ultimo_dia", "30 vence"});
    CHECK(zona.rfc3339(term->instante) == "2026-11-21T00:00:00+01:00");
}

TEST_CASE("what is not known is named: the day, and the lists that are missing") {
    const Zona zona("Europe/Madrid");
    const auto term = vencimiento({d("2026-12-01"), {}, false, *Plazo::of(1, Unidad::meses)},
                                  {madrid_calendar(), nullptr, zona});
    REQUIRE_FALSE(term);
    CHECK(term.error().codigo == "no_consta");
    CHECK(iso(*term.error().dia) == "2027-01-04");
    CHECK(term.error().faltan == std::set<Capa>{Capa::local});
}

TEST_CASE("the register: a non-working day's come before the next working day's, in their real order") {
    const Zona zona("Europe/Madrid");
    const auto at = [&](const char* day, const char* time) {
        return *presentacion(zona.at(d(day), *Hora::parse(time)), madrid_calendar(), zona);
    };
    const auto saturday_late = at("2026-11-14", "23:00"), sunday = at("2026-11-15", "08:00"),
               saturday = at("2026-11-14", "09:00"), monday_first = at("2026-11-16", "00:00"),
               monday = at("2026-11-16", "07:00");
    std::vector<Presentacion> all{monday, sunday, monday_first, saturday_late, saturday};
    std::sort(all.begin(), all.end());
    CHECK(all == std::vector<Presentacion>{saturday, saturday_late, sunday, monday_first, monday});
    CHECK(sunday.inhabil);
    CHECK(zona.rfc3339(sunday.efectiva) == "2026-11-16T00:00:00+01:00");
    CHECK(sunday.pasos.back().articulo == "31.2.c");
}

TEST_CASE("the clock is the body's: an hour apart in the Canary Islands") {
    const Zona madrid("Europe/Madrid"), canary("Atlantic/Canary");
    // 23:30 of Friday 13 in the islands is 00:30 of Saturday 14 on the mainland
    const Instante when = canary.at(d("2026-11-13"), *Hora::parse("23:30"));
    CHECK_FALSE(presentacion(when, madrid_calendar(), canary)->inhabil);
    CHECK(presentacion(when, madrid_calendar(), madrid)->inhabil);
    CHECK(canary.rfc3339(when) == "2026-11-13T23:30:00Z");
    CHECK(canary.rfc3339(canary.at(d("2026-07-01"), *Hora::parse("10:00"))) == "2026-07-01T10:00:00+01:00");
}

TEST_CASE("the days on which clocks change have 23 and 25 hours") {
    const Zona zona("Europe/Madrid");
    CHECK(zona.start_of(d("2026-03-30")) - zona.start_of(d("2026-03-29")) == 23 * 3600);
    CHECK(zona.start_of(d("2026-10-26")) - zona.start_of(d("2026-10-25")) == 25 * 3600);
    CHECK(zona.time_of(zona.at(d("2026-03-29"), *Hora::parse("02:30"))).text() == "03:00");
}

TEST_CASE("published extensions move the terms they name, and no other") {
    const std::vector<Prorroga> published{{d("2026-11-18"), d("2026-11-20"), d("2026-11-24"), false, "1"},
                                          {d("2026-11-24"), d("2026-11-24"), d("2026-11-26"), false, "2"}};
    const auto moved =
        affected({{"a", d("2026-11-17")}, {"b", d("2026-11-19")}, {"c", d("2026-11-23")}}, published);
    REQUIRE(moved.size() == 1);
    CHECK(moved[0].id == "b");
    CHECK(iso(moved[0].vence) == "2026-11-26");
}

}  // namespace calendar
