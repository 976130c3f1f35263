#include "calendario.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace calendar {

TEST_CASE("Easter, from published tables") {
    CHECK(iso(easter(2024)) == "2024-03-31");
    CHECK(iso(easter(2025)) == "2025-04-20");
    CHECK(iso(easter(2026)) == "2026-04-05");
    CHECK(iso(easter(2027)) == "2027-03-28");
    CHECK(iso(easter(2038)) == "2038-04-25");
    CHECK(iso(easter(2008)) == "2008-03-23");
}

// Estatuto de los Trabajadores, art. 37.2: fourteen at most, two of them local. Catalonia and the Valencian Community add one in 2025 that is
// recovered; the Canary Islands leave one to each island.
TEST_CASE("each shipped list adds up to what the law allows") {
    const auto& shipped = Festivos::shipped();
    int lists = 0;
    for (const int year : shipped.years()) {
        for (const auto& comunidad : comunidades()) {
            const std::string code = comunidad.codigo;
            if (!shipped.covers(code, year)) continue;
            ++lists;
            auto all = national_holidays(year);
            const auto regional = shipped.of(code, year);
            all.insert(all.end(), regional.begin(), regional.end());
            const auto weekdays =
                std::count_if(all.begin(), all.end(), [](const Festivo& one) { return !is_sunday(one.dia); });
            INFO(code << " " << year);
            CHECK(weekdays == (code == "CN" ? 11 : year == 2025 && (code == "CT" || code == "VC") ? 13 : 12));
        }
    }
    CHECK(lists == 15 + 16 + 15);
    CHECK_FALSE(shipped.covers("AS", 2027));
    CHECK_FALSE(shipped.covers("NC", 2026));
}

TEST_CASE("every shipped name is one that is translated") {
    const auto& known = known_names();
    for (const auto& name : Festivos::shipped().names()) {
        INFO(name);
        CHECK(std::any_of(known.begin(), known.end(), [&](const char* one) { return name == one; }));
    }
}

TEST_CASE("a table that cannot be read names its line") {
    const auto line = [](std::string_view csv) {
        const auto read = Festivos::parse(csv);
        return read ? 0 : read.error().linea;
    };
    CHECK(line("# nada\n\n") == 0);
    CHECK(line("resolucion;2030;X;Y\ncubre;2030;MD\n2030-01-06;*;Reyes\n") == 0);
    CHECK(line("cubre;2030;MD\n") == 1);
    CHECK(line("resolucion;2030;X;Y\ncubre;2030;ZZ\n") == 2);
    CHECK(line("resolucion;2030;X;Y\ncubre;2030;MD\n2030-02-30;*;No existe\n") == 3);
    CHECK(line("resolucion;2030;X;Y\ncubre;2030;MD\n2031-01-06;*;Otro año\n") == 3);
    CHECK(line("resolucion;2030;X;Y\ncubre;2030;MD\n2030-01-06;GA;No cubierta\n") == 3);
}

TEST_CASE("a day of an unknown year: weekends and national days are certain, nothing else is") {
    const Calendario madrid("MD", {});
    CHECK(madrid.at(*parse_dia("2028-05-01")).clase == Clase::festivo);
    CHECK(madrid.at(*parse_dia("2028-01-08")).clase == Clase::sabado);
    CHECK(madrid.at(*parse_dia("2028-01-04")).faltan == std::set<Capa>{Capa::autonomico, Capa::local});
    CHECK(madrid.at(*parse_dia("2026-01-08")).faltan == std::set<Capa>{Capa::local});
}

TEST_CASE("a municipality's own regional list stands in place of the shipped one") {
    Propio own;
    own.locales = own.autonomicos = true;
    own.festivos.push_back({*parse_dia("2026-03-19"), "San José", false, Capa::autonomico, "BOCM"});
    const Calendario madrid("MD", {{2026, own}});
    CHECK(madrid.at(*parse_dia("2026-03-19")).clase == Clase::festivo);
    CHECK(madrid.at(*parse_dia("2026-11-02")).habil());
}

}  // namespace calendar
