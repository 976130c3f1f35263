// What people type and send: read, or told what is wrong with it; and nothing that anybody sends breaks a reader.
#include "../tests/answer.hpp"
#include "ics.hpp"
#include "mensaje.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

namespace calendar {
namespace {

using concejo::Json;

std::vector<std::string> wrong(const char* json) {
    const auto read = read_peticion(Json::parse(json));
    std::vector<std::string> fields;
    if (!read) {
        for (const auto& aviso : read.error()) fields.push_back(aviso.campo);
    }
    return fields;
}

using Fields = std::vector<std::string>;

std::string noise(std::mt19937& random, std::string_view alphabet, std::size_t most) {
    std::string text(random() % (most + 1), ' ');
    for (char& c : text)
        c = random() % 8 == 0 ? static_cast<char>(random()) : alphabet[random() % alphabet.size()];
    return text;
}

}  // namespace

TEST_CASE("days as people write them") {
    CHECK(iso(*parse_dia(" 5/1/2026")) == "2026-01-05");
    CHECK(iso(*parse_dia("05-01-2026")) == "2026-01-05");
    for (const char* text : {"", "2026-02-30", "2026-13-01", "31/04/2026", "1999-12-31", "2200-01-01",
                             "26-01-05", "2026-1-", "2026/01", "aaaa-bb-cc", "2026-01-05-06", "+026-01-05"}) {
        INFO(text);
        CHECK_FALSE(parse_dia(text));
    }
}

TEST_CASE("terms as people write them") {
    CHECK(Plazo::parse("10 días")->text() == "10 habiles");
    CHECK(Plazo::parse(" 15 días naturales ")->text() == "15 naturales");
    CHECK(Plazo::parse("1 mes")->text() == "1 meses");
    CHECK(Plazo::parse("2 años")->unidad() == Unidad::anos);
    for (const char* text : {"", "10", "días", "0 días", "-1 meses", "2001 habiles", "241 meses", "21 años",
                             "1.5 meses", "10  dias", "99999999 horas"}) {
        INFO(text);
        CHECK_FALSE(Plazo::parse(text));
    }
}

TEST_CASE("everything that is wrong is told at once") {
    CHECK(wrong(R"({"desde":"2026-01-31","plazo":"1 meses"})").empty());
    CHECK(wrong("{}") == Fields{"desde", "cantidad"});
    CHECK(
        wrong(
            R"({"desde":"31/02/2026","cantidad":"diez","unidad":"lunas","hora":"25:00","origen":"x","objeto":"y"})") ==
        Fields{"desde", "cantidad", "hora", "origen", "objeto"});
    CHECK(wrong(R"({"desde":"2026-01-31","plazo":"24 horas"})") == Fields{"hora"});
    CHECK(
        wrong(
            R"({"desde":"2026-01-31","plazo":"1 meses","suspensiones":[{"desde":"x","hasta":"y","causa":"22.9"}],"ampliaciones":[{"cantidad":0,"acordada":"z","articulo":"31"}]})") ==
        Fields{"suspension_desde", "suspension_hasta", "causa", "ampliacion_cantidad", "ampliacion_acordada",
               "ampliacion_articulo"});
    CHECK(wrong(R"({"desde":"2026-01-31","plazo":"1 meses","suspensiones":{}})") ==
          Fields{"suspension_desde"});
}

TEST_CASE("a municipality's list with something wrong makes its year unknown, and says what") {
    const auto read = read_propios(Json::parse(
        R"({"calendarios":[{"ejercicio":2026,"locales":[{"fecha":"2025-05-15","nombre":"San Isidro"}]},{"ejercicio":2027,"locales":[{"fecha":"2027-05-15","nombre":"a"},
        {"fecha":"2027-05-16","nombre":"b"},{"fecha":"2027-05-17","nombre":"c"}]},{"ejercicio":2028,"locales":[]},{"ejercicio":2028,"locales":[]}]})"));
    REQUIRE(read.problemas.size() == 3);
    CHECK(read.problemas[0].first == 2026);
    CHECK(read.problemas[1].first == 2027);
    CHECK(read.problemas[2].first == 2028);
    for (const int year : {2026, 2027, 2028}) CHECK_FALSE(read.years.at(year).locales);
}

