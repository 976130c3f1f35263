#include "vistas.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace sede;

namespace {

Filtro filter(Ambito ambito, std::map<std::string, std::string, std::less<>> given) {
    return read_filter(
        ambito,
        [given](std::string_view name) -> std::optional<std::string> {
            const auto found = given.find(name);
            return found == given.end() ? std::nullopt : std::optional(found->second);
        },
        20);
}

}  // namespace

TEST_CASE("every value of a filter becomes a parameter, never SQL") {
    const auto query = page_query(filter(Ambito::vigente, {{"tipo", "x' OR '1'='1"},
                                                           {"organo", "Alcaldía"},
                                                           {"desde", "01/12/2026"},
                                                           {"hasta", "2026-12-31"},
                                                           {"q", "presupuesto; DROP TABLE"}}));
    CHECK(query.parametros == std::vector<std::string>{"x' OR '1'='1", "Alcaldía", "2026-12-01", "2026-12-31",
                                                       "presupuesto; DROP TABLE"});
    CHECK(query.where.find("DROP") == std::string::npos);
    CHECK(query.where.find("tipo = $1") != std::string::npos);
    CHECK(query.where.find("organo = $2") != std::string::npos);
    CHECK(query.where.find("hasta >= $3::date") != std::string::npos);
    CHECK(query.where.find("desde <= $4::date") != std::string::npos);
    CHECK(query.where.find("ext.search_query('es', $5)") != std::string::npos);
}

TEST_CASE("a number among the words also finds the announcement of that number") {
    const auto query = count_query(filter(Ambito::publico, {{"q", "2026/43"}}));
    CHECK(query.parametros == std::vector<std::string>{"2026/43", "2026", "43"});
    CHECK(query.texto == 1);
}

TEST_CASE("conditions with OR stay together when filters are added") {
    const auto query = count_query(filter(Ambito::archivo, {{"tipo", "bando"}}));
    CHECK(query.where.front() == '(');
    CHECK(query.where.find(") AND tipo = $1") != std::string::npos);
}

TEST_CASE("staff lists know no cursor of strangers and no unknown state") {
    CHECK(page_query(filter(Ambito::gestion, {{"estado", "inventado"}})).where == "false");
    CHECK(page_query(filter(Ambito::gestion, {})).where == "true");
    CHECK(page_query(filter(Ambito::vigente, {{"estado", "borrador"}})).where.find("borrador") ==
          std::string::npos);
}

TEST_CASE("pages go on by key, forwards and backwards") {
    const auto forward = page_query(filter(Ambito::vigente, {{"despues", "1795388400000000_43"}}));
    CHECK(forward.where.find("(visible_desde, serie) <") != std::string::npos);
    CHECK(forward.parametros == std::vector<std::string>{"1795388400000000", "43"});
    CHECK(forward.order == "ORDER BY visible_desde DESC, serie DESC LIMIT 21");
    const auto backward = page_query(filter(Ambito::gestion, {{"antes", "1795388400000000_43"}}));
    CHECK(backward.where.find("(modificado_en, serie) >") != std::string::npos);
    CHECK(backward.order == "ORDER BY modificado_en ASC, serie ASC LIMIT 21");
    CHECK(backward.reversed);
}

TEST_CASE("a cursor is two numbers or nothing") {
    CHECK(Cursor::parse("1795388400000000_43")->text() == "1795388400000000_43");
    for (const char* text : {"", "1", "1_", "_1", "1_2x", "1 2", "x_1", "99999999999999999999_1"})
        CHECK_FALSE(Cursor::parse(text));
}

TEST_CASE("dates that cannot be read are left out of the filter") {
    const auto query = page_query(filter(Ambito::vigente, {{"desde", "mañana"}, {"hasta", "31/02/2026"}}));
    CHECK(query.parametros.empty());
}

TEST_CASE("the address of a filter keeps the rest and escapes its values") {
    auto filtro = filter(Ambito::vigente, {{"q", "a&b ñ"}, {"tipo", "edicto"}});
    CHECK(query_text(filtro) == "?q=a%26b%20%C3%B1&tipo=edicto");
    CHECK(query_text(filtro, {{"tipo", ""}}) == "?q=a%26b%20%C3%B1");
    CHECK(query_text(filtro, {{"despues", "1_2"}}) == "?q=a%26b%20%C3%B1&tipo=edicto&despues=1_2");
    CHECK(query_text(filter(Ambito::vigente, {})).empty());
}
