#include "builders_test.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace sede;
using namespace sede::test;

TEST_CASE("a day is read as people type it and as machines write it") {
    CHECK(Fecha::parse("31/12/2026")->iso() == "2026-12-31");
    CHECK(Fecha::parse(" 1/2/2026 ")->iso() == "2026-02-01");
    CHECK(Fecha::parse("31-12-2026")->iso() == "2026-12-31");
    CHECK(Fecha::parse("2026-12-31")->typed() == "31/12/2026");
}

TEST_CASE("a day that no calendar has is refused") {
    for (const char* text : {"31/02/2026", "29/02/2027", "2026-13-01", "00/01/2026", "12/2026", "", "hoy",
                             "1/1/26", "2026/1", "31/12/2026x", "99999-01-01", "+1/01/2026"}) {
        CAPTURE(text);
        CHECK_FALSE(Fecha::parse(text));
    }
    CHECK(Fecha::parse("29/02/2028"));
}

TEST_CASE("days are counted through months, years and leap days") {
    CHECK(day("2026-12-31").plus(1).iso() == "2027-01-01");
    CHECK(day("2028-02-28").plus(1).iso() == "2028-02-29");
    CHECK(day("2026-11-23").plus(29).iso() == "2026-12-22");
    CHECK(day("2026-03-01").plus(-1).iso() == "2026-02-28");
}

TEST_CASE("an hour is read with two digits of minutes") {
    CHECK(Hora::parse("9:05")->text() == "09:05");
    CHECK(Hora::parse("23:59")->text() == "23:59");
    for (const char* text : {"24:00", "9", "9:5", "09:60", "nueve", ""}) CHECK_FALSE(Hora::parse(text));
}

// Expected instants: `TZ=Europe/Madrid date -d '2026-11-23 00:00' +%s` of coreutils.
TEST_CASE("a day begins at midnight of the municipality's zone") {
    CHECK(madrid().start_of(day("2026-11-23")) == 1795388400);
    CHECK(canary().start_of(day("2026-11-23")) == 1795388400 + 3600);
    CHECK(madrid().start_of(day("2026-07-01")) == 1782856800);
}

TEST_CASE("the days on which clocks change have 23 and 25 hours") {
    const auto hours = [](const Zona& zona, const char* iso) {
        return (zona.start_of(day(iso).plus(1)) - zona.start_of(day(iso))) / 3600;
    };
    CHECK(hours(madrid(), "2026-03-29") == 23);
    CHECK(hours(madrid(), "2026-10-25") == 25);
    CHECK(hours(canary(), "2026-03-29") == 23);
    CHECK(hours(canary(), "2026-10-25") == 25);
    CHECK(hours(madrid(), "2026-10-26") == 24);
}

TEST_CASE("an hour that summer time skips is moved forward, a repeated one is the first") {
    CHECK(madrid().rfc3339(madrid().at(day("2026-03-29"), {2, 30})) == "2026-03-29T03:00:00+02:00");
    CHECK(madrid().rfc3339(madrid().at(day("2026-10-25"), {2, 30})) == "2026-10-25T02:30:00+02:00");
}

TEST_CASE("instants are shown with the zone's offset of that moment") {
    CHECK(madrid().rfc3339(1795388400) == "2026-11-23T00:00:00+01:00");
    CHECK(canary().rfc3339(1795388400) == "2026-11-22T23:00:00Z");
    CHECK(madrid().rfc3339(1782856800) == "2026-07-01T00:00:00+02:00");
    CHECK(canary().day_of(1795388400).iso() == "2026-11-22");
    CHECK(madrid().time_of(1795388400 + 34920).text() == "09:42");
}

TEST_CASE("an unknown zone is refused") { CHECK_THROWS_AS(Zona("Europa/Madrid"), concejo::Error); }
