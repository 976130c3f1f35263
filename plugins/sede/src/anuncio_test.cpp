#include "builders_test.hpp"

#include <catch2/catch.hpp>

using namespace sede;
using namespace sede::test;

namespace {

std::vector<std::string> fields(const std::vector<Aviso>& avisos) {
    std::vector<std::string> names;
    for (const auto& aviso : avisos) names.push_back(aviso.campo);
    return names;
}

}  // namespace

TEST_CASE("an exposure lasts from the first midnight to the end of the last day") {
    const Anuncio anuncio = an_anuncio().published("2026-11-23", "2026-12-22", madrid());
    const Instante begins = madrid().start_of(day("2026-11-23")), ends = madrid().start_of(day("2026-12-23"));
    CHECK(anuncio.situacion(begins - 1) == Situacion::programado);
    CHECK(anuncio.situacion(begins) == Situacion::expuesto);
    CHECK(anuncio.situacion(ends - 1) == Situacion::expuesto);
    CHECK(anuncio.situacion(ends) == Situacion::archivado);
}

TEST_CASE("an exposure of one day lasts that day") {
    const auto window = ventana(contenido("2026-10-25", "2026-10-25"), madrid());
    CHECK(window.hasta - window.desde == 25 * 3600);  // the day on which clocks go back
}

TEST_CASE("the same days begin an hour later in the Canary Islands") {
    const auto peninsula = ventana(contenido("2026-11-23", "2026-12-22"), madrid()),
               islands = ventana(contenido("2026-11-23", "2026-12-22"), canary());
    CHECK(islands.desde - peninsula.desde == 3600);
    CHECK(islands.hasta - peninsula.hasta == 3600);
}

TEST_CASE("a scheduled instant delays the beginning and never brings it forward") {
    auto c = contenido("2026-11-23", "2026-12-22");
    c.publicar_en = madrid().at(day("2026-11-24"), {9, 0});
    CHECK(ventana(c, madrid()).desde == *c.publicar_en);
    c.publicar_en = madrid().at(day("2026-11-20"), {9, 0});
    CHECK(ventana(c, madrid()).desde == madrid().start_of(day("2026-11-23")));
}

TEST_CASE("only drafts change; what is published is withdrawn or corrected") {
    for (const auto accion : {Accion::editar, Accion::publicar, Accion::descartar}) {
        CHECK(allows(Situacion::borrador, accion));
        for (const auto situacion :
             {Situacion::programado, Situacion::expuesto, Situacion::archivado, Situacion::retirado})
            CHECK_FALSE(allows(situacion, accion));
    }
    for (const auto situacion : {Situacion::programado, Situacion::expuesto, Situacion::archivado}) {
        CHECK(allows(situacion, Accion::retirar));
        CHECK(allows(situacion, Accion::corregir));
    }
    CHECK_FALSE(allows(Situacion::borrador, Accion::retirar));
    CHECK_FALSE(allows(Situacion::borrador, Accion::corregir));
}

TEST_CASE("what is withdrawn stays withdrawn and can still be corrected") {
    CHECK_FALSE(allows(Situacion::retirado, Accion::retirar));
    CHECK(allows(Situacion::retirado, Accion::corregir));
}

TEST_CASE("citizens see an announcement from its first instant on, for ever") {
    const Anuncio anuncio = an_anuncio().published("2026-11-23", "2026-12-22", madrid());
    CHECK_FALSE(anuncio.is_public(anuncio.visible->desde - 1));
    CHECK(anuncio.is_public(anuncio.visible->desde));
    CHECK(anuncio.is_public(anuncio.visible->hasta + 10LL * 365 * 86400));
    CHECK_FALSE(Anuncio(an_anuncio()).is_public(4102444800));
}

TEST_CASE("a withdrawn announcement keeps its page but offers no files") {
    const Anuncio shown = an_anuncio().published("2026-11-23", "2026-12-22", madrid());
    const Anuncio anuncio =
        an_anuncio().published("2026-11-23", "2026-12-22", madrid()).withdrawn(shown.visible->desde + 3600);
    CHECK(shown.offers_files(shown.visible->desde + 7200));
    CHECK(anuncio.situacion(shown.visible->desde + 7200) == Situacion::retirado);
    CHECK(anuncio.is_public(shown.visible->desde + 7200));
    CHECK_FALSE(anuncio.offers_files(shown.visible->desde + 7200));
}

TEST_CASE("what is withdrawn before its exposure began was never public") {
    const Anuncio shown = an_anuncio().published("2026-11-23", "2026-12-22", madrid());
    const Anuncio anuncio =
        an_anuncio().published("2026-11-23", "2026-12-22", madrid()).withdrawn(shown.visible->desde - 60);
    CHECK_FALSE(anuncio.is_public(shown.visible->hasta));
}

TEST_CASE("files stay on offer in the archive") {
    const Anuncio anuncio = an_anuncio().published("2026-11-23", "2026-12-22", madrid());
    CHECK(anuncio.offers_files(anuncio.visible->hasta + 1));
}

TEST_CASE("everything that is missing for publication is told at once") {
    Contenido empty = contenido("2026-12-22", "2026-11-23");
    empty.titulo = empty.tipo = empty.organo = "";
    empty.archivos.clear();
    CHECK(fields(why_not_publishable(empty, {day("2026-11-01")})) ==
          std::vector<std::string>{"titulo", "tipo", "organo", "hasta", "documento"});
    CHECK(why_not_publishable(contenido("2026-11-23", "2026-12-22"), {day("2026-11-23")}).empty());
}

TEST_CASE("an exposure begins today at the earliest, except for imports") {
    const auto c = contenido("2026-11-22", "2026-11-22");
    CHECK(fields(why_not_publishable(c, {day("2026-11-23")})) == std::vector<std::string>{"desde", "hasta"});
    CHECK(why_not_publishable(c, {day("2026-11-23"), true}).empty());
}

TEST_CASE("the announcement itself is a PDF") {
    auto c = contenido("2026-11-23", "2026-12-22");
    c.archivos.front().tipo_medio = "text/csv";
    CHECK(fields(why_not_publishable(c, {day("2026-11-23")})) == std::vector<std::string>{"documento"});
}

TEST_CASE("states have names of one word that are read back") {
    for (const auto estado : {Estado::borrador, Estado::publicado, Estado::retirado})
        CHECK(parse_estado(name(estado)) == estado);
    CHECK_FALSE(parse_estado("expuesto"));
    CHECK(std::string(name(Situacion::expuesto)) == "expuesto");
}
