// Expected texts: what ICU's styles print for each language, read by people and written down in the
// project's notes on languages; arithmetic for the zones.
#include "kernel/i18n/formats.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

using kernel::i18n::Formats;
using kernel::i18n::Instant;
using kernel::i18n::Style;
using namespace std::chrono;

namespace {

const Formats madrid("Europe/Madrid");
// 2026-11-23T09:42:00Z, a Monday
const Instant morning = sys_days(2026y / November / 23) + 9h + 42min;

/// ICU separates with no-break spaces; which kind is its business.
std::string plain(std::string text) {
    for (const std::string space : {"\u00a0", "\u202f"}) {
        for (auto at = text.find(space); at != std::string::npos; at = text.find(space))
            text.replace(at, space.size(), " ");
    }
    return text;
}

}  // namespace

TEST_CASE("full dates in five languages") {
    CHECK(madrid.date("es", morning, Style::full) == "lunes, 23 de noviembre de 2026");
    CHECK(madrid.date("ca", morning, Style::full) == "dilluns, 23 de novembre de 2026");
    CHECK(madrid.date("gl", morning, Style::full) == "luns, 23 de novembro de 2026");
    CHECK(madrid.date("eu", morning, Style::full) == "2026(e)ko azaroaren 23(a), astelehena");
    CHECK(madrid.date("en", morning, Style::full) == "Monday, 23 November 2026");
}

TEST_CASE("an instant to the minute, and to the second where it counts") {
    CHECK(plain(madrid.date_time("es", morning + 7s)) == "23 de noviembre de 2026, 10:42");
    CHECK(plain(madrid.date_time("es", morning + 7s, Style::wide, Style::normal)) ==
          "23 de noviembre de 2026, 10:42:07");
    CHECK(plain(madrid.date_time("en", morning + 7s, Style::brief, Style::normal)) == "23/11/2026, 10:42:07");
}

TEST_CASE("numbers, money and percentages in five languages") {
    CHECK(madrid.number("es", 1234567.5, 1) == "1.234.567,5");
    CHECK(plain(madrid.money("es", 1842000050)) == "18.420.000,50 €");
    CHECK(plain(madrid.money("ca", 1842000050)) == "18.420.000,50 €");
    CHECK(plain(madrid.money("gl", 1842000050)) == "18.420.000,50 €");
    CHECK(plain(madrid.money("eu", 1842000050)) == "18.420.000,50 €");
    CHECK(madrid.money("en", 1842000050).find("€") != std::string::npos);
    CHECK(plain(madrid.percent("eu", 0.642)) == "% 64,2");
    CHECK(plain(madrid.percent("es", 0.642)) == "64,2 %");
    CHECK(plain(madrid.money("es", 9223372036854775807)) == "92.233.720.368.547.758,07 €");
    CHECK(plain(madrid.money("es", -5)) == "-0,05 €");
}

TEST_CASE("each municipality has its own zone") {
    const Formats canarias("Atlantic/Canary");
    CHECK(madrid.time("es", morning) == "10:42");
    CHECK(canarias.time("es", morning) == "9:42");
    CHECK(madrid.iso(morning) == "2026-11-23T10:42:00+01:00");
    CHECK(madrid.iso(sys_days(2026y / July / 1)) == "2026-07-01T02:00:00+02:00");
    CHECK(canarias.iso(sys_days(2026y / January / 1)) == "2026-01-01T00:00:00+00:00");
    CHECK(madrid.day(sys_days(2026y / December / 31) + 23h + 30min) == 2027y / January / 1);
    CHECK_THROWS_AS(Formats("Europe/Valdehermoso"), concejo::Error);
}

TEST_CASE("an official day is never moved by a zone") {
    CHECK(madrid.date("es", 2026y / January / 1) == "1 de enero de 2026");
    CHECK(Formats("Atlantic/Canary").date("ca", 2026y / April / 1, Style::wide) == "1 d’abril de 2026");
    const auto tile = madrid.tile("es", 2026y / November / 20);
    CHECK(tile.day == "20");
    CHECK(tile.month == "nov");
}

TEST_CASE("texts are ordered as dictionaries do") {
    CHECK(Formats::compare("es", "Álava", "Almería") < 0);
    CHECK(Formats::compare("es", "Ñora", "Nuez") > 0);
    CHECK(Formats::compare("es", "Ñora", "Oca") < 0);
}