TEST_CASE("forms and command lines send flat names") {
    const auto message = message_of([](std::string_view name) -> std::optional<std::string> {
        if (name == "desde") return "2026-01-31";
        if (name == "cantidad") return "1";
        if (name == "unidad" || name == "ampliacion_unidad") return "meses";
        if (name == "residencia_comunidad") return "GA";
        if (name == "residencia_locales") return "12/08/2026, 08/09/2026";
        return std::nullopt;
    });
    CHECK(
        message.dump() ==
        R"({"desde":"2026-01-31","cantidad":"1","unidad":"meses","residencia":{"comunidad":"GA","locales":["12/08/2026","08/09/2026"]}})");
}

TEST_CASE("iCalendar: lines end in CRLF, none is longer than 75 octets, characters stay whole") {
    const std::string name =
        "Día de la Constitución; con coma, barra \\ y una línea\nmás larga que cualquiera de las que caben en setenta y cinco octetos";
    const auto text = ics("Calendario", "", "es", "20261126T000000Z",
                          {{*parse_dia("2026-12-31"), "a@b", name, "", "fiesta nacional"}});
    std::size_t at = 0;
    std::string unfolded;
    for (std::size_t end; (end = text.find("\r\n", at)) != std::string::npos; at = end + 2) {
        const auto line = text.substr(at, end - at);
        CHECK(line.size() <= 75);
        CHECK(line.find('\n') == std::string::npos);
        CHECK((static_cast<unsigned char>(line[0]) & 0xC0) != 0x80);
        unfolded += line[0] == ' ' ? line.substr(1) : "\n" + line;
    }
    CHECK(at == text.size());
    CHECK(
        unfolded.find(
            "SUMMARY;LANGUAGE=es:Día de la Constitución\\; con coma\\, barra \\\\ y una línea\\nmás larga") !=
        std::string::npos);
    CHECK(unfolded.find("DTSTART;VALUE=DATE:20261231\nDTEND;VALUE=DATE:20270101") != std::string::npos);
}

TEST_CASE("whatever is sent, readers answer: 60,000 texts") {
    std::mt19937 random(39);
    for (int i = 0; i < 50'000; ++i) {
        const auto text = noise(random, "0123456789-/: TZhabilesmñ;", 24);
        if (const auto day = parse_dia(text)) CHECK(parse_dia(iso(*day)) == day);
        if (const auto hour = Hora::parse(text)) CHECK(Hora::parse(hour->text()) == hour);
        if (const auto term = Plazo::parse(text)) CHECK(Plazo::parse(term->text()) == term);
    }
    const std::string_view words = "resolucion;cubre;2026-01-06;*;MD AN\n#\r";
    for (int i = 0; i < 5'000; ++i)
        (void)Festivos::parse("resolucion;2026;A;B\ncubre;2026;MD\n" + noise(random, words, 80));
    for (int i = 0; i < 5'000; ++i) {
        Json message = Json::object();
        for (const char* name : {"desde", "hora", "plazo", "cantidad", "unidad", "origen", "objeto",
                                 "urgencia", "suspensiones", "ampliaciones"}) {
            switch (random() % 6) {
                case 0:
                    message[name] = static_cast<std::int64_t>(random()) - (1LL << 31);
                    break;
                case 1:
                    message[name] = Json::array({Json::object({{"desde", "2026-02-02"},
                                                               {"cantidad", 3},
                                                               {"acordada", noise(random, "2026-01", 12)}}),
                                                 Json()});
                    break;
                case 2:
                    message[name] = noise(random, "2026-01-31 meses habiles", 14);
                    break;
                case 3:
                    message[name] = random() % 2 == 0;
                    break;
                default:
                    break;
            }
        }
        (void)read_peticion(message);
        (void)read_residencia(message);
        (void)read_propios(Json::object({{"calendarios", Json::array({message})}}));
    }
    SUCCEED();
}

}  // namespace calendar
